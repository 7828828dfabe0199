-- The tables as they are at version 15 of the store, for PostgreSQL. What each column means is said in
-- the steps for SQLite, whose numbers these go by. Texts are ordered by their bytes.

-- Whoever writes locks this table first, so writers take turns; it holds nothing.
CREATE TABLE turn ();

-- Which version of the tables this is: one row.
CREATE TABLE version (
    number BIGINT PRIMARY KEY
);

-- The last number that each table gave to a row. Unlike a sequence it is undone with the transaction,
-- so numbers have no gaps, and none is given twice.
CREATE TABLE numbers (
    of   TEXT COLLATE "C" PRIMARY KEY,
    last BIGINT NOT NULL
) WITH (fillfactor = 50);

INSERT INTO numbers (of, last) VALUES
    ('users', 0), ('batches', 0), ('attempts', 0), ('tasks', 0), ('mail_log', 0), ('schedules', 0), ('purges', 0),
    ('imported_history', 0);

CREATE FUNCTION next_number(TEXT) RETURNS BIGINT LANGUAGE SQL AS
    'UPDATE numbers SET last = last + 1 WHERE of = $1 RETURNING last';

CREATE TABLE store (
    id             BIGINT PRIMARY KEY CHECK (id = 1),
    created_at     BIGINT NOT NULL,
    epoch          BIGINT NOT NULL DEFAULT 1,
    auto_pruned_at BIGINT,
    django_key     TEXT COLLATE "C",
    moved_to       TEXT COLLATE "C"
);

CREATE TABLE keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

CREATE TABLE users (
    id           BIGINT PRIMARY KEY DEFAULT next_number('users'),
    name         TEXT COLLATE "C" NOT NULL UNIQUE,
    email        TEXT COLLATE "C",
    email_folded TEXT COLLATE "C" UNIQUE,
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    open_batches BYTEA NOT NULL DEFAULT '',
    language     TEXT COLLATE "C",
    CHECK ((email IS NULL) = (email_folded IS NULL))
) WITH (fillfactor = 80);

CREATE TABLE batches (
    id              BIGINT PRIMARY KEY DEFAULT next_number('batches'),
    name            TEXT COLLATE "C" NOT NULL UNIQUE,
    user_id         BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    ordinal         BIGINT NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'active', 'superseded', 'deleted', 'purged')),
    alphabet        TEXT COLLATE "C" NOT NULL CHECK (alphabet IN ('full', 'typeable')),
    epoch           BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by      TEXT COLLATE "C" NOT NULL,
    expires_at      BIGINT,
    confirmed_at    BIGINT,
    ended_at        BIGINT,
    ended_by        TEXT COLLATE "C",
    issued          BIGINT NOT NULL CHECK (issued > 0),
    used            BIGINT NOT NULL DEFAULT 0 CHECK (used >= 0),
    invalidated     BIGINT NOT NULL DEFAULT 0 CHECK (invalidated >= 0),
    deleted         BIGINT NOT NULL DEFAULT 0 CHECK (deleted >= 0),
    purged          BIGINT NOT NULL DEFAULT 0 CHECK (purged >= 0),
    dead_from       BIGINT,
    exported_at     BIGINT,
    emailed_at      BIGINT,
    low_notified_at BIGINT,
    imported_from   TEXT COLLATE "C",
    shown_at        BIGINT,
    export_format   TEXT COLLATE "C" CHECK (export_format IN ('txt', 'csv', 'pdf')),
    changed_at      BIGINT NOT NULL DEFAULT 0,
    code_digests    BYTEA NOT NULL DEFAULT '',
    is_bound        BIGINT NOT NULL DEFAULT 0 CHECK (is_bound IN (0, 1)),
    is_temporary    BIGINT NOT NULL DEFAULT 0 CHECK (is_temporary IN (0, 1)),
    is_weak         BIGINT NOT NULL DEFAULT 0 CHECK (is_weak IN (0, 1)),
    CHECK (used + invalidated + deleted <= issued),
    CHECK (purged <= issued),
    UNIQUE (user_id, ordinal)
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX batches_one_active ON batches (user_id) WHERE state = 'active' AND is_temporary = 0;
CREATE UNIQUE INDEX batches_one_pending ON batches (user_id) WHERE state = 'pending';
CREATE UNIQUE INDEX batches_one_temporary ON batches (user_id) WHERE state = 'active' AND is_temporary = 1;
CREATE INDEX batches_moved ON batches (state) WHERE imported_from <> 'django';
CREATE INDEX batches_weak ON batches (user_id) WHERE is_weak = 1;
CREATE INDEX batches_open ON batches (
    state, is_temporary, user_id, epoch, expires_at, confirmed_at, exported_at, emailed_at, imported_from,
    issued, used, invalidated, deleted, purged
) WHERE state IN ('active', 'pending');
CREATE INDEX batches_dead ON batches (dead_from, id) WHERE dead_from IS NOT NULL;

