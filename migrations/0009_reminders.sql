-- Which runs of a purge took codes of a batch is asked for each batch that is looked at or deleted.
CREATE INDEX purged_batches_by_batch ON purged_batches (batch_id);

-- When a user was last reminded of their codes.
CREATE TABLE reminders (
    user_id     INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    reminded_at INTEGER NOT NULL
) STRICT;
