//! `schedule …`: when runs are due, that each runs once, and what is told of it.

use serde_json::{Value, json};

use crate::harness::asking::{column, fields, with_json};
use crate::harness::{Desk, ended};

const DAY: i64 = 86_400;

/// Adds a purge that keeps nothing.
#[track_caller]
fn add(desk: &Desk, name: &str, every: &str, at: &str, more: &[&str]) -> Value {
    let words = [
        "schedule", "add", name, "--run", "purge", "--every", every, "--at", at,
    ];
    desk.json(&[&words, more].concat())
}

#[track_caller]
fn show(desk: &Desk, name: &str) -> Value {
    desk.json(&["schedule", "show", name])
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.say(&["init"]);
    desk
}

/// A desk whose user has used this many codes.
fn used(codes: usize) -> Desk {
    let desk = Desk::new();
    for code in &desk.issue("alice")[..codes] {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    desk
}

fn purges(desk: &Desk) -> String {
    desk.query("SELECT COUNT(*) FROM purges")
}

#[test]
fn each_kind_follows_the_calendar_from_its_first_run() {
    // The desk's clock starts at 2026-09-21T14:13:20Z, a Monday.
    for (every, runs) in [
        ("hourly", ["2026-09-21T15:00:00Z", "2026-09-21T16:00:00Z"]),
        ("daily", ["2026-09-22T03:00:00Z", "2026-09-23T03:00:00Z"]),
        ("weekly", ["2026-09-28T03:00:00Z", "2026-10-05T03:00:00Z"]),
        ("monthly", ["2026-09-30T03:00:00Z", "2026-10-31T03:00:00Z"]),
        (
            "quarterly",
            ["2026-11-30T03:00:00Z", "2027-02-28T03:00:00Z"],
        ),
        ("yearly", ["2027-08-31T03:00:00Z", "2028-08-31T03:00:00Z"]),
    ] {
        let desk = desk();
        let added = add(&desk, "clean", every, "2026-08-31T03:00", &[]);
        assert_eq!([&added["every"], &added["next_at"]], [every, runs[0]]);
        desk.set_clock(runs[0]);
        desk.pass(-1);
        desk.say(&["worker", "--once"]);
        assert_eq!(purges(&desk), "0", "{every}");
        desk.pass(1);
        desk.say(&["worker", "--once"]);
        assert_eq!(purges(&desk), "1", "{every}");
        assert_eq!(show(&desk, "clean")["next_at"], runs[1]);
        desk.say(&["worker", "--once"]);
        assert_eq!(purges(&desk), "1", "{every}");
    }
}

#[test]
fn the_first_run_is_read_in_each_spelling() {
    for (at, next) in [
        ("15:00", "2026-09-21T15:00:00Z"),
        ("03:00", "2026-09-22T03:00:00Z"),
        ("2026-11-30", "2026-11-30T00:00:00Z"),
        ("2026-11-30T03:00", "2026-11-30T03:00:00Z"),
        ("2026-11-30 03:00", "2026-11-30T03:00:00Z"),
        ("2026-11-30T03:00:00+02:00", "2026-11-30T01:00:00Z"),
        ("2026-11-30T03:00[Europe/Berlin]", "2026-11-30T02:00:00Z"),
        ("03:00[Europe/Berlin]", "2026-09-22T01:00:00Z"),
    ] {
        let desk = desk();
        assert_eq!(add(&desk, "x", "daily", at, &[])["next_at"], next, "{at}");
    }
}

#[test]
fn a_named_zone_keeps_its_time_of_day_when_its_clocks_change() {
    let desk = desk();
    let added = add(&desk, "x", "daily", "2026-10-24T03:00[Europe/Berlin]", &[]);
    assert_eq!(added["next_at"], "2026-10-24T01:00:00Z");
    desk.set_clock("2026-10-24T01:00:00Z");
    desk.say(&["worker", "--once"]);
    assert_eq!(show(&desk, "x")["next_at"], "2026-10-25T02:00:00Z");
}

#[test]
fn a_run_that_was_missed_many_times_runs_once() {
    let desk = desk();
    add(&desk, "x", "hourly", "03:00", &[]);
    desk.pass(40 * DAY);
    for _ in 0..3 {
        desk.say(&["worker", "--once"]);
    }
    assert_eq!(purges(&desk), "1");
    assert_eq!(show(&desk, "x")["next_at"], "2026-10-31T15:00:00Z");
}

#[test]
fn what_runs_once_runs_once_and_has_no_next_run() {
    let desk = used(3);
    add(&desk, "x", "once", "03:00", &["--retention-days", "0"]);
    desk.pass(DAY);
    desk.say(&["worker", "--once"]);
    let shown = show(&desk, "x");
    assert_eq!(shown["next_at"], Value::Null);
    assert_eq!(
        [&shown["last_status"], &shown["last_deleted"]],
        [&json!("done"), &json!(3)]
    );
    desk.pass(400 * DAY);
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "1");
    // Disabled and enabled again it is still over; with a new beginning it is not.
    desk.say(&["schedule", "disable", "x"]);
    desk.say(&["schedule", "enable", "x"]);
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "1");
    desk.say(&["schedule", "edit", "x", "--at", "03:00"]);
    desk.pass(DAY);
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "2");
    let said = desk.refuses(
        &[
            "schedule",
            "add",
            "y",
            "--run",
            "purge",
            "--every",
            "once",
            "--at",
            "2020-01-01",
        ],
        2,
        "usage",
    );
    assert!(said.contains("would never run"), "{said}");
}

