-- The sums of the counts of all batches that are neither active nor pending, so that nobody has to add
-- up history. It opens nothing, and is not sealed.
CREATE TABLE totals (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    batches     INTEGER NOT NULL,
    issued      INTEGER NOT NULL,
    used        INTEGER NOT NULL,
    invalidated INTEGER NOT NULL,
    deleted     INTEGER NOT NULL,
    purged      INTEGER NOT NULL
) STRICT;

INSERT INTO totals (id, batches, issued, used, invalidated, deleted, purged)
SELECT 1, COUNT(*), COALESCE(SUM(issued), 0), COALESCE(SUM(used), 0), COALESCE(SUM(invalidated), 0),
       COALESCE(SUM(deleted), 0), COALESCE(SUM(purged), 0)
FROM batches WHERE state NOT IN ('active', 'pending');

-- All that a look at all users reads of the batches whose codes may work, side by side: in their table
-- they stand scattered among those that are over.
CREATE INDEX batches_open ON batches (
    state, is_temporary, user_id, epoch, expires_at, confirmed_at, exported_at, emailed_at, imported_from,
    issued, used, invalidated, deleted, purged
) WHERE state IN ('active', 'pending');
