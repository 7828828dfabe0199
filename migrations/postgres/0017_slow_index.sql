-- By state, as it is asked: without it, SQLite looked through all batches that are open.
DROP INDEX batches_slow;

CREATE INDEX batches_slow ON batches (state, slow, expires_at)
    WHERE slow IS NOT NULL AND issued > used + invalidated + deleted;