#[test]
fn the_next_run_may_be_named_but_not_before_the_first() {
    let desk = desk();
    let added = add(
        &desk,
        "x",
        "weekly",
        "2026-10-01T03:00",
        &["--next", "2026-12-24T18:00"],
    );
    assert_eq!(added["next_at"], "2026-12-24T18:00:00Z");
    let words = [
        "schedule", "add", "y", "--run", "prune", "--every", "weekly",
    ];
    let early = ["--at", "2026-10-01T03:00", "--next", "2026-10-01T02:59:59"];
    let said = desk.refuses(&[&words[..], &early].concat(), 2, "usage");
    assert!(said.contains("--next is earlier than --at"), "{said}");
    desk.refuses(
        &["schedule", "edit", "x", "--next", "2026-09-30"],
        2,
        "usage",
    );
    desk.refuses(&["schedule", "edit", "x", "--at", "tomorrow"], 2, "usage");
    desk.refuses(
        &["schedule", "edit", "x", "--at", "03:00[Moon/Base]"],
        2,
        "usage",
    );
    // After the named run the calendar counts from the first one again.
    desk.set_clock("2026-12-24T18:00:00Z");
    desk.say(&["worker", "--once"]);
    assert_eq!(show(&desk, "x")["next_at"], "2026-12-31T03:00:00Z");
}

#[test]
fn names_are_taken_or_unknown() {
    let desk = desk();
    add(&desk, "x", "daily", "03:00", &[]);
    add(&desk, "y", "daily", "03:00", &[]);
    let again = [
        "schedule", "add", "x", "--run", "purge", "--every", "daily", "--at", "03:00",
    ];
    desk.refuses(&again, 3, "schedule_exists");
    desk.refuses(
        &["schedule", "edit", "x", "--name", "y"],
        3,
        "schedule_exists",
    );
    desk.say(&["schedule", "edit", "x", "--name", "x"]);
    for args in [
        ["schedule", "show", "z"].as_slice(),
        &["schedule", "edit", "z", "--every", "daily"],
        &["schedule", "enable", "z"],
        &["schedule", "disable", "z"],
        &["schedule", "remove", "z", "--yes"],
        &["schedule", "run", "z"],
    ] {
        desk.refuses(args, 3, "unknown_schedule");
    }
    desk.refuses(&["schedule", "show", " z"], 2, "malformed_name");
    desk.refuses(&["schedule", "remove", "x"], 3, "not_confirmed");
    let bare = desk.run(&["schedule", "edit", "x"]);
    assert_eq!(bare.exit, 2, "{}", bare.err);
    Desk::new().refuses(&again, 4, "no_store");
}

