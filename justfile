# What people type. `just` lists it; each line also works by itself.

# Lists what there is.
default:
    @just --list

# Everything that must hold before a change lands.
ci:
    .ci/run

# Format, lints and documentation.
check:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# All tests, or those whose names hold these words.
test *words:
    cargo test --locked -- {{words}}

# The recipes for PAM and cron and the callers of examples, for real: as root, on Debian.
servers:
    cargo test --locked --test words -- --ignored pam:: install:: fonts:: examples:: django::

# The tests that take minutes.
long:
    cargo test --locked --release -p argon2_kernel -- --include-ignored
    cargo test --locked --test words -- --ignored adversary:: source:: protocol::

# The tests of words with their stores on a PostgreSQL server, and what only a server has.
server *words:
    tests/servers/postgres --durable bash -c 'RECOVERY_CODES_TEST_SERVER=$PGHOST exec cargo test --locked --test words -- "$@"' bash {{words}} --skip house:: --skip setup:: --skip manual::
    tests/servers/postgres --durable bash -c 'RECOVERY_CODES_TEST_SERVER=$PGHOST exec cargo test --locked --test words -- house::crash::'
    tests/servers/postgres --durable bash -c 'RECOVERY_CODES_TEST_SERVER=$PGHOST exec cargo test --locked --test words -- --ignored trust::server::'
    tests/servers/postgres --standby bash -c 'RECOVERY_CODES_TEST_SERVER=$PGHOST exec cargo test --locked --test words -- --ignored --test-threads 1 trust::standby::'

# Fail-over of three servers, four minutes: PostgreSQL, Patroni and etcd of Debian's.
failover:
    cargo test --locked --test words -- --ignored --test-threads 1 failover::

# Writes manual pages, completions and the README's tables anew.
regenerate:
    REGENERATE=1 cargo test --locked generated

# Both packages for Debian, and what becomes of them on a Debian of their own: as root.
packages:
    packaging/build
    packaging/try

# One measurement: generate, hash, pages, peers, purge, serve, start, timing, vast, verify or writers.
bench name:
    cargo bench --locked --bench {{name}}

# The rustdoc of the whole crate, private items too.
doc:
    cargo doc --locked --no-deps --document-private-items --open

# Licences, sources and bans of everything that comes in from outside.
deny:
    cargo deny check bans licenses sources

# The program as it is handed out.
build:
    cargo build --locked --release
