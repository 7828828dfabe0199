//! Fills a store with many others, past the program: in a moment, not in the days that hashing
//! would take.

use std::ops::Range;
use std::path::Path;

use rusqlite::{Connection, named_params};

/// Codes on a sheet.
pub const CODES: u64 = 10;

/// Users added at one time, so that the log stays short.
const CHUNK: u64 = 10_000;

/// Adds users with these numbers to the store, each with one batch of ten codes.
pub fn add(store: &Path, numbers: Range<u64>) {
    let connection = open(store);
    for from in numbers.clone().step_by(CHUNK as usize) {
        let to = numbers.end.min(from + CHUNK);
        with_numbers(
            &connection,
            from,
            to,
            &[
                "INSERT INTO users (name, state, created_at)
                 SELECT printf('crowd%09d', n), 'active', 1790000000000 FROM numbers",
                "INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by, issued)
                 SELECT printf('%016x', n), u.id, 1, 'active', 'full', 1, 1790000000000, 'measurer', 10
                 FROM numbers JOIN users u ON u.name = printf('crowd%09d', n)",
                "INSERT INTO codes (batch_id, position, hint, hash, key_id, state)
                 SELECT b.id, p.value, printf('%06d', (n * 7919 + p.value * 104729) % 1000000),
                        '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$' || hex(randomblob(21)) || 'A',
                        '0a1b2c3d', 'active'
                 FROM numbers JOIN batches b ON b.name = printf('%016x', n)
                 JOIN json_each('[1,2,3,4,5,6,7,8,9,10]') p",
            ],
        );
    }
}

/// Gives the user of this name so many batches that are over, beginning with this ordinal.
pub fn add_history(store: &Path, user: &str, ordinals: Range<u64>) {
    let connection = open(store);
    let sql = format!(
        "INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by, issued, ended_at, ended_by)
         SELECT printf('f%015x', n), (SELECT id FROM users WHERE name = '{user}'), n, 'superseded', 'full', 1,
                1790000000000, 'measurer', 10, 1790000000000, 'measurer' FROM numbers"
    );
    with_numbers(&connection, ordinals.start, ordinals.end, &[&sql]);
    add_up(store);
}

/// Lengthens the logs by so many entries. The chain of the audit entries is not kept.
pub fn add_logs(store: &Path, count: u64) {
    let connection = open(store);
    let last: u64 = connection
        .query_row("SELECT MAX(number) FROM audit", [], |row| row.get(0))
        .expect("a store begins with an entry");
    with_numbers(
        &connection,
        last + 1,
        last + 1 + count,
        &[
            "INSERT INTO audit (number, at, actor, action, details, key_id, mac)
             SELECT n, 1790000000000 + n, 'measurer', 'code-used', '9 left', '0a1b2c3d', zeroblob(32) FROM numbers",
            "INSERT INTO attempts (at, purpose, outcome, user, actor)
             SELECT 1790000000000 + n, 'verify', 'wrong', 'alice', 'measurer' FROM numbers",
        ],
    );
}

/// Makes the sums of what is over fit the batches that were added.
pub fn add_up(store: &Path) {
    let sums = "UPDATE totals SET (batches, issued, used, invalidated, deleted, purged) =
         (SELECT COUNT(*), SUM(issued), SUM(used), SUM(invalidated), SUM(deleted), SUM(purged)
          FROM batches WHERE state NOT IN ('active', 'pending'))";
    open(store).execute_batch(sums).expect("it can be written");
}

pub(super) fn open(store: &Path) -> Connection {
    let connection = Connection::open(store).expect("the store is there");
    connection
        .execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
        .expect("it can be used");
    connection
}

/// Does the statements in one transaction, with the table `numbers` from one to before the other.
pub(super) fn with_numbers(connection: &Connection, from: u64, to: u64, statements: &[&str]) {
    connection.execute_batch("BEGIN").expect("it can begin");
    for statement in statements {
        let (insert, rest) = statement
            .split_once("SELECT")
            .expect("each statement inserts what it selects");
        let sql = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT :from UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :to)
             {insert} SELECT {rest}"
        );
        connection
            .execute(&sql, named_params! { ":from": from, ":to": to })
            .expect("the rows fit the tables");
    }
    connection.execute_batch("COMMIT").expect("it can end");
}
