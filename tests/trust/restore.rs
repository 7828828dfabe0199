//! `restore`: a backup takes the store's place, and codes that were used since do not come back.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::harness::asking::column;
use crate::harness::{Desk, Ended, ended};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn backup(desk: &Desk) -> PathBuf {
    let file = desk.home().join("backup.db");
    desk.say(&["backup", text(&file)]);
    file
}

fn set_aside(desk: &Desk) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(desk.store().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| text(path).contains(".before-restore-"))
        .collect();
    found.sort();
    found
}

fn login(desk: &Desk, user: &str, code: &str) -> u8 {
    desk.pipe(&["verify", user], code).exit
}

#[test]
fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let file = backup(&desk);
    let deeds = desk.deeds();
    let said = desk.say(&["restore", text(&file), "--dry-run"]);
    assert!(
        said.err.contains("If it were: ")
            && said
                .err
                .contains("the 10 codes of 1 user in it stop working"),
        "{}",
        said.err
    );
    let foretold = desk.json(&["restore", text(&file), "--dry-run", "--trust-codes"]);
    assert_eq!(
        foretold,
        json!({
            "file": text(&file), "until": "2026-09-21T14:13:20Z", "users": 1, "trusted": true,
            "holders": 1, "codes": 10, "replaces": true, "dry_run": true,
        })
    );
    assert_eq!((desk.deeds(), set_aside(&desk).len()), (deeds, 0));
    assert_eq!(login(&desk, "alice", &codes[0]), 0);
}

#[test]
fn no_code_from_before_works_until_new_ones_are_issued() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let file = backup(&desk);
    assert_eq!(login(&desk, "alice", &codes[0]), 0);
    let said = desk.json(&["restore", text(&file), "--yes"]);
    let aside = set_aside(&desk);
    assert_eq!(
        said,
        json!({
            "file": text(&file), "until": "2026-09-21T14:13:20Z", "epoch": 2, "users": 1,
            "trusted": false, "holders": 1, "codes": 10, "set_aside": text(&aside[0]),
        })
    );
    assert!(text(&aside[0]).ends_with(".before-restore-20260921T141320Z"));
    assert_eq!(login(&desk, "alice", &codes[0]), 1);
    assert_eq!(login(&desk, "alice", &codes[1]), 1);
    let tried = desk.json(&["log", "verify-attempts"]);
    assert_eq!(column(&tried, "outcome"), ["outdated", "outdated"]);
    let deed = desk.audit().swap_remove(0);
    assert_eq!(deed["action"], "store.restored");
    let details = deed["details"].as_str().unwrap();
    assert!(
        details.contains(text(&file)) && details.contains("epoch 2"),
        "{details}"
    );
    let status = desk.json(&["status"]);
    assert_eq!(
        (&status["users"]["outdated"], &status["codes"]["outdated"]),
        (&json!(1), &json!(10))
    );
    assert_eq!(
        (&status["users"]["none"], &status["codes"]["active"]),
        (&json!(1), &json!(0))
    );
    let listed = desk.json(&["user", "list", "--codes", "outdated"]);
    assert_eq!(column(&listed, "remaining"), ["0"]);
    let works = column(&desk.json(&["code", "list", "alice"]), "works");
    assert_eq!(works, ["false"; 10]);
    let new = desk.issue("alice");
    assert_eq!(login(&desk, "alice", &new[0]), 0);
    assert_eq!(
        desk.json(&["user", "list", "--codes", "outdated"])["total"],
        0
    );
    desk.assert_sound();
    let left: Vec<_> = fs::read_dir(desk.store().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("recovery-codes.db"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // What was set aside is a whole store of its own.
    let old = desk.json(&["--store", text(&aside[0]), "user", "show", "alice"]);
    assert_eq!(old["remaining"], 9);
    assert_eq!(
        desk.run(&["--store", text(&aside[0]), "log", "verify"])
            .exit,
        0
    );
}

#[test]
fn trusted_codes_work_and_that_is_said() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let file = backup(&desk);
    assert_eq!(login(&desk, "alice", &codes[0]), 0);
    let asked = desk.talk(&["restore", text(&file), "--trust-codes"], &["y"]);
    assert_eq!(asked.exit, 0, "{}", asked.err);
    assert!(
        asked
            .err
            .contains("work again, even if they were used since then"),
        "{}",
        asked.err
    );
    assert!(
        asked.err.contains("also those that were used after"),
        "{}",
        asked.err
    );
    assert_eq!(desk.audit().swap_remove(0)["action"], "codes.trusted");
    assert_eq!(desk.query("SELECT epoch FROM store"), "2");
    assert_eq!(login(&desk, "alice", &codes[0]), 0);
    assert_eq!(login(&desk, "alice", &codes[0]), 1);
    assert_eq!(desk.json(&["status"])["users"]["outdated"], 0);
    // A second restore trusts only what worked when the backup was made.
    let outdated = desk.issue("bob");
    let second = desk.home().join("second.db");
    desk.say(&["backup", text(&second)]);
    desk.say(&["restore", text(&second), "--yes"]);
    desk.pass(60);
    let fresh = desk.issue("alice");
    let third = desk.home().join("third.db");
    desk.say(&["backup", text(&third)]);
    desk.say(&["restore", text(&third), "--yes", "--trust-codes"]);
    assert_eq!(login(&desk, "alice", &fresh[0]), 0);
    assert_eq!(login(&desk, "bob", &outdated[0]), 1);
    desk.assert_sound();
}