CREATE TABLE codes (
    batch_id BIGINT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    hint     TEXT COLLATE "C" NOT NULL,
    hash     TEXT COLLATE "C" NOT NULL,
    key_id   TEXT COLLATE "C" NOT NULL,
    state    TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'used', 'invalidated', 'deleted')),
    ended_at BIGINT,
    salt     TEXT COLLATE "C",
    CHECK ((state = 'active') = (ended_at IS NULL)),
    PRIMARY KEY (batch_id, position)
) WITH (fillfactor = 90);

CREATE TABLE totals (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    batches     BIGINT NOT NULL,
    issued      BIGINT NOT NULL,
    used        BIGINT NOT NULL,
    invalidated BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,
    purged      BIGINT NOT NULL
) WITH (fillfactor = 50);

INSERT INTO totals (id, batches, issued, used, invalidated, deleted, purged) VALUES (1, 0, 0, 0, 0, 0, 0);

CREATE TABLE limiters (
    subject       TEXT COLLATE "C" NOT NULL,
    action        TEXT COLLATE "C" NOT NULL CHECK (action IN ('verify', 'generate')),
    user_id       BIGINT REFERENCES users (id) ON DELETE CASCADE,
    failures      BIGINT NOT NULL,
    penalty       BIGINT NOT NULL,
    blocked_until BIGINT,
    last_attempt  BIGINT,
    locked_at     BIGINT,
    forgotten_at  BIGINT,
    source        TEXT COLLATE "C",
    PRIMARY KEY (subject, action)
) WITH (fillfactor = 70);

CREATE INDEX limiters_by_user ON limiters (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX limiters_forgotten ON limiters (forgotten_at) WHERE forgotten_at IS NOT NULL;
CREATE INDEX limiters_unknown ON limiters (last_attempt) WHERE user_id IS NULL;

CREATE TABLE attempts (
    id      BIGINT PRIMARY KEY DEFAULT next_number('attempts'),
    at      BIGINT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('verify', 'confirm')),
    outcome TEXT COLLATE "C" NOT NULL,
    user_id BIGINT,
    "user"  TEXT COLLATE "C",
    batch   TEXT COLLATE "C",
    hint    TEXT COLLATE "C",
    actor   TEXT COLLATE "C" NOT NULL,
    source  TEXT COLLATE "C",
    reason  TEXT COLLATE "C",
    times   BIGINT NOT NULL DEFAULT 1 CHECK (times > 0)
);

CREATE INDEX attempts_by_user ON attempts (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX attempts_by_time ON attempts (at);

CREATE TABLE strangers (
    outcome    TEXT COLLATE "C" PRIMARY KEY,
    hour       BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    attempt_id BIGINT
);

CREATE TABLE audit (
    number  BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT COLLATE "C" NOT NULL,
    reason  TEXT COLLATE "C",
    action  TEXT COLLATE "C" NOT NULL,
    user_id BIGINT,
    "user"  TEXT COLLATE "C",
    batch   TEXT COLLATE "C",
    hint    TEXT COLLATE "C",
    details TEXT COLLATE "C",
    key_id  TEXT COLLATE "C" NOT NULL,
    mac     BYTEA NOT NULL CHECK (length(mac) = 32)
);

CREATE INDEX audit_by_user ON audit (user_id, number) WHERE user_id IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at);

CREATE TABLE audit_head (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    pruned     BIGINT NOT NULL,
    pruned_mac BYTEA NOT NULL CHECK (length(pruned_mac) = 32),
    count      BIGINT NOT NULL,
    last_mac   BYTEA NOT NULL CHECK (length(last_mac) = 32),
    key_id     TEXT COLLATE "C" NOT NULL,
    mac        BYTEA NOT NULL CHECK (length(mac) = 32),
    root       BYTEA,
    height     BIGINT,
    sealed_to  BIGINT,
    world      BYTEA,
    seen_at    BIGINT
) WITH (fillfactor = 30);

CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''%'', TG_ARGV[0]; END';

-- An entry is numbered without a gap, never changed, and deleted only behind the anchor in the head.
CREATE FUNCTION audit_grows_by_one() RETURNS TRIGGER LANGUAGE plpgsql AS
    'BEGIN
         IF NEW.number <> COALESCE((SELECT MAX(number) FROM audit), (SELECT pruned FROM audit_head WHERE id = 1), 0) + 1 THEN
             RAISE EXCEPTION ''audit entries are numbered without a gap'';
         END IF;
         RETURN NEW;
     END';

CREATE FUNCTION audit_is_only_pruned() RETURNS TRIGGER LANGUAGE plpgsql AS
    'BEGIN
         IF OLD.number > COALESCE((SELECT pruned FROM audit_head WHERE id = 1), 0) THEN
             RAISE EXCEPTION ''an audit entry is never deleted before it is pruned'';
         END IF;
         RETURN OLD;
     END';

