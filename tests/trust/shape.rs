//! What the file itself can be made to say: an index that points elsewhere, rows that stand twice, a
//! schema that was read before it was changed, a row that changes while a program waits for its turn.

use std::fs::OpenOptions;
use std::time::Duration;

use crate::harness::asking::hint;
use crate::harness::{Desk, ended};

/// Swaps what two tables or indices of the file are, which SQLite does not notice.
fn exchange(desk: &Desk, one: &str, other: &str) {
    desk.tamper(&format!(
        "PRAGMA writable_schema = ON;
         CREATE TEMP TABLE was AS SELECT name, rootpage FROM sqlite_schema WHERE name IN ('{one}', '{other}');
         UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM was WHERE name <> sqlite_schema.name)
             WHERE name IN ('{one}', '{other}');"
    ));
}

/// Does something to the store while a program that has opened it waits for its turn.
fn meanwhile(
    desk: &Desk,
    args: &[&str],
    input: &str,
    change: impl FnOnce(),
) -> crate::harness::Ended {
    use std::io::Write;
    let mut lock = desk.store().into_os_string();
    lock.push(".lock");
    let lock = OpenOptions::new().append(true).open(lock).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let mut command = desk.process(args);
    for pipe in [
        std::process::Command::stdin,
        std::process::Command::stdout,
        std::process::Command::stderr,
    ] {
        pipe(&mut command, std::process::Stdio::piped());
    }
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    // It waits once the system says that it sleeps in a lock; no other sign of it is seen outside.
    while !is_waiting(child.id()) {
        std::thread::sleep(Duration::from_millis(5));
    }
    change();
    drop(lock);
    ended(child.wait_with_output().unwrap())
}

/// Whether a process waits for the lock, as the kernel lists those who do.
fn is_waiting(process: u32) -> bool {
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    let waits = locks.lines().filter(|line| line.contains("->"));
    waits.into_iter().any(|line| {
        line.split_whitespace()
            .any(|word| word == process.to_string())
    })
}

fn two() -> (Desk, Vec<String>, Vec<String>) {
    let desk = Desk::in_file();
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.say(&["user", "add", "mallory", "--email", "mallory@example.org"]);
    let (alice, mallory) = (desk.issue("alice"), desk.issue("mallory"));
    (desk, alice, mallory)
}

/// An index that names mallory's row for alice.
#[test]
fn who_is_meant_is_not_left_to_an_index() {
    let (desk, alice, mallory) = two();
    desk.tamper(
        "CREATE TABLE other (id INTEGER PRIMARY KEY, name TEXT);
         CREATE UNIQUE INDEX other_by_name ON other (name);
         INSERT INTO other VALUES (1, 'mallory'), (2, 'alice');",
    );
    exchange(&desk, "other_by_name", "sqlite_autoindex_users_1");
    desk.tamper("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE tbl_name = 'other';");
    assert_eq!(desk.pipe(&["verify", "alice"], &mallory[0]).exit, 1);
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 1);
    desk.refuses(&["user", "disable", "alice"], 3, "unknown_user");
    assert_eq!(
        desk.query("SELECT group_concat(state) FROM users NOT INDEXED"),
        "active,active"
    );
    assert_eq!(desk.run(&["check", "--deep"]).exit, 1);
}

/// The name is looked up before the turn comes; by then it may be another's.
#[test]
fn who_is_meant_is_proven_when_it_is_decided() {
    let (desk, _, mallory) = two();
    desk.tamper(
        "UPDATE users SET name = 'a' WHERE id = 1; UPDATE users SET name = 'alice' WHERE id = 2",
    );
    let ended = meanwhile(&desk, &["verify", "alice"], &mallory[0], || {
        desk.tamper("UPDATE users SET name = 'mallory' WHERE id = 2; UPDATE users SET name = 'alice' WHERE id = 1");
    });
    assert_eq!(ended.exit, 1, "{}", ended.err);
    desk.assert_sound();
}

