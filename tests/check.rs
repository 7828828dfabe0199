//! `check`: everything that is wrong, at once.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::harness::Desk;
use crate::harness::asking::{column, fields};

fn wrong(report: &Value) -> Vec<(String, String)> {
    let items = report["items"].as_array().unwrap().iter();
    items
        .filter(|item| item["level"] == "wrong")
        .map(|item| {
            let text = |field: &str| item[field].as_str().unwrap_or_default().to_owned();
            assert_ne!(text("hint"), "", "{item}");
            (text("check"), text("message"))
        })
        .collect()
}

#[test]
fn a_sound_desk_is_well() {
    let desk = Desk::new();
    desk.issue("alice");
    let text = desk.say(&["check"]);
    assert_eq!(text.err, "All is well.\n");
    assert!(text.out.contains("the file is sound"), "{}", text.out);
    assert!(text.out.contains("note: a hash costs less"), "{}", text.out);
    let report = desk.json(&["check"]);
    assert_eq!(fields(&report), ["items", "page", "pages", "total"]);
    assert_eq!(
        fields(&report["items"][0]),
        ["check", "hint", "level", "message"]
    );
    assert_eq!(
        column(&report, "check"),
        [
            "settings", "hash", "mail", "key", "disk", "store", "counts", "tasks", "clock", "audit"
        ]
    );
    assert_eq!(
        column(&report, "level"),
        ["ok", "note", "ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok"]
    );
}

#[test]
fn without_a_store_it_ends_with_4_and_still_says_the_rest() {
    let desk = Desk::new().with("RECOVERY_CODES_CODES_COUNT", "many");
    let text = desk.run(&["check"]);
    assert_eq!(text.exit, 4);
    assert!(text.err.contains("error: there is no store at "));
    assert!(
        text.err
            .contains("hint: make one with `recovery-codes init`"),
        "{}",
        text.err
    );
    assert!(text.out.contains("RECOVERY_CODES_CODES_COUNT"));
    let json = desk.run(&["check", "--json"]);
    assert_eq!((json.exit, &json.error()["kind"]), (4, &"no_store".into()));
    let about: Vec<_> = wrong(&json.json())
        .into_iter()
        .map(|(about, _)| about)
        .collect();
    assert_eq!(about, ["settings", "key", "store"]);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let desk = Desk::new();
    desk.issue("alice");
    fs::write(
        desk.config(),
        "[limiter]\nmax_atempts = 3\n[hash]\nmemory_kib = \"much\"\n",
    )
    .unwrap();
    fs::set_permissions(desk.store(), fs::Permissions::from_mode(0o644)).unwrap();
    desk.tamper(
        "UPDATE codes SET state = 'used', ended_at = 1 WHERE position = 1;
         DROP TRIGGER audit_is_never_changed;
         UPDATE audit SET actor = 'mallory' WHERE number = 2;",
    );
    desk.pass(-1000);
    let ended = desk.run(&["check", "--json"]);
    assert_eq!((ended.exit, ended.err.as_str()), (1, ""));
    let found = wrong(&ended.json());
    let about: Vec<&str> = found.iter().map(|(about, _)| about.as_str()).collect();
    assert_eq!(
        about,
        [
            "settings",
            "settings",
            "permissions",
            "permissions",
            "permissions",
            "counts",
            "clock",
            "audit"
        ],
        "the log and its index get the mode of the store: {found:?}"
    );
    assert!(found[0].1.contains("memory_kib") && found[1].1.contains("limiter.max_atempts"));
    assert!(found[2].1.contains("everybody on this machine"));
    assert!(found[7].1.contains("entry 2"));
    let text = desk.run(&["check"]);
    assert_eq!((text.exit, text.err.as_str()), (1, "Wrong: 8 findings.\n"));
    assert_eq!(text.out.matches("WRONG:").count(), 8, "{}", text.out);
}

#[test]
fn a_contradiction_between_settings_is_found() {
    let desk = Desk::new();
    desk.issue("alice");
    fs::write(
        desk.config(),
        "[limiter]\nbase_cooldown = 7200\nttl = 30\n[codes]\nlow = 10\n",
    )
    .unwrap();
    let ended = desk.run(&["check", "--json"]);
    assert_eq!(ended.exit, 1);
    assert_eq!(wrong(&ended.json()).len(), 3);
}