CREATE TRIGGER audit_grows_by_one BEFORE INSERT ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_grows_by_one();
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse('an audit entry is never changed');
CREATE TRIGGER audit_is_only_pruned BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_only_pruned();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION refuse('the head of the audit chain is never deleted');

CREATE TABLE tasks (
    id          BIGINT PRIMARY KEY DEFAULT next_number('tasks'),
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('mail', 'purge', 'prune')),
    subject     TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'failed', 'done')),
    created_at  BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    tries       BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    finished_at BIGINT,
    outcome     TEXT COLLATE "C",
    schedule_id BIGINT,
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
);

CREATE INDEX tasks_due ON tasks (due_at, id) WHERE state = 'queued';
CREATE INDEX tasks_leased ON tasks (lease_until) WHERE state = 'running';
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE letters (
    task_id    BIGINT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    kind       TEXT COLLATE "C" NOT NULL,
    recipient  TEXT COLLATE "C" NOT NULL,
    batch_id   BIGINT REFERENCES batches (id) ON DELETE CASCADE,
    message_id TEXT COLLATE "C" NOT NULL,
    key_id     TEXT COLLATE "C" NOT NULL,
    sealed     BYTEA,
    is_bound   BIGINT NOT NULL DEFAULT 0 CHECK (is_bound IN (0, 1))
);

CREATE UNIQUE INDEX letters_one_per_batch ON letters (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE sessions (
    batch_id   BIGINT PRIMARY KEY REFERENCES batches (id) ON DELETE CASCADE,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    key_id     TEXT COLLATE "C" NOT NULL,
    sealed     BYTEA NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE mail_log (
    id        BIGINT PRIMARY KEY DEFAULT next_number('mail_log'),
    at        BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    outcome   TEXT COLLATE "C" NOT NULL
);

CREATE INDEX mail_log_by_time ON mail_log (at);

CREATE TABLE schedules (
    id             BIGINT PRIMARY KEY DEFAULT next_number('schedules'),
    name           TEXT COLLATE "C" NOT NULL UNIQUE,
    run            TEXT COLLATE "C" NOT NULL CHECK (run IN ('purge', 'prune')),
    start          TEXT COLLATE "C" NOT NULL,
    next_at        BIGINT,
    retention_days BIGINT,
    keep_empty     BIGINT NOT NULL CHECK (keep_empty IN (0, 1)),
    log            BIGINT NOT NULL CHECK (log IN (0, 1)),
    state          TEXT COLLATE "C" NOT NULL CHECK (state IN ('enabled', 'disabled')),
    created_at     BIGINT NOT NULL,
    last_run_at    BIGINT,
    last_status    TEXT COLLATE "C" CHECK (last_status IN ('done', 'failed')),
    last_error     TEXT COLLATE "C",
    last_deleted   BIGINT,
    total_deleted  BIGINT NOT NULL DEFAULT 0,
    every          TEXT COLLATE "C" NOT NULL DEFAULT 'once'
);

CREATE INDEX schedules_due ON schedules (next_at) WHERE state = 'enabled' AND next_at IS NOT NULL;

ALTER TABLE tasks ADD FOREIGN KEY (schedule_id) REFERENCES schedules (id) ON DELETE SET NULL;

CREATE TABLE purges (
    id             BIGINT PRIMARY KEY DEFAULT next_number('purges'),
    at             BIGINT NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    schedule       TEXT COLLATE "C",
    retention_days BIGINT NOT NULL,
    codes          BIGINT NOT NULL DEFAULT 0,
    batches        BIGINT NOT NULL DEFAULT 0,
    finished_at    BIGINT
);

CREATE INDEX purges_by_time ON purges (at);

CREATE TABLE purged_batches (
    purge_id BIGINT NOT NULL REFERENCES purges (id) ON DELETE CASCADE,
    batch_id BIGINT NOT NULL,
    codes    BIGINT NOT NULL,
    PRIMARY KEY (purge_id, batch_id)
);

CREATE INDEX purged_batches_by_batch ON purged_batches (batch_id);

CREATE TABLE imported (
    batch TEXT COLLATE "C" PRIMARY KEY,
    used  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE imported_history (
    id            BIGINT PRIMARY KEY DEFAULT next_number('imported_history'),
    imported_from TEXT COLLATE "C" NOT NULL,
    log           TEXT COLLATE "C" NOT NULL CHECK (log IN ('audit', 'purges', 'email')),
    number        BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    actor         TEXT COLLATE "C",
    action        TEXT COLLATE "C" NOT NULL,
    "user"        TEXT COLLATE "C",
    batch         TEXT COLLATE "C",
    details       TEXT COLLATE "C" NOT NULL,
    UNIQUE (imported_from, log, number)
);

CREATE INDEX imported_history_by_time ON imported_history (log, at);

CREATE TABLE reminders (
    user_id     BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    reminded_at BIGINT NOT NULL
);

CREATE TABLE seals (
    id      BIGINT PRIMARY KEY,
    digests BYTEA NOT NULL CHECK (length(digests) = 1024)
);