#[test]
fn epochs_only_grow() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = backup(&desk);
    for epoch in 2..5 {
        assert_eq!(
            desk.json(&["restore", text(&file), "--yes"])["epoch"],
            epoch
        );
    }
    assert_eq!(set_aside(&desk).len(), 3);
}

#[test]
fn the_question_names_what_stops_and_a_no_changes_nothing() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let file = backup(&desk);
    let no = desk.talk(&["restore", text(&file)], &["n"]);
    assert_eq!(no.exit, 3);
    assert!(
        no.err.contains("what was done since 2026-09-21 14:13 UTC is lost; the 10 codes of 1 user in it stop working"),
        "{}",
        no.err
    );
    desk.refuses(&["restore", text(&file)], 3, "not_confirmed");
    assert!(set_aside(&desk).is_empty());
    assert_eq!(login(&desk, "alice", &codes[0]), 0);
}

#[test]
fn a_new_machine_needs_only_the_key_and_the_backup() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let file = backup(&desk);
    fs::remove_dir_all(desk.store().parent().unwrap()).unwrap();
    let said = desk.json(&["restore", text(&file), "--yes"]);
    assert_eq!(
        (&said["epoch"], &said["set_aside"]),
        (&json!(2), &json!(null))
    );
    assert_eq!(login(&desk, "alice", &codes[0]), 1);
    desk.assert_sound();
    fs::remove_file(desk.keys()).unwrap();
    desk.refuses(&["restore", text(&file), "--yes"], 4, "missing_key");
}

#[test]
fn a_log_without_its_store_is_not_applied_to_the_new_one() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = backup(&desk);
    let log = desk.store().with_extension("db-wal");
    desk.issue("bob");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    fs::remove_file(desk.store()).unwrap();
    desk.refuses(&["init"], 4, "damaged_store");
    desk.refuses(&["generate", "alice", "--create-user"], 4, "damaged_store");
    desk.say(&["restore", text(&file), "--yes"]);
    assert_eq!(desk.query("SELECT COUNT(*) FROM users"), "1");
    desk.assert_sound();
}

#[test]
fn a_store_that_cannot_be_read_any_more_is_set_aside_as_it_is() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = backup(&desk);
    for ruin in [
        "",
        "not a database at all, but something else that is long enough",
    ] {
        fs::write(desk.store(), ruin).unwrap();
        desk.say(&["restore", text(&file), "--yes"]);
        let aside = set_aside(&desk);
        assert!(
            aside
                .iter()
                .any(|path| fs::read(path).unwrap() == ruin.as_bytes())
        );
        desk.assert_sound();
    }
}

