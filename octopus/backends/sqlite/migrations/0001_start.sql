-- Jobs: every accepted message, written before it is confirmed to anybody.
CREATE TABLE jobs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    key          TEXT    NOT NULL UNIQUE,
    conversation TEXT    NOT NULL,
    message_id   TEXT    NOT NULL,
    album        TEXT    NOT NULL,
    message      TEXT    NOT NULL,
    received_at  TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    priority     INTEGER NOT NULL,
    attempt      INTEGER NOT NULL DEFAULT 0,
    run_after    TEXT,
    boot         TEXT    NOT NULL DEFAULT '',
    intent       TEXT    NOT NULL DEFAULT '',
    error        TEXT    NOT NULL DEFAULT '',
    reply        TEXT,
    settled_at   TEXT
);
CREATE INDEX jobs_open ON jobs (id) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_message ON jobs (conversation, message_id);
CREATE INDEX jobs_album ON jobs (conversation, album) WHERE album <> '';

-- Outbox: what has to be shown, in order; written together with the outcome of the job.
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    job          INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    conversation TEXT    NOT NULL,
    act          TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    reply        TEXT    NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'pending',
    attempt      INTEGER NOT NULL DEFAULT 0,
    parts        TEXT    NOT NULL DEFAULT '[]',
    not_before   TEXT,
    error        TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_job ON outbox (job);

-- Which of our replies stands behind a message id of the other side.
CREATE TABLE shown (
    conversation TEXT    NOT NULL,
    message_id   TEXT    NOT NULL,
    outbox       INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation, message_id, outbox)
) WITHOUT ROWID;
CREATE INDEX shown_outbox ON shown (outbox);

-- Buttons: what a press means; the other side only ever sees the id.
CREATE TABLE buttons (
    id           TEXT    PRIMARY KEY,
    job          INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    label        TEXT    NOT NULL,
    intent       TEXT    NOT NULL,
    args         TEXT    NOT NULL,
    expires_at   TEXT,
    used_by      INTEGER
) WITHOUT ROWID;
CREATE INDEX buttons_job ON buttons (job);

-- Effects: every write to the vault, recorded before it is made.
CREATE TABLE effects (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    job          INTEGER NOT NULL,
    step         INTEGER NOT NULL,
    conversation TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    path         TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    before       TEXT,
    after        TEXT,
    mark         TEXT    NOT NULL,
    undoes       INTEGER NOT NULL,
    at           TEXT    NOT NULL,
    UNIQUE (job, step)
);
CREATE INDEX effects_undoable ON effects (conversation, id) WHERE state = 'done';

-- Images: the bytes around an effect, kept for taking it back.
CREATE TABLE images (
    effect       INTEGER PRIMARY KEY REFERENCES effects (id) ON DELETE CASCADE,
    before       BLOB,
    after        BLOB
);

CREATE TABLE turns (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT    NOT NULL,
    job          INTEGER NOT NULL,
    role         TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    at           TEXT    NOT NULL
);
CREATE INDEX turns_conversation ON turns (conversation, id);
CREATE INDEX turns_job ON turns (job);

CREATE TABLE events (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at           TEXT    NOT NULL,
    type         TEXT    NOT NULL,
    data         TEXT    NOT NULL
);

CREATE TABLE meta (
    key          TEXT    PRIMARY KEY,
    value        TEXT    NOT NULL
) WITHOUT ROWID;
