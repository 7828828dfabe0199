-- When the logs were last pruned by themselves.
ALTER TABLE store ADD COLUMN auto_pruned_at INTEGER;

-- Named, recurring purges and prunings.
CREATE TABLE schedules (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT NOT NULL UNIQUE,
    run            TEXT NOT NULL CHECK (run IN ('purge', 'prune')),
    every          TEXT NOT NULL CHECK (every IN ('once', 'hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
    -- The first run by the calendar of its zone; all others are counted from it.
    start          TEXT NOT NULL,
    -- The next run; none when there is none left.
    next_at        INTEGER,
    retention_days INTEGER,
    keep_empty     INTEGER NOT NULL CHECK (keep_empty IN (0, 1)),
    log            INTEGER NOT NULL CHECK (log IN (0, 1)),
    state          TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
    created_at     INTEGER NOT NULL,
    last_run_at    INTEGER,
    last_status    TEXT CHECK (last_status IN ('done', 'failed')),
    last_error     TEXT,
    last_deleted   INTEGER,
    total_deleted  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX schedules_due ON schedules (next_at) WHERE state = 'enabled' AND next_at IS NOT NULL;

ALTER TABLE tasks ADD COLUMN schedule_id INTEGER REFERENCES schedules (id) ON DELETE SET NULL;

-- Every run of a purge. Its numbers grow with each chunk, so that an interrupted run is told too.
CREATE TABLE purges (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    at             INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    schedule       TEXT,
    retention_days INTEGER NOT NULL,
    codes          INTEGER NOT NULL DEFAULT 0,
    batches        INTEGER NOT NULL DEFAULT 0,
    -- None while it runs, and for ever if it was killed.
    finished_at    INTEGER
) STRICT;

CREATE INDEX purges_by_time ON purges (at);

-- How many codes of which batch a run took.
CREATE TABLE purged_batches (
    purge_id INTEGER NOT NULL REFERENCES purges (id) ON DELETE CASCADE,
    batch_id INTEGER NOT NULL,
    codes    INTEGER NOT NULL,
    PRIMARY KEY (purge_id, batch_id)
) STRICT, WITHOUT ROWID;
