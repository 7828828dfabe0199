//! What somebody who can write to the store but lacks the key may do, deed by deed: it is denied,
//! recorded, told by mail once, and `check --deep` names it.

use serde_json::Value;

use crate::harness::asking::hint;
use crate::harness::{Desk, ended};

/// Alice and mallory with codes each.
fn two() -> (Desk, Vec<String>, Vec<String>) {
    let desk = Desk::new();
    let alice = desk.issue("alice");
    let mallory = desk.issue("mallory");
    (desk, alice, mallory)
}

/// What `check --deep` says of seals.
fn forged(desk: &Desk) -> Vec<String> {
    let report = desk.run(&["check", "--deep", "--json"]).json();
    let items = report["items"].as_array().unwrap().iter();
    items
        .filter(|item| item["check"] == "seals" && item["level"] == "wrong")
        .map(|item| {
            assert_ne!(item["hint"], Value::Null);
            item["message"].as_str().unwrap().to_owned()
        })
        .collect()
}

fn outcome(desk: &Desk) -> String {
    desk.query("SELECT outcome FROM attempts ORDER BY id DESC LIMIT 1")
}

/// Denied as any wrong code is, and known as forged.
#[track_caller]
fn denied(desk: &Desk, user: &str, code: &str) {
    let ended = desk.pipe(&["verify", user], code);
    assert_eq!((ended.exit, ended.out.as_str()), (1, ""), "{}", ended.err);
    assert_eq!(ended.err, "Not accepted.\n");
    assert_eq!(outcome(desk), "forged");
}

const SEE: &str = "by somebody without the key";

#[test]
fn a_row_of_another_user_lets_nobody_in() {
    let (desk, alice, mallory) = two();
    desk.tamper("UPDATE codes SET (hint, hash) = (SELECT hint, hash FROM codes WHERE batch_id = 2 AND position = 1) WHERE batch_id = 1 AND position = 1");
    denied(&desk, "alice", &mallory[0]);
    let batch = desk.query("SELECT substr(name, 1, 8) FROM batches WHERE id = 1");
    assert_eq!(
        forged(&desk),
        [format!(
            "code 1 of the batch {batch} of 'alice' was written {SEE}"
        )]
    );
    // The others work on, and mallory's own as well.
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[1]).exit, 0);
    assert_eq!(desk.pipe(&["verify", "mallory"], &mallory[0]).exit, 0);
    desk.say(&["log", "verify"]);
    // New codes are a way out.
    desk.pass(60);
    let new = desk.issue("alice");
    assert_eq!(forged(&desk), [""; 0]);
    assert_eq!(desk.pipe(&["verify", "alice"], &new[0]).exit, 0);
}

#[test]
fn a_used_code_stays_used() {
    let (desk, alice, _) = two();
    let before = desk.home().join("before.db");
    desk.tamper(&format!("VACUUM INTO '{}'", before.display()));
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 0);
    // Its hash is gone, and what is left of it still tells the log.
    let left = "SELECT hash FROM codes WHERE batch_id = 1 AND position = 1";
    assert!(desk.query(left).starts_with("$used$"));
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 1);
    assert_eq!(outcome(&desk), "used");
    desk.assert_sound();
    desk.tamper("UPDATE codes SET state = 'active', ended_at = NULL WHERE batch_id = 1; UPDATE batches SET used = 0 WHERE id = 1");
    denied(&desk, "alice", &alice[0]);
    assert_eq!(forged(&desk).len(), 1);
    // Put back whole, from a copy: row by row, and all rows of the user.
    let attach = format!("ATTACH '{}' AS old;", before.display());
    let mut sql = attach;
    for (table, several) in [
        ("codes", "its code"),
        ("batches", "its batch"),
        ("users", "its user"),
        ("seals", "the tree"),
    ] {
        sql.push_str(&format!(
            "INSERT OR REPLACE INTO {table} SELECT * FROM old.{table};"
        ));
        desk.tamper(&format!("PRAGMA foreign_keys = OFF; {sql}"));
        desk.say(&["limit", "reset", "alice"]);
        denied(&desk, "alice", &alice[0]);
        assert!(!forged(&desk).is_empty(), "{several}");
    }
    // The head as well: then the log has entries behind its end.
    let head = "DROP TRIGGER audit_head_stays; DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM old.audit_head;
        CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'the head of the audit chain is never deleted');
