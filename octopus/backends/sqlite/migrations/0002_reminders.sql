-- Reminders: what the owner wants to be told, and when. This table is the truth, but for alarms
-- that stand in notes, which are copied from there.
CREATE TABLE reminders (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    job          INTEGER NOT NULL,
    step         INTEGER NOT NULL,
    conversation TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    local        TEXT    NOT NULL,
    zone         TEXT    NOT NULL,
    at           TEXT    NOT NULL,
    repeat       TEXT,
    nag          INTEGER NOT NULL,
    path         TEXT,
    todo         TEXT    NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'armed',
    UNIQUE (job, step)
);
CREATE INDEX reminders_due ON reminders (at) WHERE state = 'armed';
