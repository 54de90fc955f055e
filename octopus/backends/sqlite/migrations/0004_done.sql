-- What a job did in the end, intent and arguments: a correction starts from there.
ALTER TABLE jobs ADD COLUMN plan TEXT NOT NULL DEFAULT '{}';