#[test]
fn every_change_is_recorded() {
    let desk = desk();
    let deed = |action: &str| assert_eq!(desk.last_deed()[0], action);
    let added = add(&desk, "x", "daily", "03:00", &["--disabled"]);
    assert_eq!(
        [&added["state"], &added["next_at"]],
        [&json!("disabled"), &Value::Null]
    );
    deed("schedule.added");
    assert_eq!(desk.json(&["schedule", "enable", "x"])["changed"], true);
    deed("schedule.enabled");
    let before = desk.deeds();
    assert_eq!(desk.json(&["schedule", "enable", "x"])["changed"], false);
    assert_eq!(desk.deeds(), before);
    desk.say(&["schedule", "disable", "x"]);
    deed("schedule.disabled");
    desk.pass(2 * DAY);
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "0", "a disabled one does not run");
    // It begins with its next turn, not with those it missed.
    desk.say(&["schedule", "enable", "x"]);
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "0");
    assert_eq!(show(&desk, "x")["next_at"], "2026-09-24T03:00:00Z");
    let edited = desk.json(&[
        "schedule",
        "edit",
        "x",
        "--name",
        "y",
        "--every",
        "weekly",
        "--at",
        "2026-09-25T04:00",
        "--run",
        "prune",
        "--retention-days",
        "7",
        "--keep-empty-batches",
        "--log",
        "true",
    ]);
    deed("schedule.edited");
    for (field, value) in [
        ("schedule", json!("y")),
        ("every", json!("weekly")),
        ("run", json!("prune")),
        ("next_at", json!("2026-09-25T04:00:00Z")),
        ("retention_days", json!(7)),
        ("keep_empty_batches", json!(true)),
        ("log", json!(true)),
    ] {
        assert_eq!(edited[field], value, "{field}");
    }
    desk.say(&["schedule", "remove", "y", "--yes", "--reason", "not needed"]);
    deed("schedule.removed");
    assert_eq!(desk.last_deed()[5], "not needed");
    assert_eq!(desk.json(&["schedule", "list"])["total"], 0);
    desk.assert_sound();
}

#[test]
fn a_run_by_hand_leaves_its_turn_as_it_is() {
    let desk = used(4);
    let added = add(
        &desk,
        "x",
        "daily",
        "03:00",
        &["--retention-days", "0", "--disabled"],
    );
    let ran = desk.say(&["schedule", "run", "x"]);
    assert_eq!(ran.err, "Ran x: 4 rows deleted.\n");
    let shown = show(&desk, "x");
    assert_eq!(shown["state"], "disabled");
    assert_eq!([&shown["last_deleted"], &shown["total_deleted"]], [4, 4]);
    assert_eq!(shown["last_run_at"], "2026-09-21T14:13:20Z");
    assert_eq!(fields(&shown), fields(&added));
    let runs = desk.json(&["log", "purges", "--action", "x"]);
    assert_eq!(column(&runs, "schedule"), ["x"]);
    desk.json(&["schedule", "run", "x"]);
    let shown = show(&desk, "x");
    assert_eq!([&shown["last_deleted"], &shown["total_deleted"]], [0, 4]);
    let list = desk.json(&["schedule", "list"]);
    assert_eq!(column(&list, "last_deleted"), ["0"]);
    desk.assert_sound();
}

