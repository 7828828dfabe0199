//! `check`: everything that is wrong, at once.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::harness::Desk;
use crate::harness::asking::{column, fields};
use crate::harness::delivery::{dead_port, server};
use crate::harness::smtp::{At, Fault};

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
    let desk = Desk::in_file();
    desk.issue("alice");
    let text = desk.say(&["check"]);
    assert_eq!(text.err, "All is well.\n");
    assert!(text.out.contains("the file is sound"), "{}", text.out);
    assert!(
        text.out.contains("\nok     store      the file is sound\n"),
        "{}",
        text.out
    );
    let report = desk.json(&["check"]);
    assert_eq!(fields(&report), ["items", "page", "pages", "total"]);
    assert_eq!(
        fields(&report["items"][0]),
        ["check", "hint", "level", "message"]
    );
    assert_eq!(
        column(&report, "check"),
        [
            "settings", "hash", "language", "mail", "key", "disk", "store", "schema", "counts",
            "tasks", "clock", "audit", "seals"
        ]
    );
    assert_eq!(
        column(&report, "level"),
        [
            "ok", "note", "ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok"
        ]
    );
}

#[test]
fn of_a_large_store_the_newest_rows_are_looked_at_and_all_of_it_in_depth() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.pass(3600);
    desk.issue("alice");
    desk.tamper("UPDATE totals SET used = used + 1");
    let whole = desk.run(&["check", "--json"]);
    let sums = "the sums of what is over do not agree with the batches";
    assert_eq!(
        wrong(&whole.json()),
        [("counts".to_owned(), sums.to_owned())]
    );
    desk.tamper(
        "CREATE TABLE large (x); INSERT INTO large VALUES (zeroblob(70000000)); DROP TABLE large",
    );
    let short = desk.say(&["check"]);
    assert!(
        short.out.contains("of which the newest rows are looked at"),
        "{}",
        short.out
    );
    assert!(
        short
            .out
            .contains("the counts of the newest batches agree with their codes")
    );
    let deep = desk.run(&["check", "--deep", "--json"]);
    assert_eq!(
        wrong(&deep.json()),
        [("counts".to_owned(), sums.to_owned())]
    );
    // The newest batches are miscounted, and that is seen at once.
    desk.tamper("UPDATE batches SET deleted = deleted + 1 WHERE state = 'active'");
    let short = desk.run(&["check", "--json"]);
    assert_eq!(short.exit, 1);
    assert_eq!(wrong(&short.json()).len(), 1, "{}", short.out);
}

#[test]
fn without_a_store_it_ends_with_4_and_still_says_the_rest() {
    let desk = Desk::in_file().with("RECOVERY_CODES_CODES_COUNT", "many");
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
    let desk = Desk::in_file();
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
            "schema",
            "counts",
            "clock",
            "audit"
        ],
        "the log and its index get the mode of the store: {found:?}"
    );
    assert!(found[0].1.contains("memory_kib") && found[1].1.contains("limiter.max_atempts"));
    assert!(found[2].1.contains("everybody on this machine"));
    assert!(found[8].1.contains("entry 2"));
    assert!(found[5].1.contains("'audit_is_never_changed' is missing"));
    let text = desk.run(&["check"]);
    assert_eq!((text.exit, text.err.as_str()), (1, "Wrong: 9 findings.\n"));
    let first = text.out.lines().next().unwrap();
    assert!(
        first.starts_with("WRONG  settings   hash.memory_kib"),
        "{first}"
    );
    let second = text.out.lines().nth(1).unwrap();
    assert!(
        second.trim_start().starts_with("to do: it takes"),
        "{second}"
    );
    assert_eq!(text.out.matches("WRONG ").count(), 9, "{}", text.out);
}

#[test]
fn a_table_that_is_gone_and_a_trigger_of_somebody_else_are_found() {
    let desk = Desk::in_file();
    desk.issue("alice");
    desk.tamper("DROP TABLE attempts; CREATE TRIGGER t AFTER UPDATE ON codes BEGIN SELECT 1; END");
    let ended = desk.run(&["check", "--json"]);
    assert_eq!(ended.exit, 1);
    let found = wrong(&ended.json());
    let said = |message: &str| {
        let schema = ("schema".to_owned(), message.to_owned());
        assert!(found.contains(&schema), "{found:?}");
    };
    said("the table 'attempts' is missing");
    said("the trigger 't' was not made by this program");
}

