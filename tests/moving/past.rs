//! `import django` with what the real application wrote (`tests/fixtures/django/past.sh`): its
//! database and its dump, and in them a past.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::asking::column;
use crate::harness::{Desk, Ended};
use crate::moving::import::key_file;

/// The key of that site.
const KEY: &str = "a-recovery-key-of-this-test-0123456789";

/// The application's database, in which this was done too.
pub fn database(desk: &Desk, more: &str) -> PathBuf {
    let path = desk.home().join("app.sqlite3");
    let _ = fs::remove_file(&path);
    let made = Connection::open(&path).unwrap();
    // Rows refer to each other in any order.
    made.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    made.execute_batch(include_str!("../fixtures/django/database.sql"))
        .unwrap();
    made.execute_batch(more).unwrap();
    path
}

/// Codes of the application: whose, what they are to be, and as they were shown there.
fn codes() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("../fixtures/django/codes.txt")
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            (
                words.next().unwrap(),
                words.next().unwrap(),
                words.next().unwrap(),
            )
        })
}

fn code_of(user: &str, state: &str) -> &'static str {
    codes()
        .find(|(whose, what, _)| (*whose, *what) == (user, state))
        .unwrap()
        .2
}

fn import(desk: &Desk, file: &str, more: &[&str]) -> Ended {
    let key = key_file(desk, KEY);
    let args = [
        "import",
        "django",
        file,
        "--key-file",
        key.to_str().unwrap(),
    ];
    desk.run(&[&args, more].concat())
}

#[track_caller]
fn imported(desk: &Desk, more: &str) -> Value {
    let path = database(desk, more);
    let done = import(desk, path.to_str().unwrap(), &["--json"]);
    assert_eq!((done.exit, done.err.as_str()), (0, ""), "{}", done.out);
    done.json()
}

/// Tries a code, whatever was tried before.
fn verify(desk: &Desk, user: &str, code: &str) -> u8 {
    desk.run(&["limit", "reset", user, "--yes"]);
    desk.pipe(&["verify", user], code).exit
}