#[test]
fn the_report_of_a_run_by_hand_leaves_as_other_mail_does() {
    let desk = used(2)
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_REPORT_TO", "root@example.org")
        .with("RECOVERY_CODES_PURGE_REPORT", "always");
    add(&desk, "x", "daily", "03:00", &[]);
    let ran = desk.say(&["schedule", "run", "x"]);
    assert_eq!(ran.err, "Ran x: 0 rows deleted.\n");
    let tasks = desk.json(&["task", "list"]);
    assert_eq!(column(&tasks, "kind"), ["mail", "purge"]);
    assert_eq!(column(&tasks, "state"), ["done", "done"]);
    let queue = desk.with_queue();
    queue.say(&["schedule", "run", "x"]);
    let tasks = queue.json(&["task", "list", "--state", "queued"]);
    assert_eq!(column(&tasks, "kind"), ["mail"]);
}

#[test]
fn a_run_that_fails_is_tried_again_and_says_why() {
    let desk = desk();
    let words = [
        "schedule", "add", "x", "--run", "prune", "--every", "daily", "--at", "03:00",
    ];
    desk.say(&[&words[..], &["--retention-days", "0"]].concat());
    desk.tamper(
        "DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'nobody' WHERE number = 1",
    );
    desk.set_clock("2026-09-22T03:00:00Z");
    for (tries, wait) in [(1, 600), (2, 1200)] {
        let worker = desk.run(&["worker", "--once"]);
        assert_eq!(worker.exit, 4, "{}", worker.err);
        assert!(worker.err.contains("entry 1"), "{}", worker.err);
        assert_eq!(
            desk.run(&with_json(&["worker", "--once"])).exit,
            0,
            "it is not due yet"
        );
        let task = desk.json(&["task", "show", "1"]);
        assert_eq!(
            [&task["state"], &task["tries"]],
            [&json!("queued"), &json!(tries)]
        );
        let shown = show(&desk, "x");
        assert_eq!(shown["last_status"], "failed");
        assert!(
            shown["last_error"].as_str().unwrap().contains("entry 1"),
            "{shown}"
        );
        assert_eq!(shown["next_at"], "2026-09-23T03:00:00Z");
        desk.pass(wait - 1);
        assert_eq!(desk.run(&["worker", "--once"]).exit, 0);
        desk.pass(1);
    }
    assert_eq!(desk.run(&["worker", "--once"]).exit, 4);
    assert_eq!(desk.json(&["task", "show", "1"])["state"], "failed");
    desk.pass(DAY / 2);
    assert_eq!(
        desk.run(&["worker", "--once"]).exit,
        0,
        "it is not tried any more"
    );
    desk.tamper("UPDATE audit SET actor = 'tester' WHERE number = 1");
    desk.say(&["task", "retry", "1"]);
    desk.say(&["worker", "--once"]);
    let shown = show(&desk, "x");
    assert_eq!(
        [&shown["last_status"], &shown["last_error"]],
        [&json!("done"), &Value::Null]
    );
}

#[test]
fn one_that_is_changed_while_it_runs_goes_on_and_notes_its_end_under_its_new_name() {
    let desk = used(5).with("RECOVERY_CODES_PURGE_CHUNK", "1");
    add(&desk, "old", "daily", "03:00", &["--retention-days", "0"]);
    add(&desk, "gone", "daily", "03:00", &[]);
    desk.pass(DAY);
    // Both are in the hands of a worker that is busy for an hour.
    for (id, name) in [(1, "old"), (2, "gone")] {
        desk.tamper(&format!(
            "INSERT INTO tasks (kind, subject, state, created_at, due_at, tries, lease_until, schedule_id)
             SELECT 'purge', name, 'running', 1, 1, 1, 1790086400000 + 3600000, id FROM schedules
             WHERE name = '{name}'; UPDATE schedules SET next_at = 9000000000000 WHERE id = {id}"
        ));
    }
    desk.say(&[
        "schedule",
        "edit",
        "old",
        "--name",
        "new",
        "--retention-days",
        "0",
        "--next",
        "2027-01-01",
    ]);
    desk.say(&["schedule", "remove", "gone", "--yes"]);
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "0", "running work is left alone");
    desk.pass(3600);
    desk.say(&["worker", "--once"]);
    let shown = show(&desk, "new");
    assert_eq!(
        [&shown["last_status"], &shown["total_deleted"]],
        [&json!("done"), &json!(5)]
    );
    assert_eq!(shown["next_at"], "2027-01-01T00:00:00Z");
    let tasks = desk.json(&["task", "list", "--state", "done"]);
    assert_eq!(
        column(&tasks, "outcome"),
        ["its schedule was removed", "5 deleted"]
    );
    desk.assert_sound();
}