/// A trigger that was read with the schema, and is in no table when it is looked for.
#[test]
fn no_trigger_runs_that_is_gone_when_it_is_looked_for() {
    let (desk, alice, _) = two();
    desk.tamper(
        "CREATE TRIGGER t AFTER UPDATE ON codes WHEN NEW.state = 'used'
         BEGIN UPDATE codes SET state = 'active', ended_at = NULL, hash = OLD.hash
               WHERE batch_id = NEW.batch_id AND position = NEW.position; END",
    );
    let ended = meanwhile(&desk, &["verify", "alice"], &alice[0], || {
        desk.tamper("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 't'");
    });
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 1);
    desk.assert_sound();
}

/// One position with two rows, of which one statement finds the one and another the other.
#[test]
fn a_code_that_stands_twice_is_used_once() {
    for before in [true, false] {
        let (desk, alice, _) = two();
        let position = "batch_id = 1 AND position = 1";
        let row = desk.query(&format!(
            "SELECT '1, 1, ''' || hint || ''', ''' || hash || ''', ''' || key_id || ''', ''active'', NULL'
             FROM codes WHERE {position}"
        ));
        if before {
            assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 0);
        }
        desk.tamper(&format!(
            "CREATE TABLE double (batch_id INTEGER NOT NULL, position INTEGER NOT NULL, hint TEXT NOT NULL,
                 hash TEXT NOT NULL, key_id TEXT NOT NULL, state TEXT NOT NULL, ended_at INTEGER,
                 PRIMARY KEY (batch_id, position, hint, hash)) WITHOUT ROWID;
             INSERT INTO double SELECT batch_id, position, hint, hash, key_id, state, ended_at FROM codes;
             INSERT OR IGNORE INTO double VALUES ({row});
             INSERT OR IGNORE INTO double SELECT batch_id, position, hint || 'x', hash, key_id, state, ended_at
                 FROM codes WHERE {position};",
        ));
        exchange(&desk, "double", "codes");
        desk.tamper(
            "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'double';",
        );
        let mut accepted = u32::from(before);
        for _ in 0..3 {
            accepted += u32::from(desk.pipe(&["verify", "alice"], &alice[0]).exit == 0);
        }
        assert!(accepted <= 1, "{accepted}");
        assert_eq!(desk.run(&["check", "--deep"]).exit, 1);
    }
}

/// A row that waits under the number that the next user will have.
#[test]
fn a_user_is_sealed_as_they_were_added() {
    let (desk, ..) = two();
    let added = meanwhile(&desk, &["user", "add", "bob"], "", || {
        // It stands in the table by the time the user is looked at, whatever was added.
        desk.tamper(
            "CREATE TRIGGER t AFTER INSERT ON users BEGIN
                 UPDATE users SET email = 'm@x.org', email_folded = 'm@x.org' WHERE id = NEW.id; END;
             PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 't'",
        );
    });
    assert_eq!(added.exit, 0, "{}", added.err);
    assert_eq!(
        desk.json(&["user", "show", "bob"])["email"],
        serde_json::Value::Null
    );
    desk.assert_sound();
}

/// What the store has seen counts as it is proven, not as it was read while a program opened it.
#[test]
fn the_moment_that_was_seen_is_believed_where_it_is_proven() {
    let (desk, ..) = two();
    let codes = desk.spawn(
        &["generate", "carol", "--create-user", "--expires-in", "90d"],
        "",
    );
    let codes = codes.lines();
    let seen = desk.query("SELECT seen_at FROM audit_head");
    desk.tamper("UPDATE audit_head SET seen_at = seen_at + 40000000000");
    let ended = meanwhile(&desk, &["verify", "carol"], &codes[0], || {
        desk.tamper(&format!("UPDATE audit_head SET seen_at = {seen}"));
    });
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let ahead = desk.query(&format!("SELECT seen_at - {seen} < 600000 FROM audit_head"));
    assert_eq!(ahead, "1");
}

/// A view in a table's place, and notes of the planner that compute without end.
#[test]
fn nothing_that_was_put_into_the_schema_is_computed() {
    let (desk, alice, _) = two();
    desk.tamper("ALTER TABLE attempts RENAME TO hidden; CREATE VIEW attempts AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT * FROM hidden, n");
    let ended = desk.pipe(&["verify", "alice"], &alice[0]);
    assert_eq!(ended.exit, 4, "{}", ended.err);
}

