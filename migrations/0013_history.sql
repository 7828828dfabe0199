-- What another system kept in its logs, as it stood there. Nothing proves it: it is no part of the
-- audit chain.
CREATE TABLE imported_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    imported_from TEXT NOT NULL,
    log TEXT NOT NULL CHECK (log IN ('audit', 'purges', 'email')),
    -- Its number there: what came once does not come again.
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT,
    action TEXT NOT NULL,
    user TEXT,
    batch TEXT,
    details TEXT NOT NULL,
    UNIQUE (imported_from, log, number)
) STRICT;
CREATE INDEX imported_history_by_time ON imported_history (log, at);

-- How many codes of a batch were used elsewhere before it was taken over.
ALTER TABLE imported ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
