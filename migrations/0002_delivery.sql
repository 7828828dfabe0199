-- One export and one e-mail per batch, and one notice that few codes are left.
ALTER TABLE batches ADD COLUMN exported_at INTEGER;
ALTER TABLE batches ADD COLUMN emailed_at INTEGER;
ALTER TABLE batches ADD COLUMN low_notified_at INTEGER;

-- The short time in which the plaintext still exists: sealed here, the key elsewhere.
CREATE TABLE sessions (
    batch_id   INTEGER PRIMARY KEY REFERENCES batches (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    key_id     TEXT NOT NULL,
    sealed     BLOB NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Background work: mail that waits to be sent, and runs of schedules.
CREATE TABLE tasks (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL CHECK (kind IN ('mail', 'purge', 'prune')),
    -- What it is about in a few words; never a secret.
    subject     TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'failed', 'done')),
    created_at  INTEGER NOT NULL,
    -- Not before this moment.
    due_at      INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    -- A running task whose lease is over was left by a worker that died.
    lease_until INTEGER,
    finished_at INTEGER,
    -- Why the last try failed, or what the run did.
    outcome     TEXT,
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
) STRICT;

CREATE INDEX tasks_due ON tasks (due_at, id) WHERE state = 'queued';
CREATE INDEX tasks_leased ON tasks (lease_until) WHERE state = 'running';
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;

-- What a mail task sends. The contents are sealed, and gone as soon as the mail has left.
CREATE TABLE letters (
    task_id    INTEGER PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    -- The batch whose codes it carries; at most one letter ever does.
    batch_id   INTEGER REFERENCES batches (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    key_id     TEXT NOT NULL,
    sealed     BLOB
) STRICT;

CREATE UNIQUE INDEX letters_one_per_batch ON letters (batch_id) WHERE batch_id IS NOT NULL;

-- What became of mail: never contents or headers, never a whole address.
CREATE TABLE mail_log (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    recipient TEXT NOT NULL,
    outcome   TEXT NOT NULL
) STRICT;

CREATE INDEX mail_log_by_time ON mail_log (at);