#[test]
fn a_key_that_does_not_belong_to_the_store_is_found() {
    let desk = Desk::new();
    desk.issue("alice");
    fs::remove_file(desk.keys()).unwrap();
    let missing = desk.run(&["check", "--json"]);
    assert_eq!(missing.exit, 1);
    assert_eq!(wrong(&missing.json())[0].0, "key");
    let desk = desk.with("RECOVERY_CODES_KEY", &"k".repeat(40));
    let foreign = desk.run(&["check", "--json"]);
    assert_eq!(foreign.exit, 1);
    let found = wrong(&foreign.json());
    assert!(found[0].1.contains("is not one this store was used with"));
    assert!(!foreign.out.contains("kkkk"));
}

#[test]
fn a_readable_key_file_is_found() {
    let desk = Desk::new();
    desk.issue("alice");
    fs::set_permissions(desk.keys(), fs::Permissions::from_mode(0o640)).unwrap();
    let ended = desk.run(&["check", "--json"]);
    assert_eq!(ended.exit, 1);
    let found = wrong(&ended.json());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("can be read by its group"));
}

#[test]
fn a_damaged_page_is_found() {
    let desk = Desk::new();
    desk.issue("alice");
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE);");
    let mut bytes = fs::read(desk.store()).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xA5);
    fs::write(desk.store(), bytes).unwrap();
    let ended = desk.run(&["check", "--json"]);
    assert_eq!(ended.exit, 1);
    let found = wrong(&ended.json());
    assert!(found.iter().any(|(about, _)| about == "store"), "{found:?}");
}

#[test]
fn old_names_without_successor_are_a_note() {
    let desk = Desk::new().with("Q_CLUSTER", "{}");
    desk.issue("alice");
    let report = desk.json(&["check"]);
    assert_eq!(report["items"][1]["level"], "note");
    assert!(
        report["items"][1]["message"]
            .as_str()
            .unwrap()
            .starts_with("Q_CLUSTER has no effect")
    );
}

/// What `check` found of this kind, as level and message.
fn found(desk: &Desk, about: &str) -> Vec<(String, String)> {
    let items = desk.run(&["check", "--json"]).json();
    let items = items["items"].as_array().unwrap().clone();
    let text = |item: &serde_json::Value, name: &str| item[name].as_str().unwrap().to_owned();
    items
        .iter()
        .filter(|item| item["check"] == about)
        .map(|item| (text(item, "level"), text(item, "message")))
        .collect()
}

#[test]
fn mail_that_anybody_could_read_is_noted() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_MAIL_BACKEND", "smtp")
        .with("RECOVERY_CODES_MAIL_HOST", "mail.example.org")
        .with("RECOVERY_CODES_MAIL_SECURITY", "none")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_USER", "codes")
        .with("RECOVERY_CODES_MAIL_PASSWORD_FILE", "/nowhere/password");
    desk.issue("alice");
    let found = found(&desk, "mail");
    assert_eq!(
        found[0],
        ("ok".into(), "by mail.example.org:587, none".into())
    );
    assert_eq!(
        found[1],
        (
            "note".into(),
            "mail leaves unencrypted, and with it codes".into()
        )
    );
    assert_eq!(
        found[2],
        ("wrong".into(), "there is no file /nowhere/password".into())
    );
}

#[test]
fn a_broken_template_is_found_before_it_is_needed() {
    let desk = Desk::new();
    let desk = {
        let directory = desk.home().join("templates");
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("used.txt"), "Hello {{ name").unwrap();
        let path = directory.to_str().unwrap().to_owned();
        desk.with("RECOVERY_CODES_MAIL_TEMPLATES", &path)
            .with("RECOVERY_CODES_MAIL_BACKEND", "console")
            .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
    };
    desk.issue("alice");
    let found = found(&desk, "mail");
    assert_eq!(found[0].0, "note");
    assert_eq!(found[1].0, "wrong");
    assert!(found[1].1.contains("used.txt"), "{found:?}");
}

#[test]
fn work_that_nobody_does_is_found() {
    let desk = Desk::new();
    desk.issue("alice");
    desk.say(&[
        "schedule", "add", "x", "--run", "purge", "--every", "hourly", "--at", "03:00",
    ]);
    assert_eq!(found(&desk, "tasks")[0].0, "ok");
    desk.pass(3 * 86_400);
    let late = found(&desk, "tasks");
    assert_eq!(late[0].0, "wrong");
    assert!(late[0].1.contains("nobody does it"), "{late:?}");
    desk.say(&["worker", "--once"]);
    assert_eq!(found(&desk, "tasks")[0].0, "ok");
    desk.tamper("UPDATE tasks SET state = 'failed'");
    assert_eq!(
        found(&desk, "tasks")[0],
        ("wrong".into(), "1 task failed".into())
    );
}
