-- Reminders: what the owner wants to be told, and when. This table is the truth, but for alarms
-- that stand in notes, which are copied from there (path is set, job and step are not).
CREATE TABLE reminders (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    job          INTEGER,
    step         INTEGER,
    conversation TEXT    NOT NULL,
    user         TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    local        TEXT    NOT NULL,
    zone         TEXT    NOT NULL,
    at           TEXT    NOT NULL,
    again        TEXT,
    due          TEXT,
    repeat       TEXT,
    nag          INTEGER NOT NULL,
    path         TEXT,
    todo         TEXT    NOT NULL,
    line         INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    told         INTEGER NOT NULL,
    UNIQUE (job, step)
);
CREATE INDEX reminders_due ON reminders (due) WHERE due IS NOT NULL;
CREATE INDEX reminders_todo ON reminders (todo) WHERE path IS NOT NULL;

-- Rings: every time that a reminder was told, so that none is told twice.
CREATE TABLE rings (
    key          TEXT    PRIMARY KEY,
    reminder     INTEGER NOT NULL,
    job          INTEGER NOT NULL,
    missed       INTEGER NOT NULL,
    at           TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX rings_reminder ON rings (reminder);