END;";
    desk.tamper(&format!("PRAGMA foreign_keys = OFF; {sql} {head}"));
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 4);
    assert_eq!(desk.run(&["log", "verify"]).exit, 1);
}

#[test]
fn the_first_time_is_recorded_and_told() {
    let (desk, alice, _) = two();
    let desk = desk
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_REPORT_TO", "admin@example.org");
    desk.tamper("UPDATE batches SET expires_at = 9000000000000 WHERE id = 1");
    for _ in 0..3 {
        denied(&desk, "alice", &alice[0]);
    }
    let entries = desk.json(&["log", "audit", "--action", "store.forged"]);
    assert_eq!(entries["total"], 1);
    let entry = &entries["items"][0];
    assert_eq!(
        (&entry["user"], &entry["hint"]),
        (&"alice".into(), &hint(&alice[0]).into())
    );
    denied(&desk, "alice", &alice[1]);
    assert_eq!(
        desk.json(&["log", "audit", "--action", "store.forged"])["total"],
        2
    );
    desk.say(&["worker", "--once"]);
    let letters = desk.store().parent().unwrap().join("mail");
    let letters: Vec<String> = std::fs::read_dir(letters)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .filter(|letter| letter.contains("To: admin@example.org"))
        .collect();
    assert_eq!(letters.len(), 2);
    for letter in letters {
        assert!(
            letter.contains("Subject: The store of recovery codes at"),
            "{letter}"
        );
        assert!(letter.contains("check --deep"), "{letter}");
    }
}