#[test]
fn a_contradiction_between_settings_is_found() {
    let desk = Desk::in_file();
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
    let desk = Desk::in_file();
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
    let desk = Desk::in_file();
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
    let desk = Desk::in_file();
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
    let desk = Desk::in_file().with("Q_CLUSTER", "{}");
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
    let desk = Desk::in_file()
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
    let desk = Desk::in_file();
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
    let desk = Desk::in_file();
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

#[test]
fn work_that_waits_for_a_moment_under_a_wrong_clock_is_found() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let add = |name: &str, every: &str, at: &str| {
        let words = ["schedule", "add", name, "--run", "purge", "--every"];
        desk.say(&[&words[..], &[every, "--at", at]].concat());
    };
    desk.set_clock("2036-01-01T00:00:00Z");
    for every in ["once", "hourly", "daily", "yearly"] {
        add(every, every, "03:00");
    }
    desk.set_clock("2026-09-21T15:00:00Z");
    let _ = desk.run(&["check", "--accept-clock", "--yes"]);
    add("meant", "weekly", "2027-01-01");
    add("soon", "daily", "03:00");
    add("later", "once", "2036-01-01");
    let schedules = found(&desk, "schedules");
    let of = |level: &str| -> Vec<&str> {
        let of_it = schedules.iter().filter(|(its, _)| its == level);
        of_it
            .map(|(_, message)| message.split('\'').nth(1).unwrap())
            .collect()
    };
    assert_eq!(of("wrong"), ["daily", "hourly", "once", "yearly"]);
    assert_eq!(of("note"), ["meant"], "{schedules:?}");
    assert!(schedules[0].1.contains("not before 2036-01-01 03:00 UTC"));
    assert_eq!(found(&desk, "tasks")[0].0, "ok");
    // Just within what settings allow, and just beyond it.
    desk.tamper(
        "INSERT INTO tasks (kind, subject, state, created_at, due_at, lease_until)
         SELECT 'prune', 'x', s.column1, 1, 1790002800000 + s.column2 * 1000, 1790002800000 + s.column3 * 1000
         FROM (VALUES ('queued', 2592000, NULL), ('queued', 2592001, NULL),
                      ('running', 0, 86400), ('running', 0, 86401)) s",
    );
    let tasks = found(&desk, "tasks");
    assert_eq!(tasks.len(), 2, "{tasks:?}");
    assert!(
        tasks[0].1.starts_with("task 2 waits until 2026-10-21"),
        "{tasks:?}"
    );
    assert!(
        tasks[1].1.starts_with("task 4 is held until 2026-09-22"),
        "{tasks:?}"
    );
    desk.say(&["task", "retry", "2"]);
    desk.say(&["worker", "--once"]);
    assert_eq!(found(&desk, "tasks")[0].0, "ok");
}

#[test]
fn codes_from_before_a_restore_are_found_until_they_are_replaced_or_trusted() {
    let desk = Desk::in_file();
    for user in ["alice", "bob"] {
        desk.issue(user);
    }
    let backup = desk.home().join("backup.db");
    let backup = backup.to_str().unwrap();
    desk.say(&["backup", backup]);
    assert_eq!(found(&desk, "codes"), []);
    desk.say(&["restore", backup, "--yes"]);
    let message = "the codes of 2 users do not work, because a backup was restored";
    assert_eq!(found(&desk, "codes"), [("wrong".into(), message.into())]);
    assert_eq!(desk.run(&["check"]).exit, 1);
    desk.issue("alice");
    assert!(found(&desk, "codes")[0].1.contains("1 user do not work"));
    desk.say(&["restore", backup, "--trust-codes", "--yes"]);
    assert_eq!(found(&desk, "codes"), []);
    desk.assert_sound();
}

/// What `check --deep` found wrong, and how it ended.
fn deep(desk: &Desk) -> (u8, Vec<(String, String)>) {
    let ended = desk.run(&["check", "--deep", "--json"]);
    assert_eq!(ended.err, "");
    (ended.exit, wrong(&ended.json()))
}

/// `check --deep` finds this one thing; whether the short check finds it too is known.
#[track_caller]
fn finds(desk: &Desk, about: &str, message: &str, is_found_by_both: bool) {
    let (exit, found) = deep(desk);
    assert_eq!(exit, 1, "{message}");
    let is_it = |(its, said): &(String, String)| its == about && said.contains(message);
    assert!(found.iter().any(is_it), "{message}: {found:?}");
    let short = desk.run(&["check", "--json"]).json();
    assert_eq!(wrong(&short).iter().any(is_it), is_found_by_both, "{short}");
}

#[test]
fn a_sound_desk_is_deeply_well() {
    let desk = Desk::in_file();
    desk.issue("alice");
    desk.say(&[
        "schedule", "add", "x", "--run", "purge", "--every", "daily", "--at", "03:00",
    ]);
    let text = desk.say(&["check", "--deep"]);
    assert_eq!(text.err, "All is well.\n");
    let report = desk.json(&["check", "--deep"]);
    let looked = column(&report, "check");
    for about in ["links", "hashes", "schedules", "store", "counts", "audit"] {
        assert!(looked.contains(&about.to_owned()), "{looked:?}");
    }
    assert!(text.out.contains("10 hashes, each"), "{}", text.out);
}

