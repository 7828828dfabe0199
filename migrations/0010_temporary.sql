-- One code of the help desk beside the sheet: a batch that is active and no sheet. Of each a user
-- has at most one.
ALTER TABLE batches ADD COLUMN is_temporary INTEGER NOT NULL DEFAULT 0 CHECK (is_temporary IN (0, 1));

DROP INDEX batches_one_active;
CREATE UNIQUE INDEX batches_one_active ON batches (user_id) WHERE state = 'active' AND is_temporary = 0;
CREATE UNIQUE INDEX batches_one_temporary ON batches (user_id) WHERE state = 'active' AND is_temporary = 1;