/// What each column decides. One that is new has to say so.
#[test]
fn every_column_that_decides_is_sealed() {
    let deciding: &[(&str, &str, &str)] = &[
        ("codes", "batch_id", "2"),
        ("codes", "position", "11"),
        ("codes", "hint", "'AAAAAA'"),
        (
            "codes",
            "hash",
            "(SELECT hash FROM codes WHERE batch_id = 2 AND position = 1)",
        ),
        ("codes", "key_id", "'00000000'"),
        ("codes", "state", "'used'"),
        ("codes", "salt", "'00000000'"),
        ("batches", "id", "7"),
        ("batches", "name", "'0123456789ABCDEF'"),
        ("batches", "user_id", "2"),
        ("batches", "ordinal", "7"),
        ("batches", "state", "'pending'"),
        ("batches", "alphabet", "'typeable'"),
        ("batches", "epoch", "9"),
        ("batches", "created_at", "1"),
        ("batches", "expires_at", "9000000000000"),
        ("batches", "confirmed_at", "1"),
        ("batches", "imported_from", "'django'"),
        ("batches", "is_bound", "0"),
        ("batches", "is_temporary", "1"),
        ("batches", "is_weak", "1"),
        ("batches", "issued", "9000000000000"),
        ("batches", "code_digests", "zeroblob(160)"),
        ("users", "id", "7"),
        ("users", "name", "'bob'"),
        ("users", "email", "'m@example.org'"),
        ("users", "email_folded", "'m@example.org'"),
        ("users", "state", "'disabled'"),
        ("users", "created_at", "1"),
        ("users", "open_batches", "x''"),
        ("store", "created_at", "1"),
        ("store", "epoch", "0"),
        ("store", "django_key", "'00000000'"),
        ("store", "moved_to", "'elsewhere'"),
        ("keys", "id", "'00000000'"),
        ("keys", "created_at", "1"),
        ("keys", "retired_at", "1"),
        ("seals", "id", "9"),
        ("seals", "digests", "zeroblob(1024)"),
        ("audit_head", "pruned", "1"),
        ("audit_head", "pruned_mac", "mac"),
        ("audit_head", "count", "99"),
        ("audit_head", "last_mac", "zeroblob(32)"),
        ("audit_head", "key_id", "'00000000'"),
        ("audit_head", "mac", "zeroblob(32)"),
        ("audit_head", "root", "zeroblob(32)"),
        ("audit_head", "height", "2"),
        ("audit_head", "sealed_to", "0"),
        ("audit_head", "world", "zeroblob(32)"),
        ("audit_head", "seen_at", "1"),
    ];
    // Of rows whose state is one and the same there is only one, and these say what was, not what is.
    let others = [
        ("codes", "ended_at"),
        ("batches", "created_by"),
        ("batches", "ended_at"),
        ("batches", "ended_by"),
        ("batches", "used"),
        ("batches", "invalidated"),
        ("batches", "deleted"),
        ("batches", "purged"),
        ("batches", "dead_from"),
        ("batches", "exported_at"),
        ("batches", "emailed_at"),
        ("batches", "low_notified_at"),
        ("batches", "shown_at"),
        ("batches", "export_format"),
        ("batches", "changed_at"),
        ("batches", "slow"),
        ("users", "last_used_at"),
        ("users", "language"),
        ("store", "id"),
        ("store", "auto_pruned_at"),
        ("audit_head", "id"),
    ];
    let (desk, alice, _) = two();
    for table in [
        "codes",
        "batches",
        "users",
        "store",
        "keys",
        "seals",
        "audit_head",
    ] {
        let columns = desk.query(&format!(
            "SELECT group_concat(name) FROM pragma_table_info('{table}')"
        ));
        for column in columns.split(',') {
            let is_told = deciding
                .iter()
                .any(|(one, name, _)| (*one, *name) == (table, column))
                || others.contains(&(table, column));
            assert!(is_told, "{table}.{column}: does it decide about a login?");
        }
    }
    let sound = std::fs::read(desk.store())
        .map(|_| desk.home().join("sound.db"))
        .unwrap();
    desk.tamper(&format!("VACUUM INTO '{}'", sound.display()));
    for (table, column, value) in deciding {
        let desk = desk.twin();
        desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        std::fs::copy(&sound, desk.store()).unwrap();
        let only = match *table {
            "codes" => "WHERE batch_id = 1 AND position = 1",
            "batches" | "users" => "WHERE id = 1",
            _ => "",
        };
        desk.tamper(&format!(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
             UPDATE OR REPLACE {table} SET {column} = {value} {only}"
        ));
        let exit = desk.pipe(&["verify", "alice"], &alice[0]).exit;
        assert!(matches!(exit, 1 | 4), "{table}.{column}: {exit}");
        let check = desk.run(&["check", "--deep"]);
        assert_eq!(check.exit, 1, "{table}.{column}");
        assert!(!check.out.contains("All is well"), "{table}.{column}");
    }
}

#[test]
fn rows_that_somebody_made_are_nobodys() {
    let (desk, alice, mallory) = two();
    // A user of their own, with a batch that is another's.
    desk.tamper(
        "INSERT INTO users (id, name, state, created_at) VALUES (9, 'eve', 'active', 1);
         INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by, issued, is_bound)
             SELECT 'FFFFFFFFFFFFFFFF', 9, 1, state, alphabet, epoch, created_at, created_by, issued, is_bound FROM batches WHERE id = 2;
         INSERT INTO codes SELECT 3, position, hint, hash, key_id, state, ended_at, salt FROM codes WHERE batch_id = 2;",
    );
    denied(&desk, "eve", &mallory[0]);
    let said = desk.refuses(&["generate", "eve", "--yes"], 4, "forged");
    assert!(
        said.contains("`recovery-codes user remove eve` and add them again"),
        "{said}"
    );
    desk.say(&["user", "remove", "eve", "--yes"]);
    desk.assert_sound();
    desk.tamper("INSERT INTO users (id, name, state, created_at) VALUES (-5, 'ada', 'active', 1)");
    assert_eq!(
        forged(&desk),
        [format!("the row of the user 'ada' was written {SEE}")]
    );
    desk.say(&["user", "remove", "ada", "--yes"]);
    desk.assert_sound();
    // Who is taken away is missed.
    desk.tamper("PRAGMA foreign_keys = ON; DELETE FROM users WHERE id = 2");
    assert_eq!(
        forged(&desk),
        [format!("the user with the number 2 was removed {SEE}")]
    );
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 0);
}