#[test]
fn a_run_by_hand_ends_well_though_its_schedule_was_renamed_meanwhile() {
    let desk = used(1).with("RECOVERY_CODES_PURGE_CHUNK", "1");
    desk.tamper(
        "UPDATE codes SET state = 'used', ended_at = 1000;
         UPDATE batches SET used = 10, dead_from = 1000;
         INSERT INTO codes SELECT 1, p.value, 'h' || p.value, 'x', 'k', 'used', 1000, NULL
         FROM (WITH RECURSIVE p(value) AS (SELECT 11 UNION ALL SELECT value + 1 FROM p WHERE value < 1500)
               SELECT value FROM p) p;
         UPDATE batches SET issued = 1500, used = 1500",
    );
    add(&desk, "old", "daily", "03:00", &["--retention-days", "0"]);
    let mut run = desk
        .process(&["--json", "schedule", "run", "old"])
        .spawn()
        .unwrap();
    while desk.query("SELECT purged > 0 FROM batches") == "0" {
        assert!(
            run.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
    }
    desk.say(&["schedule", "edit", "old", "--name", "new"]);
    let ran = ended(run.wait_with_output().unwrap());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(ran.json()["schedule"], "new");
    assert_eq!(show(&desk, "new")["total_deleted"], 1500);
}

#[test]
fn a_clock_that_goes_back_runs_nothing_twice() {
    let desk = desk();
    add(&desk, "x", "daily", "03:00", &[]);
    desk.set_clock("2026-09-22T03:00:10Z");
    desk.say(&["worker", "--once"]);
    desk.set_clock("2026-09-22T02:30:00Z");
    desk.refuses(&["worker", "--once"], 4, "doubtful_clock");
    desk.accept_clock();
    for _ in 0..24 {
        desk.say(&["worker", "--once"]);
        desk.pass(3600);
    }
    assert_eq!(purges(&desk), "1");
    desk.pass(3600);
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "2");
    assert_eq!(show(&desk, "x")["last_run_at"], "2026-09-23T03:30:00Z");
}

#[test]
fn a_clock_that_stood_in_the_future_does_not_keep_it_from_ever_running_again() {
    let desk = desk();
    add(&desk, "x", "daily", "03:00", &[]);
    desk.set_clock("2036-01-01T00:00:00Z");
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "1");
    desk.set_clock("2026-09-23T12:00:00Z");
    desk.refuses(&["schedule", "run", "x"], 4, "doubtful_clock");
    desk.accept_clock();
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "1");
    assert_eq!(show(&desk, "x")["next_at"], "2026-09-24T03:00:00Z");
    desk.set_clock("2026-09-24T03:00:00Z");
    desk.say(&["worker", "--once"]);
    assert_eq!(purges(&desk), "2");
}

#[test]
fn a_schedule_that_cannot_be_read_keeps_no_other_from_running() {
    let desk = desk();
    add(&desk, "bad", "daily", "03:00", &[]);
    add(&desk, "good", "daily", "03:00", &[]);
    desk.tamper("UPDATE schedules SET start = 'soon' WHERE name = 'bad'");
    desk.pass(DAY);
    desk.say(&["worker", "--once"]);
    assert_eq!(show(&desk, "good")["last_status"], "done");
    let bad = show(&desk, "bad");
    assert_eq!(
        [&bad["last_status"], &bad["next_at"]],
        [&json!("failed"), &Value::Null]
    );
    desk.say(&["schedule", "edit", "bad", "--at", "03:00"]);
    assert_ne!(show(&desk, "bad")["next_at"], Value::Null);
}