#[test]
fn what_is_no_sound_backup_of_this_key_is_refused_before_anything_is_touched() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let file = backup(&desk);
    let whole = fs::read(&file).unwrap();
    let bad = desk.home().join("bad.db");
    let refuse = |bytes: &[u8], kind: &str| {
        fs::write(&bad, bytes).unwrap();
        let said = desk.refuses(&["restore", text(&bad), "--yes"], 4, kind);
        assert!(said.contains("nothing was changed"), "{said}");
    };
    refuse(b"", "damaged_store");
    refuse(b"these are not the bytes of a database", "damaged_store");
    for length in [
        100,
        4096,
        whole.len() / 2,
        whole.len() - 1,
        whole.len() - 4096,
    ] {
        refuse(&whole[..length], "damaged_store");
    }
    let mut torn = whole.clone();
    let middle = torn.len() / 2;
    torn[middle..middle + 4096].fill(0xA5);
    refuse(&torn, "damaged_store");
    let changed = |sql: &str| {
        let copy = desk.home().join("changed.db");
        fs::write(&copy, &whole).unwrap();
        rusqlite::Connection::open(&copy)
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        fs::read(copy).unwrap()
    };
    refuse(&changed("PRAGMA user_version = 99"), "newer_store");
    refuse(&changed("PRAGMA application_id = 7"), "damaged_store");
    let trigger = desk.query("SELECT sql FROM sqlite_schema WHERE name = 'audit_is_never_changed'");
    for sql in [
        format!(
            "DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'x' WHERE number = 1; {trigger}"
        ),
        "DROP TRIGGER audit_is_never_changed".into(),
        "CREATE TRIGGER t AFTER UPDATE ON codes BEGIN DELETE FROM attempts; END".into(),
    ] {
        refuse(&changed(&sql), "damaged_store");
    }
    let other = Desk::in_file();
    other.pass(1);
    let mine = other.home().join("other.db");
    // Another seed, so that the key is another.
    other.issue("first");
    fs::remove_file(other.keys()).unwrap();
    fs::remove_dir_all(other.store().parent().unwrap()).unwrap();
    other.issue("bob");
    other.say(&["backup", text(&mine)]);
    refuse(&fs::read(&mine).unwrap(), "wrong_key");
    desk.refuses(
        &["restore", text(&desk.home().join("no")), "--yes"],
        4,
        "io",
    );
    desk.refuses(&["restore", text(desk.home()), "--yes"], 4, "damaged_store");
    assert!(set_aside(&desk).is_empty());
    assert_eq!(login(&desk, "alice", &codes[0]), 0);
    desk.assert_sound();
}

#[test]
fn the_store_itself_is_no_backup_of_it() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let link = desk.home().join("link.db");
    symlink(desk.store(), &link).unwrap();
    desk.refuses(&["restore", text(&desk.store()), "--yes"], 2, "usage");
    desk.refuses(&["restore", text(&link), "--yes"], 2, "usage");
    desk.refuses(&["restore", "/dev/null", "--yes"], 4, "damaged_store");
    // Another store, of which a part still lies in its log.
    let other = desk.home().join("other.db");
    desk.say(&["--store", text(&other), "user", "add", "bob"]);
    let said = desk.refuses(&["restore", text(&other), "--yes"], 4, "damaged_store");
    assert!(said.contains("in use"), "{said}");
}

#[test]
fn links_are_followed_and_stay() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = backup(&desk);
    let (to_backup, to_store) = (desk.home().join("b"), desk.home().join("s.db"));
    symlink(&file, &to_backup).unwrap();
    symlink(desk.store(), &to_store).unwrap();
    desk.say(&[
        "--store",
        text(&to_store),
        "restore",
        text(&to_backup),
        "--yes",
    ]);
    assert!(to_store.is_symlink());
    assert_eq!(desk.query("SELECT epoch FROM store"), "2");
    assert_eq!(set_aside(&desk).len(), 1);
    let dangling = desk.home().join("dangling");
    symlink("nowhere", &dangling).unwrap();
    let said = desk.run(&["--store", text(&dangling), "restore", text(&file), "--yes"]);
    assert_eq!(said.exit, 4, "{}", said.err);
    desk.assert_sound();
}

#[test]
fn an_older_backup_is_upgraded_and_sealed_on_the_way() {
    let desk = Desk::older();
    let file = desk.home().join("backup.db");
    desk.tamper(&format!(
        "ALTER TABLE batches DROP COLUMN shown_at; ALTER TABLE batches DROP COLUMN export_format;
         ALTER TABLE batches DROP COLUMN changed_at;
         DROP TABLE imported; ALTER TABLE batches DROP COLUMN imported_from; ALTER TABLE store DROP COLUMN django_key;
         DROP TABLE purged_batches; DROP TABLE purges; ALTER TABLE store DROP COLUMN auto_pruned_at;
         DROP TABLE letters; DROP TABLE tasks; DROP TABLE schedules; DROP TABLE sessions; DROP TABLE mail_log;
         ALTER TABLE batches DROP COLUMN exported_at; ALTER TABLE batches DROP COLUMN emailed_at;
         ALTER TABLE batches DROP COLUMN low_notified_at; PRAGMA user_version = 1;
         VACUUM INTO '{}'",
        file.display()
    ));
    let before = fs::read(&file).unwrap();
    // Also once the key file says that the store is sealed: who restores knows what they do.
    for _ in 0..2 {
        desk.say(&["restore", text(&file), "--trust-codes", "--yes"]);
        desk.say(&["init"]);
    }
    assert!(before == fs::read(&file).unwrap(), "the backup was changed");
    let codes = Desk::older_codes("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[2]).exit, 0);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    desk.assert_sound();
}

#[test]
fn where_the_disk_is_full_the_old_store_stays() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let file = backup(&desk);
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    for blocks in [0, 8, 64, 200] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let args = ["restore", text(&file), "--yes"];
        let tried = ended(desk.shell(&script, &args).output().unwrap());
        assert_eq!((tried.exit, tried.out.as_str()), (4, ""), "{}", tried.err);
        assert!(set_aside(&desk).is_empty());
    }
    assert_eq!(desk.query("SELECT epoch FROM store"), "1");
    assert_eq!(login(&desk, "alice", &codes[0]), 0);
    desk.assert_sound();
}