#[test]
fn a_trigger_is_met_before_anything_is_sealed() {
    let (desk, alice, _) = two();
    desk.tamper("CREATE TRIGGER t AFTER INSERT ON limiters BEGIN UPDATE users SET email = 'm@x.org', email_folded = 'm@x.org' WHERE id = 1; END");
    let ended = desk.pipe(&["verify", "alice", "--json"], &alice[0]);
    assert_eq!(ended.exit, 4);
    assert_eq!(ended.error()["kind"], "forged");
    desk.refuses(&["user", "add", "bob"], 4, "forged");
    // It never ran.
    desk.tamper("DROP TRIGGER t");
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 0);
}

#[test]
fn an_administrator_is_told_what_cannot_be_changed() {
    let (desk, alice, _) = two();
    desk.tamper("UPDATE users SET email = 'm@x.org', email_folded = 'm@x.org' WHERE id = 1");
    desk.pass(3600);
    for word in [
        &["user", "disable", "alice"][..],
        &["user", "edit", "alice", "--email", "a@x.org"],
        &["generate", "alice", "--yes"],
        &["code", "invalidate", "alice", hint(&alice[0])],
    ] {
        let said = desk.refuses(word, 4, "forged");
        assert!(said.contains("'alice'"), "{said}");
    }
    desk.say(&["user", "remove", "alice", "--yes"]);
    let new = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &new[0]).exit, 0);
    desk.assert_sound();
    // A code alone is given up for new ones.
    let new_hint = hint(&new[1]).to_owned();
    desk.tamper(&format!(
        "UPDATE codes SET state = 'invalidated', ended_at = 1 WHERE hint = '{new_hint}'"
    ));
    let said = desk.refuses(&["code", "reactivate", "alice", &new_hint], 4, "forged");
    assert!(said.contains("generate alice"), "{said}");
}

/// The short check looks at users whom the newest entries of the audit log concern, in bounded time.
#[test]
fn the_short_check_looks_at_who_was_seen_lately() {
    let (desk, ..) = two();
    desk.tamper("UPDATE users SET created_at = 1 WHERE id = 1");
    let short = || {
        desk.run(&["check", "--json"])
            .out
            .contains("the row of the user 'alice' was written")
    };
    assert!(short());
    for number in 0..200 {
        desk.say(&["user", "add", &format!("u{number}")]);
    }
    assert!(!short());
    assert_eq!(forged(&desk).len(), 1);
}

