//! A store as large as any: ten million codes of a hundred thousand users, and five million entries
//! whose chain holds. Made past the program, for hashing would take days.

use std::fs;
use std::path::Path;

use recovery_codes::model::audit::{Action, Entry, NO_MAC};
use recovery_codes::model::id::UserId;
use recovery_codes::model::location::Location;
use recovery_codes::model::time::from_millis;
use recovery_codes::secret::chain;
use recovery_codes::secret::keyring::Keyring;
use recovery_codes::store::{Store, audit};

use super::crowd::{self, CODES};
use super::desk::Desk;

pub const USERS: u64 = 100_000;

/// Of each user; all but the newest are over.
pub const BATCHES: u64 = 10;

pub const ENTRIES: u64 = 5_000_000;

/// Rows added at one time, so that the log stays short.
const CHUNK: u64 = 10_000;

/// When the first of them was made, in milliseconds.
const BEGIN: u64 = 1_780_000_000_000;

/// Fills the new store of a desk with a hundredth of that for each part, and seals it.
pub fn fill(desk: &Desk, parts: u64) {
    let keys = desk.home().join(".config/recovery-codes/keys.toml");
    let text = fs::read_to_string(keys).expect("a store has a key");
    let ring = Keyring::parse(&text).expect("the key can be read");
    let key = ring.current().id().as_str();
    let users = USERS / 100 * parts;
    people(&desk.store(), users, key);
    crowd::add_up(&desk.store());
    record(&desk.store(), &ring, users, ENTRIES / 100 * parts);
    desk.run(&["init", "--yes"]);
}

fn people(store: &Path, users: u64, key: &str) {
    let connection = crowd::open(store);
    let step = CHUNK / BATCHES;
    for from in (0..users).step_by(step as usize) {
        let batches = format!(
            "INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by,
                                  confirmed_at, issued, used, invalidated, ended_at, ended_by, dead_from, changed_at)
             SELECT printf('%016x', n * {BATCHES} + o.value - 1), u.id, o.value, i.state, 'full', 1, i.at, 'measurer',
                    i.at, {CODES}, 3 * i.is_over, ({CODES} - 3) * i.is_over, i.ended_at,
                    CASE WHEN i.is_over THEN 'measurer' END, i.ended_at, i.at
             FROM numbers JOIN users u ON u.name = printf('vast%09d', n)
             JOIN json_each('[1,2,3,4,5,6,7,8,9,10]') o
             JOIN (SELECT 1 AS is_over, 'superseded' AS state, {BEGIN} AS at, {BEGIN} + 1 AS ended_at
                   UNION ALL SELECT 0, 'active', {BEGIN} + 1, NULL) i ON i.is_over = (o.value < {BATCHES})"
        );
        let codes = format!(
            "INSERT INTO codes (batch_id, position, hint, hash, key_id, state, ended_at)
             SELECT b.id, p.value, printf('%06d', (b.id * 7919 + p.value * 104729) % 1000000),
                    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$' || hex(randomblob(21)) || 'A', '{key}',
                    CASE WHEN b.state = 'active' THEN 'active' WHEN p.value <= 3 THEN 'used' ELSE 'invalidated' END,
                    b.ended_at
             FROM numbers JOIN users u ON u.name = printf('vast%09d', n) JOIN batches b ON b.user_id = u.id
             JOIN json_each('[1,2,3,4,5,6,7,8,9,10]') p"
        );
        crowd::with_numbers(
            &connection,
            from,
            users.min(from + step),
            &[
                "INSERT INTO users (name, email, email_folded, state, created_at)
                 SELECT printf('vast%09d', n), printf('vast%09d@example.org', n), printf('vast%09d@example.org', n),
                        'active', 1780000000000 FROM numbers",
                &batches,
                &codes,
            ],
        );
    }
}

/// Appends entries and attempts about these users, and closes the head as before anything was sealed.
fn record(store: &Path, ring: &Keyring, users: u64, entries: u64) {
    let mut opened = Store::open(&Location::File(store.to_owned())).expect("the store is there");
    let head = audit::head(opened.read()).expect("it can be read");
    let mut head = head.expect("a store has a head");
    head.seals = None;
    let mut left = entries;
    while left > 0 {
        let some = left.min(CHUNK);
        left -= some;
        let written = opened.write(|tx| {
            for _ in 0..some {
                let n = head.count as u64;
                let mut entry = Entry {
                    number: head.count + 1,
                    at: from_millis((BEGIN + n) as i64),
                    actor: "measurer".to_owned(),
                    reason: None,
                    action: Action::CodeUsed.word().to_owned(),
                    user_id: Some(UserId((n % users + 1) as i64)),
                    user: Some(format!("vast{:09}", n % users)),
                    batch: Some(format!("{:016x}", n % users * BATCHES)),
                    hint: Some(format!("{:06}", n % 1_000_000)),
                    details: Some("9 left".to_owned()),
                    key: ring.current().id().clone(),
                    mac: NO_MAC,
                };
                chain::seal_entry(ring, &mut entry, &head.last_mac);
                audit::insert(tx, &entry)?;
                (head.count, head.last_mac) = (entry.number, entry.mac);
            }
            chain::seal_head(ring, &mut head);
            audit::put_head(tx, &head)
        });
        written.expect("it can be written");
    }
    let connection = crowd::open(store);
    let attempts = format!(
        "INSERT INTO attempts (at, purpose, outcome, user_id, user, actor)
         SELECT {BEGIN} + n, 'verify', 'accepted', n % {users} + 1, printf('vast%09d', n % {users}), 'measurer'
         FROM numbers"
    );
    let tried = entries / 5;
    for from in (0..tried).step_by(CHUNK as usize) {
        crowd::with_numbers(&connection, from, tried.min(from + CHUNK), &[&attempts]);
    }
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("nobody else is there");
}