#[test]
fn a_killed_restore_leaves_one_whole_store() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = backup(&desk);
    desk.issue("bob");
    let begun = std::time::Instant::now();
    assert_eq!(desk.spawn(&["restore", text(&file), "--yes"], "").exit, 0);
    let whole = begun.elapsed();
    desk.run(&["user", "add", "bob", "--if-missing"]);
    let (mut old, mut new) = (0, 0);
    // From the first moment on until long after it should be done.
    for number in 0..60 {
        let mut child = desk
            .process(&["restore", text(&file), "--yes"])
            .spawn()
            .unwrap();
        std::thread::sleep(whole * number / 30);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(desk.store().exists());
        match desk.query("SELECT COUNT(*) FROM users").as_str() {
            "1" => new += 1,
            "2" => old += 1,
            other => panic!("{other} users"),
        }
        desk.assert_sound();
        desk.run(&["user", "add", "bob", "--if-missing"]);
    }
    assert!(old + new == 60 && new > 0, "{old} old, {new} new");
}

/// Logs in with one code after another until it is told to stop.
fn logins(desk: &Desk, codes: &[String], stop: &AtomicBool) -> Vec<(usize, Ended)> {
    let mut all = Vec::new();
    for (number, code) in codes.iter().enumerate() {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        all.push((number, desk.spawn(&["verify", "alice"], code)));
    }
    all
}

#[test]
fn logins_during_a_restore_are_in_one_store_or_are_not_let_in() {
    let desk = Desk::in_file()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100")
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "100");
    let codes = desk.issue_with("alice", &["--count", "100"]);
    let file = backup(&desk);
    let stop = AtomicBool::new(false);
    let tried: Vec<(usize, Ended)> = std::thread::scope(|scope| {
        let halves = codes.chunks(50).enumerate().map(|(half, codes)| {
            let (desk, stop) = (&desk, &stop);
            scope.spawn(move || {
                let all = logins(desk, codes, stop);
                all.into_iter()
                    .map(|(number, ended)| (number + 50 * half, ended))
                    .collect::<Vec<_>>()
            })
        });
        let halves: Vec<_> = halves.collect();
        for _ in 0..6 {
            let args = ["restore", text(&file), "--yes", "--trust-codes"];
            let done = desk.spawn(&args, "");
            assert_eq!(done.exit, 0, "{}", done.err);
            desk.process(&["worker", "--once"]).status().unwrap();
        }
        stop.store(true, Ordering::SeqCst);
        halves
            .into_iter()
            .flat_map(|half| half.join().unwrap())
            .collect()
    });
    let mut stores = set_aside(&desk);
    assert_eq!(stores.len(), 6);
    stores.push(desk.store());
    let mut accepted = 0;
    for (number, ended) in &tried {
        let hint = &codes[*number][..6];
        let sql = format!("SELECT COUNT(*) FROM codes WHERE hint = '{hint}' AND state = 'used'");
        let used: i64 = stores
            .iter()
            .map(|store| -> i64 {
                let connection = rusqlite::Connection::open(store).unwrap();
                connection.query_row(&sql, [], |row| row.get(0)).unwrap()
            })
            .sum();
        match ended.exit {
            0 => {
                accepted += 1;
                assert_eq!(used, 1, "an accepted code is nowhere used");
            }
            4 => {
                assert!(ended.err.contains("replaced"), "{}", ended.err);
                assert_eq!(used, 0);
            }
            other => panic!("{other}: {}", ended.err),
        }
    }
    assert!(accepted > 0);
    for store in &stores {
        let chain = desk.run(&["--store", text(store), "log", "verify"]);
        assert_eq!(chain.exit, 0, "{}: {}", store.display(), chain.err);
    }
    desk.assert_sound();
}

