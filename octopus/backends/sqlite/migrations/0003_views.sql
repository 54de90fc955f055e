-- Views: which rows of the outbox show to-dos, so that their messages change when those do.
CREATE TABLE views (
    outbox       INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    conversation TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    at           TEXT    NOT NULL
);
CREATE INDEX views_conversation ON views (conversation, outbox);
CREATE INDEX views_at ON views (at);
CREATE INDEX outbox_target ON outbox (conversation, target) WHERE act = 'edit';