#[test]
fn deep_needs_a_store_as_well() {
    let ended = Desk::in_file().run(&["check", "--deep"]);
    assert_eq!(ended.exit, 4);
}

#[test]
fn an_index_that_does_not_fit_its_table_is_found_deep_down() {
    let desk = Desk::in_file();
    desk.issue("alice");
    desk.say(&["user", "add", "bob"]);
    // The index goes on under another definition than it was made with.
    desk.tamper(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, '(at)', '(number)') WHERE name = 'audit_by_time';",
    );
    let (exit, found) = deep(&desk);
    assert_eq!(exit, 1);
    assert!(found.iter().any(|(about, _)| about == "store"), "{found:?}");
}

#[test]
fn rows_that_belong_to_nothing_are_found_deep_down() {
    let desk = Desk::in_file();
    desk.issue("alice");
    desk.tamper("PRAGMA foreign_keys = OFF; DELETE FROM users");
    finds(&desk, "links", "1 row of batches belong", false);
}

#[test]
fn a_hash_that_cannot_be_read_is_found_deep_down() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let batch = desk.active_batch("alice");
    desk.tamper("UPDATE codes SET hash = 'x' || hash WHERE position = 3");
    let message = format!("code 3 of batch {}", &batch[..8]);
    finds(&desk, "hashes", &message, false);
    for user in ["bob", "carol"] {
        desk.issue(user);
    }
    desk.tamper("UPDATE codes SET hash = ''");
    let (_, found) = deep(&desk);
    let told = found.iter().filter(|(about, _)| about == "hashes").count();
    assert_eq!(told, 21, "twenty, and how many more");
}

#[test]
fn the_counts_of_every_batch_are_compared() {
    let desk = Desk::in_file();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        desk.issue_with(name, &["--count", "1"]);
    }
    desk.tamper("UPDATE batches SET used = 1");
    let (_, found) = deep(&desk);
    let told = found.iter().filter(|(about, _)| about == "counts").count();
    assert_eq!(told, 7);
}

#[test]
fn what_is_wrong_with_schedules_is_found_deep_down() {
    let desk = Desk::in_file();
    desk.issue("alice");
    for name in ["one", "two"] {
        desk.say(&[
            "schedule", "add", name, "--run", "purge", "--every", "daily", "--at", "03:00",
        ]);
    }
    desk.tamper("UPDATE schedules SET next_at = NULL WHERE name = 'one'");
    finds(&desk, "schedules", "enabled, but has no next run", false);
    desk.tamper("UPDATE schedules SET state = 'disabled' WHERE name = 'one'");
    assert_eq!(deep(&desk), (0, Vec::new()));
    desk.tamper("UPDATE schedules SET start = 'soon' WHERE name = 'one'");
    finds(&desk, "schedules", "the start of schedule", false);
    desk.tamper("DELETE FROM schedules WHERE name = 'one'");
    desk.tamper("UPDATE schedules SET last_status = 'failed', last_error = 'the disk is full'");
    finds(&desk, "schedules", "failed: the disk is full", false);
    desk.pass(3 * 86_400);
    finds(&desk, "schedules", "and did not run", false);
}

#[test]
fn a_clock_behind_what_was_written_is_found() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    desk.pass(86_400);
    desk.pipe(&["verify", "alice"], "no such code");
    desk.pipe(&["verify", "alice"], &codes[0]);
    desk.pass(-30);
    assert_eq!(deep(&desk).0, 0, "others may write meanwhile");
    desk.pass(-3600);
    finds(&desk, "clock", "and the store has seen", true);
    desk.pass(-86_400);
    finds(&desk, "clock", "and the store has seen", true);
}

#[test]
fn a_mail_server_is_asked_only_deep_down() {
    let good = server(Fault::None);
    let desk = Desk::in_file().with_mail(good.address.port());
    desk.issue("alice");
    desk.say(&["check"]);
    assert!(good.heard().is_empty());
    let text = desk.say(&["check", "--deep"]);
    assert!(text.out.contains("it can be handed over"), "{}", text.out);
    assert!(good.heard().contains(&"NOOP".to_owned()));
    assert!(good.received().is_empty());
}

#[test]
fn a_mail_server_that_cannot_be_reached_is_found_deep_down() {
    let desk = Desk::in_file().with_mail(dead_port());
    desk.issue("alice");
    finds(&desk, "mail", "cannot be reached", false);
    let rude = server(Fault::Answer(At::Greeting, "554 no"));
    let desk = Desk::in_file().with_mail(rude.address.port());
    desk.issue("alice");
    finds(&desk, "mail", "refused the greeting", false);
}