#[test]
fn who_has_the_old_store_open_is_refused_and_not_lost() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = backup(&desk);
    let reader = rusqlite::Connection::open(desk.store()).unwrap();
    let users = |connection: &rusqlite::Connection| -> i64 {
        connection
            .query_row("SELECT COUNT(*) FROM users", [], |row| row.get(0))
            .unwrap()
    };
    desk.issue("bob");
    assert_eq!(users(&reader), 2);
    desk.say(&["restore", text(&file), "--yes"]);
    desk.issue("carol");
    desk.issue("dora");
    // It goes on seeing the store it opened, with nothing of the other in it.
    assert_eq!(users(&reader), 2);
    assert_eq!(desk.query("SELECT COUNT(*) FROM users"), "3");
    desk.assert_sound();
}

#[test]
fn everybody_gets_new_codes_after_a_restore() {
    let desk = Desk::in_file();
    let old = desk.issue("alice");
    desk.issue("../b c");
    desk.issue("dora");
    desk.say(&["user", "disable", "dora"]);
    let file = backup(&desk);
    desk.say(&["restore", text(&file), "--yes"]);
    let sheets = desk.home().join("sheets");
    let nowhere = desk.refuses(&["generate", "--all-outdated"], 2, "usage");
    assert!(nowhere.contains("--sheets"), "{nowhere}");
    desk.refuses(
        &["generate", "--all-outdated", "--email", "--yes"],
        4,
        "mail",
    );
    let to_sheets = [
        "generate",
        "--all-outdated",
        "--sheets",
        text(&sheets),
        "--format",
        "csv",
    ];
    desk.refuses(&to_sheets, 3, "not_confirmed");
    assert!(!sheets.exists());
    let said = desk.json(&[&to_sheets[..], &["--yes"]].concat());
    assert_eq!(
        said,
        json!({"issued": 2, "queued": 0, "left": 0, "sheets": text(&sheets), "failed": []})
    );
    let mut names: Vec<String> = fs::read_dir(&sheets)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["%2E.%2Fb%20c.csv", "alice.csv"]);
    let sheet = fs::read_to_string(sheets.join("alice.csv")).unwrap();
    let code = sheet
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .find(|word| word.len() == 41)
        .unwrap();
    assert_eq!(login(&desk, "alice", code), 0);
    assert_eq!(login(&desk, "alice", &old[0]), 1);
    // A second time there is nobody left, and nothing to ask.
    assert_eq!(desk.json(&to_sheets)["issued"], 0);
    desk.assert_sound();
}

#[test]
fn who_could_not_get_new_codes_is_named_and_the_others_have_them() {
    let desk = Desk::in_file()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org");
    desk.issue("alice");
    desk.issue("bob");
    desk.say(&["user", "edit", "bob", "--email", "bob@example.org"]);
    let file = backup(&desk);
    desk.say(&["restore", text(&file), "--yes"]);
    let tried = desk.run(&["generate", "--all-outdated", "--email", "--yes", "--json"]);
    assert_eq!(tried.exit, 4);
    assert_eq!(tried.error()["kind"], "incomplete");
    assert_eq!(
        (
            &tried.json()["issued"],
            &tried.json()["left"],
            &tried.json()["failed"]
        ),
        (
            &json!(1),
            &json!(1),
            &json!([{"user": "alice", "kind": "no_email", "message": "alice has no e-mail address"}])
        )
    );
    let mail = fs::read_dir(desk.store().with_file_name("mail"))
        .unwrap()
        .count();
    assert_eq!(mail, 1);
    desk.assert_sound();
}

#[test]
fn a_reissue_that_was_killed_is_taken_up_again() {
    let desk = Desk::in_file();
    for number in 0..12 {
        desk.issue(&format!("user{number}"));
    }
    let file = backup(&desk);
    desk.say(&["restore", text(&file), "--yes"]);
    let sheets = desk.home().join("sheets");
    let args = [
        "generate",
        "--all-outdated",
        "--sheets",
        text(&sheets),
        "--yes",
    ];
    for pause in [10, 20, 30, 40] {
        let mut child = desk.process(&args).stdin(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(b"");
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    desk.say(&args);
    assert_eq!(desk.json(&["status"])["users"]["outdated"], 0);
    for number in 0..12 {
        let user = format!("user{number}");
        assert_eq!(desk.json(&["history", &user])["total"], 2, "{user}");
        let sheet = fs::read_to_string(sheets.join(format!("{user}.txt"))).unwrap();
        let batch = desk.active_batch(&user);
        assert!(
            sheet.contains(&batch[..8]),
            "the sheet of {user} is an old one"
        );
    }
    desk.assert_sound();
}
