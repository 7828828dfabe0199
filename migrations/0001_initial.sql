-- Times are milliseconds since 1970-01-01T00:00:00Z. States are words.

-- One row: what is true of the store as a whole.
CREATE TABLE store (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    created_at INTEGER NOT NULL,
    -- Grows when a backup is restored; codes of an earlier epoch do not work any more.
    epoch      INTEGER NOT NULL DEFAULT 1
) STRICT;

-- The keys this store was ever used with. An id is a digest of its key, so a wrong key is recognised.
CREATE TABLE keys (
    id         TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL UNIQUE,
    email        TEXT,
    email_folded TEXT UNIQUE,
    state        TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    CHECK ((email IS NULL) = (email_folded IS NULL))
) STRICT;

CREATE TABLE batches (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The public id: 16 hexadecimal digits.
    name         TEXT NOT NULL UNIQUE,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- 1, 2, 3 ... among the user's batches, without a gap.
    ordinal      INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('pending', 'active', 'superseded', 'deleted', 'purged')),
    alphabet     TEXT NOT NULL CHECK (alphabet IN ('full', 'typeable')),
    epoch        INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    expires_at   INTEGER,
    confirmed_at INTEGER,
    -- When it was superseded or deleted, and by whom.
    ended_at     INTEGER,
    ended_by     TEXT,
    -- Counts are history: they stay when rows go.
    issued       INTEGER NOT NULL CHECK (issued > 0),
    used         INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0),
    invalidated  INTEGER NOT NULL DEFAULT 0 CHECK (invalidated >= 0),
    deleted      INTEGER NOT NULL DEFAULT 0 CHECK (deleted >= 0),
    purged       INTEGER NOT NULL DEFAULT 0 CHECK (purged >= 0),
    -- The earliest moment at which one of its rows is dead: used, invalidated, deleted or expired.
    dead_from    INTEGER,
    CHECK (used + invalidated + deleted <= issued),
    CHECK (purged <= issued),
    UNIQUE (user_id, ordinal)
) STRICT;

CREATE UNIQUE INDEX batches_one_active ON batches (user_id) WHERE state = 'active';
CREATE UNIQUE INDEX batches_one_pending ON batches (user_id) WHERE state = 'pending';
CREATE INDEX batches_dead ON batches (dead_from) WHERE dead_from IS NOT NULL;

-- Clustered by batch, so that a look-up reads the few rows of a user's batches and a purge
-- removes neighbours.
CREATE TABLE codes (
    batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    hint     TEXT NOT NULL,
    -- A PHC string of the secret part.
    hash     TEXT NOT NULL,
    key_id   TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('active', 'used', 'invalidated', 'deleted')),
    -- When it was used, invalidated or deleted.
    ended_at INTEGER,
    CHECK ((state = 'active') = (ended_at IS NULL)),
    PRIMARY KEY (batch_id, position)
) STRICT, WITHOUT ROWID;

-- The subject is a user's number or a keyed digest of a name nobody has, so that guessing at
-- either is slowed down alike.
CREATE TABLE limiters (
    subject       TEXT NOT NULL,
    action        TEXT NOT NULL CHECK (action IN ('verify', 'generate')),
    user_id       INTEGER REFERENCES users (id) ON DELETE CASCADE,
    failures      INTEGER NOT NULL,
    penalty       INTEGER NOT NULL,
    blocked_until INTEGER,
    last_attempt  INTEGER,
    locked_at     INTEGER,
    forgotten_at  INTEGER,
    PRIMARY KEY (subject, action)
) STRICT, WITHOUT ROWID;

CREATE INDEX limiters_by_user ON limiters (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX limiters_forgotten ON limiters (forgotten_at) WHERE forgotten_at IS NOT NULL;

-- What became of every code that was tried, with the real reason.
CREATE TABLE attempts (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('verify', 'confirm')),
    outcome TEXT NOT NULL,
    user_id INTEGER,
    user    TEXT,
    batch   TEXT,
    hint    TEXT,
    actor   TEXT NOT NULL
) STRICT;

CREATE INDEX attempts_by_user ON attempts (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX attempts_by_time ON attempts (at);

CREATE TABLE audit (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    reason  TEXT,
    action  TEXT NOT NULL,
    user_id INTEGER,
    user    TEXT,
    batch   TEXT,
    hint    TEXT,
    details TEXT,
    key_id  TEXT NOT NULL,
    mac     BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;

CREATE INDEX audit_by_user ON audit (user_id, number) WHERE user_id IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at);

-- One row: where the chain of audit entries begins and ends, under a digest of its own.
CREATE TABLE audit_head (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    pruned     INTEGER NOT NULL,
    pruned_mac BLOB NOT NULL CHECK (length(pruned_mac) = 32),
    count      INTEGER NOT NULL,
    last_mac   BLOB NOT NULL CHECK (length(last_mac) = 32),
    key_id     TEXT NOT NULL,
    mac        BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'an audit entry is never changed');
END;

-- Pruning moves the anchor in the head first; only what lies before it may go.
CREATE TRIGGER audit_is_only_pruned BEFORE DELETE ON audit
WHEN OLD.number > COALESCE((SELECT pruned FROM audit_head WHERE id = 1), 0)
BEGIN
    SELECT RAISE(ABORT, 'an audit entry is never deleted before it is pruned');
END;

CREATE TRIGGER audit_grows_by_one BEFORE INSERT ON audit
WHEN NEW.number <> COALESCE((SELECT MAX(number) FROM audit), (SELECT pruned FROM audit_head WHERE id = 1), 0) + 1
BEGIN
    SELECT RAISE(ABORT, 'audit entries are numbered without a gap');
END;

CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'the head of the audit chain is never deleted');
END;
