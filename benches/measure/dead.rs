//! Stores full of codes whose time is long over, and what to do with them without the program.

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, named_params};

use super::crowd::{self, CODES};
use super::rounds::time;

/// Batches added at one time.
const CHUNK: u64 = 10_000;

/// Adds users with these numbers to the store, each with one batch of ten dead codes; a later
/// number died later.
pub fn add(store: &Path, numbers: Range<u64>) {
    let connection = crowd::open(store);
    for from in numbers.clone().step_by(CHUNK as usize) {
        crowd::with_numbers(
            &connection,
            from,
            numbers.end.min(from + CHUNK),
            &[
                "INSERT INTO users (name, state, created_at)
                 SELECT printf('dead%09d', n), 'active', 1600000000000 FROM numbers",
                "INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by,
                                      issued, invalidated, ended_at, ended_by, dead_from)
                 SELECT printf('d%015x', n), u.id, 1, 'superseded', 'full', 1, 1600000000000, 'measurer',
                        10, 10, 1600000000000 + n, 'measurer', 1600000000000 + n
                 FROM numbers JOIN users u ON u.name = printf('dead%09d', n)",
                "INSERT INTO codes (batch_id, position, hint, hash, key_id, state, ended_at)
                 SELECT b.id, p.value, printf('%06d', (n * 7919 + p.value * 104729) % 1000000),
                        '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$' || hex(randomblob(21)) || 'A',
                        '0a1b2c3d', 'invalidated', 1600000000000 + n
                 FROM numbers JOIN batches b ON b.name = printf('d%015x', n)
                 JOIN json_each('[1,2,3,4,5,6,7,8,9,10]') p",
            ],
        );
    }
    crowd::add_up(store);
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("nobody else is there");
}

/// Puts a copy of a store at this place, on the disk before the clock starts.
pub fn copy(from: &Path, to: &Path) {
    for ending in ["-wal", "-shm"] {
        let mut name = to.as_os_str().to_owned();
        name.push(ending);
        let _ = fs::remove_file(PathBuf::from(name));
    }
    fs::copy(from, to).expect("the disk has room");
    let synced = File::open(to).and_then(|file| file.sync_all());
    synced.expect("the copy is there");
}

/// Deletes all dead codes as SQLite alone does it: the same durability, a thousand codes in one
/// transaction, a commit after each.
pub fn delete_bare(store: &Path) -> Duration {
    let connection = Connection::open(store).expect("the store is there");
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256; PRAGMA foreign_keys = ON",
        )
        .and_then(|()| connection.pragma_update(None, "secure_delete", true))
        .expect("it can be used");
    let ends = "SELECT MIN(batch_id), MAX(batch_id) FROM codes WHERE state = 'invalidated'";
    let (first, last): (u64, u64) = connection
        .query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("it has dead codes");
    time(|| {
        let step = 1000 / CODES;
        let sql = "DELETE FROM codes WHERE batch_id BETWEEN :first AND :last";
        let mut delete = connection.prepare(sql).expect("the table is there");
        for from in (first..=last).step_by(step as usize) {
            delete
                .execute(named_params! { ":first": from, ":last": from + step - 1 })
                .expect("nobody else is there");
        }
    })
}

/// The same of all codes in batches that are over, wherever they stand.
pub fn delete_superseded(store: &Path) -> Duration {
    let connection = Connection::open(store).expect("the store is there");
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256; PRAGMA foreign_keys = ON",
        )
        .and_then(|()| connection.pragma_update(None, "secure_delete", true))
        .expect("it can be used");
    let last: u64 = connection
        .query_row("SELECT MAX(id) FROM batches", [], |row| row.get(0))
        .expect("it has batches");
    time(|| {
        let step = 1000 / CODES;
        let sql = "DELETE FROM codes WHERE batch_id IN (
                       SELECT id FROM batches WHERE id BETWEEN :first AND :last AND state = 'superseded')";
        let mut delete = connection.prepare(sql).expect("the table is there");
        for from in (1..=last).step_by(step as usize) {
            delete
                .execute(named_params! { ":first": from, ":last": from + step - 1 })
                .expect("nobody else is there");
        }
    })
}
