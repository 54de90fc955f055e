-- Images are kept small; those of before this step stay as they are.
ALTER TABLE images ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX effects_at ON effects (at);
CREATE INDEX effects_intended ON effects (path) WHERE state = 'intended';