/// Letters, by what they are to do.
fn letters(desk: &Desk) -> Vec<String> {
    let Ok(there) = std::fs::read_dir(desk.store().with_file_name("mail")) else {
        return Vec::new();
    };
    there
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn codes_are_mailed_to_nobody_else() {
    let address = "UPDATE users SET email = 'm@x.org', email_folded = 'm@x.org' WHERE id = 1";
    let moved = "UPDATE letters SET batch_id = (SELECT id FROM batches WHERE user_id = 2)";
    let open = "UPDATE letters SET batch_id = NULL, recipient = 'm@x.org'";
    let notice = "UPDATE letters SET batch_id = NULL, recipient = 'm@x.org', kind = 'used'";
    let older = "UPDATE letters SET batch_id = NULL, recipient = 'm@x.org', is_bound = 0";
    let given = "UPDATE batches SET state = 'superseded' WHERE user_id = 2;
        UPDATE batches SET user_id = 2, ordinal = 9 WHERE user_id = 1";
    for sql in [address, moved, open, notice, older, given] {
        let desk = Desk::new()
            .with("RECOVERY_CODES_MAIL_BACKEND", "file")
            .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
            .with("RECOVERY_CODES_MAIL_NOTIFY", "")
            .with("RECOVERY_CODES_MAIL_DELIVERY", "queue");
        desk.say(&["user", "add", "alice", "--email", "a@x.org"]);
        desk.say(&["user", "add", "mallory", "--email", "m2@x.org"]);
        desk.issue("mallory");
        desk.say(&["generate", "alice", "--email"]);
        desk.tamper(sql);
        let ended = desk.run(&["worker", "--once"]);
        assert_eq!(ended.exit, 4, "{sql}: {}", ended.err);
        assert_eq!(letters(&desk), [""; 0], "{sql}");
    }
    // Nor those of a session.
    let desk = Desk::new()
        .with_runtime()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_NOTIFY", "");
    desk.say(&["user", "add", "alice", "--email", "a@x.org"]);
    desk.issue("alice");
    desk.tamper(address);
    desk.refuses(&["email", "alice"], 4, "forged");
    desk.refuses(&["export", "alice"], 4, "forged");
    assert_eq!(letters(&desk), [""; 0]);
}

/// The chain is proven first and pruned in chunks; what comes in between is proven again.
#[test]
fn a_head_that_is_changed_while_the_log_is_pruned_is_not_closed() {
    let desk = Desk::new();
    desk.issue("alice");
    let connection = rusqlite::Connection::open(desk.store()).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let prune = ["log", "prune", "--retention-days", "0"];
    let mut child = desk.process(&prune).spawn().unwrap();
    // It has its turn, and waits for whoever does not queue.
    let mut gate = desk.store().into_os_string();
    gate.push(".lock");
    let gate = std::fs::File::open(gate).unwrap();
    while gate.try_lock().is_ok() {
        gate.unlock().unwrap();
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
    }
    connection
        .execute_batch("UPDATE audit_head SET root = zeroblob(32); COMMIT")
        .unwrap();
    let ended = ended(child.wait_with_output().unwrap());
    assert_eq!(ended.exit, 4, "{}", ended.err);
    assert!(
        ended
            .err
            .contains("the head of the audit chain was changed"),
        "{}",
        ended.err
    );
    assert_eq!(desk.run(&["log", "verify"]).exit, 1);
}

/// Who ends codes gains nothing by it, and is found all the same.
#[test]
fn a_batch_that_somebody_ended_is_found() {
    for change in ["state = 'superseded'", "state = 'deleted'"] {
        let (desk, alice, _) = two();
        let batch = desk.query("SELECT substr(name, 1, 8) FROM batches WHERE id = 1");
        desk.tamper(&format!("UPDATE batches SET {change} WHERE id = 1"));
        assert_eq!(
            forged(&desk),
            [format!("the batch {batch} of 'alice' was written {SEE}")]
        );
        denied(&desk, "alice", &alice[0]);
    }
}

/// An entry that somebody wrote themselves keeps nobody from being told.
#[test]
fn an_entry_without_the_key_silences_nothing() {
    let (desk, alice, _) = two();
    desk.tamper("UPDATE batches SET expires_at = 9000000000000 WHERE id = 1");
    let hint = hint(&alice[0]);
    let batch = desk.query("SELECT name FROM batches WHERE id = 1");
    let guard = desk.query("SELECT sql FROM sqlite_master WHERE name = 'audit_is_never_changed'");
    desk.tamper(&format!(
        "DROP TRIGGER audit_is_never_changed;
         UPDATE audit SET action = 'store.forged', user_id = 1, batch = '{batch}', hint = '{hint}' WHERE number = 2;
         {guard}"
    ));
    let recorded = || desk.query("SELECT COUNT(*) FROM audit WHERE action = 'store.forged'");
    assert_eq!(recorded(), "1");
    for _ in 0..2 {
        denied(&desk, "alice", &alice[0]);
        assert_eq!(recorded(), "2");
    }
}

/// What binds a letter to its batch cannot be written into the row instead.
#[test]
fn a_letter_is_not_turned_round() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_DELIVERY", "queue");
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.say(&["generate", "alice", "--email"]);
    desk.tamper(
        "UPDATE letters SET is_bound = 0, batch_id = NULL, recipient = 'mallory@evil.org',
             message_id = message_id || ' codes ' || (SELECT name FROM batches WHERE id = 1)
         WHERE kind = 'codes'",
    );
    desk.run(&["worker", "--once"]);
    let place = desk.store().parent().unwrap().join("mail");
    let letters = std::fs::read_dir(place).into_iter().flatten();
    for letter in letters {
        let letter = std::fs::read_to_string(letter.unwrap().path()).unwrap();
        assert!(!letter.contains("mallory@evil.org"), "{letter}");
    }
}
