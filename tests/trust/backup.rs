//! `backup`: one whole file, made while others write, that holds no more than it must.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;

use crate::harness::{Desk, ended};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn backup(desk: &Desk, name: &str) -> PathBuf {
    let file = desk.home().join(name);
    desk.say(&["backup", text(&file)]);
    file
}

/// What a backup says to this query.
fn ask(file: &Path, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Names in a directory that begin so, without those of the store.
fn left_behind(desk: &Desk) -> Vec<String> {
    let names = |directory: &Path| -> Vec<String> {
        fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(".recovery-codes-"))
            .collect()
    };
    let mut all = names(desk.home());
    all.extend(names(desk.store().parent().unwrap()));
    all
}

#[test]
fn a_backup_is_one_private_file_and_the_log_names_it() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = desk.home().join("b");
    let said = desk.json(&["backup", text(&file)]);
    assert_eq!(said["file"], text(&file));
    assert_eq!(
        (&said["users"], &said["audit_entries"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(said["size"], fs::metadata(&file).unwrap().len());
    assert_eq!(said["head"].as_str().unwrap().len(), 64);
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let deed = desk.audit().swap_remove(0);
    assert_eq!(deed["action"], "store.backed_up");
    let details = deed["details"].as_str().unwrap();
    assert_eq!(details, format!("to {}, up to entry 3", file.display()));
    assert!(!desk.home().join("b-wal").exists());
    assert!(left_behind(&desk).is_empty());
    let second = desk.say(&["backup", text(&desk.home().join("c"))]);
    assert!(second.err.contains("It holds no key"), "{}", second.err);
    assert_eq!(second.out, "");
    let quiet = desk.say(&["backup", text(&desk.home().join("d")), "-q"]);
    assert_eq!((quiet.out, quiet.err), (String::new(), String::new()));
    desk.assert_sound();
}

#[test]
fn no_file_is_ever_written_over_and_no_directory_made() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = desk.home().join("there");
    fs::write(&file, "precious").unwrap();
    let dangling = desk.home().join("dangling");
    symlink("nowhere", &dangling).unwrap();
    let store = desk.store();
    for there in [
        &file,
        &dangling,
        &store,
        &desk.home().to_owned(),
        &"/dev/null".into(),
    ] {
        desk.refuses(&["backup", text(there)], 3, "file_exists");
        desk.refuses(&["backup", text(there), "--yes"], 3, "file_exists");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    assert!(!desk.home().join("nowhere").exists());
    let deep = desk.home().join("no/b");
    desk.refuses(&["backup", text(&deep)], 4, "io");
    assert!(!desk.home().join("no").exists());
    assert!(left_behind(&desk).is_empty());
}

#[test]
fn what_is_meant_for_a_few_minutes_is_not_in_it() {
    let desk = Desk::in_file()
        .with_runtime()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_DELIVERY", "queue");
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.issue_with("alice", &["--email"]);
    let sealed = desk.query("SELECT hex(sealed) FROM letters WHERE sealed IS NOT NULL");
    let session = desk.query("SELECT hex(sealed) FROM sessions");
    assert!(sealed.len() > 100 && session.len() > 100);
    let file = backup(&desk, "b");
    assert_eq!(ask(&file, "SELECT COUNT(*) FROM sessions"), 0);
    assert_eq!(ask(&file, "SELECT COUNT(*) FROM letters"), 0);
    assert_eq!(ask(&file, "SELECT COUNT(*) FROM tasks"), 0);
    let bytes = fs::read(&file).unwrap();
    for secret in [sealed, session] {
        let middle = &secret[40..72];
        let wanted: Vec<u8> = (0..middle.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&middle[at..at + 2], 16).unwrap())
            .collect();
        assert!(!bytes.windows(wanted.len()).any(|part| part == wanted));
    }
    // The store itself still has them.
    assert_eq!(desk.run(&["export", "alice", "--output", "-"]).exit, 0);
    assert_eq!(desk.query("SELECT COUNT(*) FROM letters"), "1");
}

#[test]
fn of_a_damaged_or_changed_store_no_backup_is_made() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let file = desk.home().join("b");
    let refuses = |what: &str| {
        let said = desk.refuses(&["backup", text(&file)], 4, "damaged_store");
        assert!(said.contains(what), "{said}");
        assert!(!file.exists());
        assert!(left_behind(&desk).is_empty());
    };
    let trigger = desk.query("SELECT sql FROM sqlite_schema WHERE name = 'audit_is_never_changed'");
    desk.tamper(
        "CREATE TRIGGER t AFTER UPDATE ON codes BEGIN DELETE FROM attempts; END;
         DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'mallory' WHERE number = 2;",
    );
    refuses("the trigger 'audit_is_never_changed' is missing");
    desk.tamper(&trigger);
    refuses("the trigger 't' was not made by this program");
    desk.tamper("DROP TRIGGER t");
    refuses("entry 2 was changed");
}

#[test]
fn where_the_disk_is_full_there_is_no_backup() {
    let desk = Desk::in_file();
    desk.issue("alice");
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    let file = desk.home().join("b");
    for blocks in [0, 8, 64, 200] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let tried = ended(
            desk.shell(&script, &["backup", text(&file)])
                .output()
                .unwrap(),
        );
        assert_eq!((tried.exit, tried.out.as_str()), (4, ""), "{}", tried.err);
        assert!(tried.err.contains("hint: "), "{}", tried.err);
        assert!(!file.exists());
        assert!(left_behind(&desk).is_empty());
    }
    backup(&desk, "b");
    desk.assert_sound();
}

#[test]
fn a_killed_backup_leaves_nothing_at_its_place() {
    let desk = Desk::in_file();
    desk.issue("alice");
    for number in 0..30 {
        let file = desk.home().join(format!("b{number}"));
        let mut child = desk.process(&["backup", text(&file)]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2 * number));
        child.kill().unwrap();
        child.wait().unwrap();
        if file.exists() {
            assert_eq!(ask(&file, "SELECT COUNT(*) FROM codes"), 10);
        }
    }
    desk.assert_sound();
}

#[test]
fn while_logins_go_on_every_backup_is_one_moment() {
    let desk = Desk::in_file()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100")
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "100");
    let codes = desk.issue_with("alice", &["--count", "60"]);
    let mut files = Vec::new();
    std::thread::scope(|scope| {
        for third in codes.chunks(20) {
            let desk = &desk;
            scope.spawn(move || {
                for code in third {
                    let login = desk.spawn(&["verify", "alice"], code);
                    assert_eq!(login.exit, 0, "{}", login.err);
                }
            });
        }
        for number in 0..8 {
            let file = desk.home().join(format!("b{number}"));
            let made = desk
                .process(&["backup", text(&file)])
                .stdin(Stdio::null())
                .output()
                .unwrap();
            assert_eq!(made.status.code(), Some(0), "{made:?}");
            files.push(file);
        }
    });
    assert_eq!(desk.query("SELECT used FROM batches"), "60");
    let mut before = 0;
    for file in files {
        let used = ask(&file, "SELECT used FROM batches");
        let rows = ask(&file, "SELECT COUNT(*) FROM codes WHERE state = 'used'");
        let entries = ask(
            &file,
            "SELECT COUNT(*) FROM audit WHERE action = 'code.used'",
        );
        assert!(used == rows && used == entries && used >= before);
        before = used;
    }
    desk.assert_sound();
}