fn batches(desk: &Desk, user: &str) -> Vec<Value> {
    desk.json(&["history", user])["items"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn each_live_code_works_once_and_each_dead_one_never() {
    let desk = Desk::new();
    assert_eq!(
        imported(&desk, ""),
        json!({"added": 7, "disabled": 1, "imported": 4, "codes": 36, "dead": 34, "batches": 9, "history": 8,
               "schedules": ["nightly", "weekend", "audits"], "schedules_left": ["purge_recovery_codes_3"], "codes_left": 0,
               "skipped": 0, "left": 0, "refused": [], "refused_more": 0})
    );
    desk.assert_sound();
    for (user, state, code) in codes() {
        let exit = u8::from(state != "live");
        assert_eq!(verify(&desk, user, code), exit, "{user} {state}");
        assert_eq!(verify(&desk, user, code), 1, "{user} {state}");
        // The record says why.
        let log = desk.json(&["log", "verify-attempts", "--user", user]);
        // Rows that were purged there cannot be told from no code.
        let reason = match (user, state) {
            ("alice", "superseded") | (_, "purged") => "wrong",
            (_, "live") => "used",
            ("dave", _) => "disabled",
            (_, state) => state,
        };
        let outcome = log["items"][0]["outcome"].as_str().unwrap();
        let is_of_first = user == "alice" && state == "used" && outcome == "wrong";
        assert!(
            outcome == reason || is_of_first,
            "{user} {state}: {outcome}"
        );
    }
    desk.assert_sound();
}

#[test]
fn the_dump_tells_the_same_as_the_database() {
    let (desk, other) = (Desk::new(), Desk::new());
    imported(&desk, "");
    let dump = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/django/dump.json"
    );
    let done = import(&other, dump, &["--json"]);
    assert_eq!(done.exit, 0, "{}", done.err);
    assert_eq!(done.json()["dead"], 34);
    for user in ["alice", "bob", "carol", "dave", "erin", "frank", "ivan"] {
        assert_eq!(batches(&desk, user), batches(&other, user), "{user}");
        for batch in batches(&desk, user) {
            let list = [
                "code",
                "list",
                user,
                "--batch",
                batch["batch"].as_str().unwrap(),
            ];
            assert_eq!(desk.json(&list), other.json(&list), "{user}");
        }
        let show = ["user", "show", user];
        assert_eq!(desk.json(&show), other.json(&show));
    }
    for log in ["audit", "email", "purges"] {
        let log = ["log", log, "--imported"];
        assert_eq!(desk.json(&log), other.json(&log));
    }
    other.assert_sound();
}

#[test]
fn the_past_is_shown_with_all_counts_flags_and_dates() {
    let desk = Desk::new();
    imported(&desk, "");
    let alice = batches(&desk, "alice");
    let counts = |batch: &Value| {
        [
            "issued",
            "used",
            "invalidated",
            "deleted",
            "purged",
            "remaining",
        ]
        .map(|field| batch[field].as_u64().unwrap())
    };
    assert_eq!(counts(&alice[0]), [10, 1, 1, 1, 0, 7]);
    assert_eq!(alice[0]["created_at"], "2026-08-20T08:00:09Z");
    assert_eq!(alice[0]["state"], "active");
    let shown = desk.json(&["batch", "show", alice[0]["batch"].as_str().unwrap()]);
    assert_eq!(
        [&shown["imported_from"], &shown["created_by"]],
        ["django", "django"]
    );
    // Her first sheet was purged there; what is known of it stands in the application's history.
    assert_eq!(alice[1]["state"], "purged");
    assert_eq!(counts(&alice[1])[..2], [10, 2]);
    for mark in ["shown_at", "exported_at", "confirmed_at"] {
        let at = alice[1][mark].as_str().unwrap();
        assert!(at.starts_with("2026-06-01T08:00:"), "{mark} {at}");
        assert_eq!(alice[0][mark], Value::Null, "{mark}");
    }
    let list = desk.json(&["code", "list", "alice"]);
    let mut states = column(&list, "state");
    states.sort();
    assert_eq!(states[..7], ["active"; 7]);
    assert_eq!(states[7..], ["deleted", "invalidated", "used"]);
    // Expired is expired, whom the application would let in.
    let bob = &batches(&desk, "bob")[0];
    assert_eq!(
        [&bob["state"], &bob["expires_at"]],
        ["active", "2026-09-01T00:00:00Z"]
    );
    assert_eq!(desk.json(&["user", "show", "bob"])["remaining"], 0);
    let erin = &batches(&desk, "erin")[0];
    assert_eq!(erin["state"], "deleted");
    let erin = desk.json(&["batch", "show", erin["batch"].as_str().unwrap()]);
    assert_eq!(
        [&erin["ended_by"], &erin["ended_at"]],
        ["erin", "2026-08-10T08:00:45Z"]
    );
    assert_eq!(
        column(&json!({"items": erin["codes"]}), "state"),
        ["deleted"; 10]
    );
    // One code was used twice at the same time there, which it counted as two.
    let ivan = batches(&desk, "ivan");
    assert_eq!(counts(&ivan[0])[..2], [10, 1]);
    assert_eq!(ivan[1]["state"], "superseded");
    assert_eq!(counts(&ivan[1]), [10, 0, 10, 0, 0, 0]);
    assert_eq!(counts(&batches(&desk, "frank")[0]), [10, 0, 0, 10, 10, 0]);
    assert!(batches(&desk, "carol")[0]["emailed_at"].is_string());
    let used = &desk.json(&["user", "show", "alice"])["last_used_at"];
    assert!(used.as_str().unwrap().starts_with("2026-08-21"), "{used}");
    // What is dead is purged by the rules of here.
    assert_eq!(desk.json(&["purge", "--retention-days", "1"])["codes"], 34);
    desk.assert_sound();
}

#[test]
fn an_invalidated_code_can_be_reactivated_and_a_deleted_one_cannot() {
    let desk = Desk::new();
    imported(&desk, "");
    let rows = desk.json(&["code", "list", "alice"]);
    let hint = |state: &str| {
        let rows = rows["items"].as_array().unwrap();
        rows.iter().find(|row| row["state"] == state).unwrap()["hint"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    desk.say(&["code", "reactivate", "alice", &hint("invalidated")]);
    assert_eq!(verify(&desk, "alice", code_of("alice", "invalidated")), 0);
    for state in ["deleted", "used"] {
        assert_eq!(
            desk.run(&["code", "reactivate", "alice", &hint(state)])
                .exit,
            3
        );
    }
    desk.assert_sound();
}

#[test]
fn who_is_disabled_there_comes_disabled() {
    let desk = Desk::new();
    imported(&desk, "");
    assert_eq!(desk.json(&["user", "show", "dave"])["state"], "disabled");
    assert_eq!(verify(&desk, "dave", code_of("dave", "disabled")), 1);
    desk.say(&["user", "enable", "dave"]);
    assert_eq!(verify(&desk, "dave", code_of("dave", "disabled")), 0);
    // Who is enabled here stays so.
    let desk = Desk::new();
    desk.say(&["user", "add", "dave"]);
    let done = imported(
        &desk,
        "UPDATE auth_user SET email = '' WHERE username = 'dave'",
    );
    assert_eq!([&done["disabled"], &done["skipped"]], [0, 1]);
    assert_eq!(desk.json(&["user", "show", "dave"])["state"], "active");
}

#[test]
fn counts_that_cannot_be_true_are_not_taken_over() {
    let desk = Desk::new();
    imported(
        &desk,
        "UPDATE django_auth_recovery_codes_recoverycodesbatch
            SET number_issued = 3, number_used = 300, number_removed = 7, number_invalidated = 90;
         UPDATE django_auth_recovery_codes_recoverycodesbatchhistory
            SET number_issued = 3, number_used = 300, number_removed = 7, number_invalidated = 90;
         UPDATE django_auth_recovery_codes_recoverycodesbatch
            SET created_at = '2030-01-01 00:00:00', modified_at = '2000-01-01 00:00:00' WHERE user_id = 3;",
    );
    desk.assert_sound();
    assert_eq!(batches(&desk, "alice")[0]["used"], 1);
    assert_eq!(batches(&desk, "frank")[0]["used"], 3);
    assert_eq!(
        batches(&desk, "carol")[0]["created_at"],
        "2026-09-21T14:13:20Z"
    );
    assert_eq!(verify(&desk, "carol", code_of("carol", "live")), 0);
    desk.assert_sound();
}

#[test]
fn its_logs_stand_apart_from_the_chain() {
    let desk = Desk::new();
    imported(&desk, "");
    let audit = desk.json(&["log", "audit", "--imported"]);
    assert_eq!(audit["total"], 6);
    let erin = desk.json(&["log", "audit", "--imported", "--user", "erin"]);
    let entry = &erin["items"][0];
    assert_eq!(entry["imported_from"], "django");
    assert_eq!(
        [&entry["actor"], &entry["action"]],
        ["erin", "batch_purged"]
    );
    assert_eq!(entry["at"], "2026-08-10T08:00:49Z");
    assert_eq!(entry["batch"], batches(&desk, "erin")[0]["batch"]);
    let said = desk.run(&["log", "audit", "--imported"]);
    assert!(said.err.contains("does not prove"), "{}", said.err);
    let purges = desk.json(&["log", "purges", "--imported"]);
    assert_eq!(
        purges["items"][0]["details"],
        "20 codes of 2 batches, retention 60 days"
    );
    assert_eq!(desk.json(&["log", "purges"])["total"], 0);
    // Addresses are masked as in the log of mail.
    let mail = desk.json(&[
        "log",
        "email",
        "--imported",
        "--since",
        "2026-08-01",
        "--until",
        "2026-08-02",
    ]);
    assert_eq!(mail["items"][0]["user"], "...");
    assert_eq!(
        desk.json(&["log", "email", "--imported", "--until", "2026-08-01"])["total"],
        0
    );
    assert_eq!(
        desk.run(&["log", "audit", "--imported", "--action", "code.used"])
            .exit,
        2
    );
    desk.assert_sound();
    // They are pruned with the other logs.
    desk.say(&["log", "prune", "--retention-days", "30"]);
    assert_eq!(desk.json(&["log", "audit", "--imported"])["total"], 2);
    assert_eq!(desk.json(&["log", "email", "--imported"])["total"], 0);
    desk.assert_sound();
}

#[test]
fn clean_ups_become_schedules() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let weekend = ["--run", "prune", "--every", "daily", "--at", "04:00"];
    desk.say(&[&["schedule", "add", "weekend"], &weekend[..]].concat());
    let done = imported(&desk, "");
    assert_eq!(done["schedules"], json!(["nightly", "audits"]));
    assert_eq!(
        done["schedules_left"],
        json!(["weekend", "purge_recovery_codes_3"])
    );
    let nightly = desk.json(&["schedule", "show", "nightly"]);
    assert_eq!([&nightly["run"], &nightly["every"]], ["purge", "daily"]);
    assert_eq!(nightly["retention_days"], 45);
    assert_eq!(nightly["next_at"], "2026-09-22T03:30:00Z");
    let audits = desk.json(&["schedule", "show", "audits"]);
    assert_eq!([&audits["run"], &audits["every"]], ["prune", "monthly"]);
    // What was there stays as it is.
    assert_eq!(desk.json(&["schedule", "show", "weekend"])["run"], "prune");

    let desk = Desk::new();
    imported(&desk, "UPDATE django_auth_recovery_codes_recoverycodecleanupscheduler SET name = 'x_0123456789abcdef0' || id;
                     UPDATE django_q_schedule SET next_run = '2026-10-10 03:30:00' WHERE name = 'purge_recovery_codes_1';");
    let all = desk.json(&["schedule", "list"]);
    assert_eq!(
        column(&all, "schedule"),
        ["audits", "x_0123456789abcdef01", "x_0123456789abcdef02"]
    );
    let first = desk.json(&["schedule", "show", "x_0123456789abcdef01"]);
    assert_eq!(first["next_at"], "2026-10-10T03:30:00Z");
    let second = desk.json(&["schedule", "show", "x_0123456789abcdef02"]);
    assert_eq!(
        [&second["state"], &second["keep_empty_batches"]],
        [&json!("disabled"), &json!(true)]
    );

    // Without Django-Q, or with what no schedule can be.
    let desk = Desk::new();
    let done = imported(&desk, "DROP TABLE django_q_schedule;
        UPDATE django_auth_recovery_codes_recoverycodecleanupscheduler SET schedule_type = 'O' WHERE id = 1;
        UPDATE django_auth_recovery_codes_recoverycodecleanupscheduler SET schedule_type = 'X' WHERE id = 2;");
    assert_eq!(done["schedules"], json!(["audits"]));
    assert_eq!(done["schedules_left"], json!(["nightly", "weekend"]));
}

#[test]
fn only_what_is_new_comes() {
    let desk = Desk::new();
    imported(&desk, "");
    let deeds = desk.deeds();
    let again = imported(&desk, "");
    for field in ["added", "imported", "codes", "dead", "batches", "history"] {
        assert_eq!(again[field], 0, "{field}");
    }
    assert_eq!((&again["skipped"], desk.deeds()), (&json!(7), deeds));
    // Ivan has new codes there: one of carol's, which nobody else has here.
    let code = code_of("ivan", "live");
    let own = "UPDATE django_auth_recovery_codes_recoverycodesbatch SET status = 'p' WHERE user_id = 7;
        UPDATE django_auth_recovery_codes_recoverycode SET status = 'p', mark_for_deletion = 1 WHERE user_id = 7;
        INSERT INTO django_auth_recovery_codes_recoverycodesbatch
            SELECT last_attempt, cooldown_seconds, multiplier, 'abcdefabcdefabcdefabcdefabcdefab', 1, 0, 0, 0,
                   '2026-09-05 08:00:00', '2026-09-05 08:00:00', 'a', NULL, NULL, 0, 0, 0, 1, 1, 0, NULL, 7
            FROM django_auth_recovery_codes_recoverycodesbatch WHERE user_id = 3;
        UPDATE django_auth_recovery_codes_recoverycode SET user_id = 7, batch_id = 'abcdefabcdefabcdefabcdefabcdefab'
            WHERE user_id = 3 AND id = (SELECT MIN(id) FROM django_auth_recovery_codes_recoverycode WHERE user_id = 3);";
    let done = imported(&desk, own);
    assert_eq!(
        [&done["codes"], &done["batches"], &done["skipped"]],
        [1, 1, 6]
    );
    let ivan = batches(&desk, "ivan");
    assert_eq!(
        column(&json!({"items": ivan}), "state"),
        ["active", "superseded", "superseded"]
    );
    assert_eq!(ivan[0]["created_at"], "2026-09-05T08:00:00Z");
    assert_eq!(verify(&desk, "ivan", code), 1);
    let worked =
        codes().filter(|(user, _, code)| *user == "carol" && verify(&desk, "ivan", code) == 0);
    assert_eq!(worked.count(), 1);
    desk.assert_sound();
    // Codes that were issued here since are not touched by what the application did meanwhile.
    desk.pass(3600);
    let own = desk.issue("ivan");
    let newer = own_batch_later();
    let done = imported(&desk, &newer);
    assert_eq!([&done["batches"], &done["skipped"]], [0, 7]);
    assert_eq!(verify(&desk, "ivan", &own[0]), 0);
}

/// A batch of ivan's that is newer than any here.
fn own_batch_later() -> String {
    "UPDATE django_auth_recovery_codes_recoverycodesbatch SET id = 'dddddddddddddddddddddddddddddddd',
        created_at = '2026-09-21 15:00:00' WHERE user_id = 7 AND status = 'a';
     UPDATE django_auth_recovery_codes_recoverycode SET batch_id = 'dddddddddddddddddddddddddddddddd'
        WHERE user_id = 7 AND status = 'a';"
        .to_owned()
}

#[test]
fn a_dry_run_tells_what_comes_what_not_and_why() {
    let desk = Desk::new();
    desk.issue("bob");
    let path = database(
        &desk,
        "UPDATE auth_user SET email = '' WHERE username = 'bob'",
    );
    let path = path.to_str().unwrap();
    let deeds = desk.deeds();
    let all = ["--dry-run", "--per-page", "100", "--json"];
    let told = import(&desk, path, &all).json();
    assert_eq!(desk.deeds(), deeds);
    let of = |what: &str, name: &str| {
        let rows = told["items"].as_array().unwrap();
        rows.iter().find(|row| row[what] == name).unwrap().clone()
    };
    assert_eq!(of("user", "alice")["action"], "added, codes come");
    assert_eq!(
        of("user", "bob")["action"],
        "nothing: the user has codes here"
    );
    assert_eq!(of("user", "dave")["action"], "added, disabled, codes come");
    assert_eq!(of("user", "erin")["action"], "added, the past comes");
    assert_eq!(of("schedule", "nightly")["action"], "added");
    let orphan = of("schedule", "purge_recovery_codes_3")["action"].clone();
    assert!(
        orphan
            .as_str()
            .unwrap()
            .starts_with("nothing: it was deleted there")
    );
    assert_eq!(
        of("log", "audit")["action"],
        "6 lines for `log audit --imported`"
    );
    let sum = |field: &str| {
        let rows = told["items"].as_array().unwrap();
        rows.iter()
            .filter_map(|row| row[field].as_u64())
            .sum::<u64>()
    };
    let done = import(&desk, path, &["--json"]).json();
    for field in ["codes", "dead", "batches"] {
        assert_eq!(done[field], sum(field), "{field}");
    }
}

#[test]
fn the_database_is_never_changed_also_while_the_application_runs() {
    // As Django sets it up, with a write that is not committed.
    for mode in ["DELETE", "WAL"] {
        let desk = Desk::new();
        let path = database(&desk, &format!("PRAGMA journal_mode = {mode};"));
        let application = Connection::open(&path).unwrap();
        application
            .execute_batch(
                "UPDATE auth_user SET last_name = 'x' WHERE username = 'alice';
                 BEGIN IMMEDIATE; UPDATE auth_user SET username = 'mallory' WHERE username = 'alice';",
            )
            .unwrap();
        let files = || {
            let mut all: Vec<_> = ["", "-wal", "-journal"]
                .map(|end| fs::read(format!("{}{end}", path.display())).ok())
                .into();
            all.retain(Option::is_some);
            all
        };
        let before = files();
        let done = import(&desk, path.to_str().unwrap(), &["--json"]);
        assert_eq!(done.exit, 0, "{mode}: {}", done.err);
        assert_eq!(files(), before, "{mode}");
        assert_eq!(verify(&desk, "alice", code_of("alice", "live")), 0);
        // The application goes on.
        application.execute_batch("COMMIT").unwrap();
    }
}

#[test]
fn beside_a_database_that_nobody_uses_nothing_is_made() {
    for mode in ["DELETE", "WAL"] {
        let desk = Desk::new();
        let place = desk.home().join("it's a site #1");
        fs::create_dir(&place).unwrap();
        let path = place.join("db?.sqlite3");
        fs::rename(
            database(&desk, &format!("PRAGMA journal_mode = {mode};")),
            &path,
        )
        .unwrap();
        let before = fs::read(&path).unwrap();
        let done = import(&desk, path.to_str().unwrap(), &[]);
        assert_eq!(done.exit, 0, "{}", done.err);
        assert_eq!(fs::read(&path).unwrap(), before);
        let there = fs::read_dir(&place).unwrap();
        assert_eq!(there.count(), 1, "{mode}");
    }
}

#[test]
fn two_users_with_one_address_are_both_named() {
    let desk = Desk::new();
    let path = database(
        &desk,
        "UPDATE auth_user SET email = 'ALICE@example.org' WHERE username = 'erin'",
    );
    let path = path.to_str().unwrap();
    let said = import(&desk, path, &[]);
    assert_eq!(said.exit, 2);
    for part in [
        "row 5: erin has the address ALICE@example.org of alice in row 1",
        "--without-shared-emails",
        "nothing was changed",
    ] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    assert!(!desk.store().exists());
    let done = import(&desk, path, &["--without-shared-emails", "--json"]);
    assert_eq!(done.json()["added"], 7, "{}", done.err);
    for user in ["alice", "erin"] {
        assert_eq!(desk.json(&["user", "show", user])["email"], Value::Null);
    }
}

#[test]
fn a_site_may_have_a_table_of_users_of_its_own() {
    let desk = Desk::new();
    let done = imported(
        &desk,
        "PRAGMA legacy_alter_table = OFF; ALTER TABLE auth_user RENAME TO \"people \"\"of\"\" ours\";
         ALTER TABLE \"people \"\"of\"\" ours\" DROP COLUMN is_active;",
    );
    assert_eq!([&done["added"], &done["disabled"]], [7, 0]);
}

#[test]
fn used_codes_of_the_past_prove_no_key() {
    let desk = Desk::new();
    let path = database(&desk, "");
    let wrong = key_file(&desk, "mistyped");
    let args = [
        "import",
        "django",
        path.to_str().unwrap(),
        "--key-file",
        wrong.to_str().unwrap(),
    ];
    assert_eq!(desk.run(&args).exit, 0);
    assert_eq!(verify(&desk, "alice", code_of("alice", "live")), 1);
    fs::write(desk.keys().with_file_name("django.key"), KEY).unwrap();
    let said = import(&desk, path.to_str().unwrap(), &[]);
    assert_eq!(said.exit, 0, "{}", said.err);
    assert!(said.err.contains("Another key"), "{}", said.err);
    assert_eq!(verify(&desk, "alice", code_of("alice", "live")), 0);
    desk.assert_sound();
}

#[test]
fn what_is_no_database_of_the_application_is_refused() {
    let desk = Desk::new();
    let whole = fs::read(database(&desk, "")).unwrap();
    let place = desk.home().join("other.sqlite3");
    let path = place.to_str().unwrap();
    let sql = |text: &str| {
        let _ = fs::remove_file(&place);
        Connection::open(&place)
            .unwrap()
            .execute_batch(text)
            .unwrap();
    };
    let refused = |part: &str| {
        let said = import(&desk, path, &[]);
        assert_eq!((said.exit, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(said.err.contains("nothing was changed"), "{}", said.err);
    };
    sql("CREATE TABLE x (y)");
    refused("has no tables of django-auth-recovery-codes");
    sql(
        "CREATE TABLE person (id); CREATE TABLE django_auth_recovery_codes_recoverycode (user_id REFERENCES person (id))",
    );
    refused("no column username");
    // Views would run what somebody else wrote.
    sql("CREATE TABLE person (id, username);
         CREATE TABLE django_auth_recovery_codes_recoverycode (user_id REFERENCES person (id));
         CREATE VIEW django_auth_recovery_codes_recoverycodesbatch AS SELECT 1 AS user_id;
         CREATE VIEW django_auth_recovery_codes_recoverycodesbatchhistory AS SELECT 1 AS user_id;");
    refused("does not hold what it should");
    fs::write(&place, &whole[..whole.len() / 2]).unwrap();
    refused("does not hold what it should");
    fs::write(&place, "SQLite format 3\0").unwrap();
    refused("");
    for (odd, part) in [
        (
            "UPDATE django_auth_recovery_codes_recoverycode SET look_up_hash = id",
            "holds no look_up_hash",
        ),
        (
            "UPDATE django_auth_recovery_codes_recoverycodesbatch SET created_at = 'soon'",
            "a moment that is none: 'soon'",
        ),
        (
            "UPDATE django_auth_recovery_codes_recoverycodesbatch SET number_issued = -1",
            "does not hold what it should",
        ),
        (
            "PRAGMA foreign_keys = OFF; UPDATE django_auth_recovery_codes_recoverycodesbatch SET id = 'x' || id",
            "has no UUID",
        ),
        ("UPDATE auth_user SET username = 1.5 WHERE id = 1", ""),
        (
            "UPDATE auth_user SET username = ' odd' WHERE id = 1",
            "row 1: ' odd' is not a user name",
        ),
    ] {
        let ignored = odd.replace(
            "PRAGMA foreign_keys = OFF;",
            "PRAGMA ignore_check_constraints = ON;",
        );
        fs::rename(
            database(
                &desk,
                &format!("PRAGMA ignore_check_constraints = ON; {ignored}"),
            ),
            &place,
        )
        .unwrap();
        if part.is_empty() {
            continue;
        }
        refused(part);
    }
    assert!(!desk.store().exists());
    let nowhere = "postgres://site@127.0.0.1:1/site?sslmode=disable";
    let said = import(&desk, nowhere, &["--json"]);
    assert_eq!(
        (said.exit, said.error()["kind"].clone()),
        (4, "unreachable".into())
    );
}

#[test]
fn every_name_of_the_application_is_in_the_manual() {
    let text = Desk::new().say(&["help", "moving"]).out;
    let settings = include_str!("../fixtures/django/settings-of-its-readme.py");
    let names = settings.lines().filter_map(|line| line.split_once(" = "));
    let mut all: Vec<&str> = names
        .map(|(name, _)| name.strip_prefix("DJANGO_AUTH_RECOVERY_").unwrap_or(name))
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .filter(|name| *name != "PACKAGE_DIR")
        .collect();
    assert_eq!(all.len(), 31);
    let ours = recovery_codes::config::table::SETTINGS
        .iter()
        .flat_map(|setting| setting.django);
    all.extend(ours.map(|django| {
        let name = django.name;
        name.strip_prefix("DJANGO_AUTH_RECOVERY_").unwrap_or(name)
    }));
    // Its pages, as its `urls.py` has them, and the rows of its administration.
    all.extend([
        "mark-batch-as-deleted/",
        "regenerate/",
        "verify-setup/",
        "delete-codes/",
        "invalidate-codes/",
        "download-codes/",
        "email/",
        "viewed/",
        "generate-without-expiry/",
        "generate-with-expiry/",
        "dashboard/",
        "login/",
        "logout/",
    ]);
    let tables = include_str!("../fixtures/django/database.sql").lines();
    let models = tables
        .filter(|line| line.contains("INSERT INTO \"django_content_type\""))
        .filter(|line| line.contains("'django_auth_recovery_codes'"))
        .map(|line| line.split('\'').nth(3).unwrap());
    let lowered = text.to_lowercase();
    let mut found = 0;
    for model in models {
        found += 1;
        assert!(lowered.contains(&format!("`{model}`")), "{model}");
    }
    assert_eq!(found, 11);
    for name in all {
        assert!(text.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn codes_in_a_batch_of_somebody_else_are_counted() {
    let desk = Desk::new();
    let key = key_file(&desk, KEY);
    let path = database(
        &desk,
        "UPDATE django_auth_recovery_codes_recoverycode SET user_id = 8 WHERE user_id = 1",
    );
    let [path, key] = [&path, &key].map(|path| path.to_str().unwrap());
    let looked = desk.json(&["import", "django", path, "--key-file", key, "--dry-run"]);
    let strays = Connection::open(path).unwrap();
    let strays: u64 = strays
        .query_row(
            "SELECT COUNT(*) FROM django_auth_recovery_codes_recoverycode WHERE user_id = 8
                 AND batch_id IN (SELECT id FROM django_auth_recovery_codes_recoverycodesbatch WHERE user_id = 1)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(strays > 0);
    assert_eq!(looked["codes_left"], strays);
}
