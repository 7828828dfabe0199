-- From where an attempt came, why it was made, and how many like it one row stands for: what
-- strangers try is kept one by one only so often in an hour.
ALTER TABLE attempts ADD COLUMN source TEXT;
ALTER TABLE attempts ADD COLUMN reason TEXT;
ALTER TABLE attempts ADD COLUMN times INTEGER NOT NULL DEFAULT 1 CHECK (times > 0);

-- Attempts that were not checked, or at names nobody has: how many of one outcome were seen in the
-- present hour, and which row stands for those that are not kept one by one.
CREATE TABLE strangers (
    outcome    TEXT PRIMARY KEY,
    hour       INTEGER NOT NULL,
    seen       INTEGER NOT NULL,
    attempt_id INTEGER
) STRICT, WITHOUT ROWID;

-- Whether what a letter says is bound to its kind and to whom it goes.
ALTER TABLE letters ADD COLUMN is_bound INTEGER NOT NULL DEFAULT 0 CHECK (is_bound IN (0, 1));

-- The source whose attempts at a user a limiter counts, as it is counted.
ALTER TABLE limiters ADD COLUMN source TEXT;

CREATE INDEX limiters_unknown ON limiters (last_attempt) WHERE user_id IS NULL;