/// Work without end is not begun for a row that was never proven.
#[test]
fn a_hash_that_costs_more_than_usual_is_proven_first() {
    let (desk, alice, _) = two();
    let hint = hint(&alice[0]);
    desk.tamper(&format!(
        "UPDATE codes SET hash = replace(hash, 'm=8,t=1', 'm=1048576,t=900') WHERE hint = '{hint}'"
    ));
    let changed = desk.query(&format!(
        "SELECT hash LIKE '%t=900%' FROM codes WHERE hint = '{hint}'"
    ));
    assert_eq!(changed, "1");
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 1);
    let outcome = desk.query("SELECT outcome FROM attempts ORDER BY id DESC LIMIT 1");
    assert_eq!(outcome, "forged");
}

/// Codes that new ones take the place of are not kept by hiding them.
#[test]
fn an_index_that_hides_a_batch_keeps_it_from_nothing() {
    let (desk, alice, _) = two();
    desk.pass(60);
    desk.tamper(
        "CREATE TABLE other (user_id INTEGER, state TEXT);
         CREATE UNIQUE INDEX other_active ON other (user_id) WHERE state = 'active';",
    );
    exchange(&desk, "other_active", "batches_one_active");
    desk.tamper("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE tbl_name = 'other';");
    desk.refuses(&["generate", "alice", "--yes"], 4, "forged");
    assert_eq!(desk.query("SELECT COUNT(*) FROM batches NOT INDEXED"), "2");
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 0);
    assert_eq!(desk.run(&["check", "--deep"]).exit, 1);
}

/// Whoever deletes a batch deletes that one.
#[test]
fn a_batch_is_deleted_by_its_own_name() {
    let (desk, ..) = two();
    let names = desk.query("SELECT name FROM batches WHERE id = 1");
    let other = desk.query("SELECT name FROM batches WHERE id = 2");
    desk.tamper(&format!(
        "CREATE TABLE other (id INTEGER PRIMARY KEY, name TEXT);
         CREATE UNIQUE INDEX other_by_name ON other (name);
         INSERT INTO other VALUES (1, '{other}'), (2, '{names}');"
    ));
    exchange(&desk, "other_by_name", "sqlite_autoindex_batches_1");
    desk.tamper("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE tbl_name = 'other';");
    let ended = desk.run(&["batch", "delete", &names, "--yes"]);
    assert!((3..=4).contains(&ended.exit), "{}", ended.err);
    let states = "SELECT group_concat(state) FROM batches NOT INDEXED";
    assert_eq!(desk.query(states), "active,active");
}

/// A batch that did not hold when others took its place does not hold again when it is put back.
#[test]
fn codes_that_were_replaced_do_not_come_back_with_their_row() {
    for (spoilt, restored) in [
        (
            "UPDATE batches SET expires_at = 9000000000000 WHERE id = 1",
            "expires_at = NULL",
        ),
        (
            "UPDATE batches SET state = 'superseded' WHERE id = 1",
            "expires_at = NULL",
        ),
    ] {
        let (desk, alice, _) = two();
        desk.pass(60);
        let codes = desk.query(
            "SELECT group_concat(hash, '|') FROM codes WHERE batch_id = 1 ORDER BY position",
        );
        let digests = desk.query("SELECT hex(code_digests) FROM batches WHERE id = 1");
        desk.tamper(spoilt);
        let new = desk.issue("alice");
        desk.tamper(&format!(
            "DROP INDEX batches_one_active;
             UPDATE batches SET state = 'active', ended_at = NULL, ended_by = NULL, {restored},
                 code_digests = x'{digests}' WHERE id = 1;
             UPDATE codes SET state = 'active', ended_at = NULL WHERE batch_id = 1;"
        ));
        let same = desk.query(
            "SELECT group_concat(hash, '|') FROM codes WHERE batch_id = 1 ORDER BY position",
        );
        assert_eq!(same, codes);
        // The index cannot be made again beside two that are active; a shape of it is enough.
        desk.tamper(
            "CREATE UNIQUE INDEX batches_one_active ON batches (user_id) WHERE state = 'active' AND is_temporary = 0 AND id > 2;
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX batches_one_active ON batches (user_id) WHERE state = ''active'' AND is_temporary = 0' WHERE name = 'batches_one_active';",
        );
        assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 1);
        assert_eq!(desk.pipe(&["verify", "alice"], &new[0]).exit, 0);
    }
}
