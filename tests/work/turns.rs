//! Schedules as administrators think of them: turns of their own, cron expressions, and when they
//! come.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::asking::column;

/// The desk's clock starts at 2026-09-21T14:13:20Z, a Monday.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.say(&["init"]);
    desk
}

#[track_caller]
fn add(desk: &Desk, how: &[&str]) -> Value {
    let words = ["schedule", "add", "x", "--run", "purge"];
    desk.json(&[&words, how].concat())
}

#[test]
fn a_turn_or_an_expression_runs_when_it_says() {
    for (how, every, cron, runs) in [
        (
            &["--every", "2d", "--at", "03:00"][..],
            json!("2d"),
            Value::Null,
            ["2026-09-22T03:00:00Z", "2026-09-24T03:00:00Z"],
        ),
        (
            &["--every", "15m", "--at", "2026-09-21T14:00"],
            json!("15m"),
            Value::Null,
            ["2026-09-21T14:15:00Z", "2026-09-21T14:30:00Z"],
        ),
        (
            &["--every", "6h", "--at", "2026-09-21T00:00"],
            json!("6h"),
            Value::Null,
            ["2026-09-21T18:00:00Z", "2026-09-22T00:00:00Z"],
        ),
        (
            &["--every", "2w", "--at", "2026-09-20T03:00[Europe/Berlin]"],
            json!("2w"),
            Value::Null,
            ["2026-10-04T01:00:00Z", "2026-10-18T01:00:00Z"],
        ),
        (
            &["--cron", "0 3 * * 1-5"],
            Value::Null,
            json!("0 3 * * 1-5"),
            ["2026-09-22T03:00:00Z", "2026-09-23T03:00:00Z"],
        ),
        (
            &[
                "--cron",
                "30 4  1,15 * *",
                "--at",
                "2026-10-02[Europe/Berlin]",
            ],
            Value::Null,
            json!("30 4 1,15 * *"),
            ["2026-10-15T02:30:00Z", "2026-11-01T03:30:00Z"],
        ),
    ] {
        let desk = desk();
        let added = add(&desk, how);
        assert_eq!([&added["every"], &added["cron"]], [&every, &cron]);
        assert_eq!(added["next_at"], runs[0], "{how:?}");
        let next = desk.json(&["schedule", "next", "x", "--count", "2"]);
        assert_eq!(column(&next, "at"), runs);
        desk.set_clock(runs[0]);
        desk.say(&["worker", "--once"]);
        let shown = desk.json(&["schedule", "show", "x"]);
        assert_eq!(
            [&shown["last_status"], &shown["next_at"]],
            ["done", runs[1]]
        );
        let how_often = every.as_str().or(cron.as_str()).unwrap();
        let desk = desk.with_width(160);
        for args in [&["schedule", "list"][..], &["schedule", "show", "x"]] {
            let text = desk.say(args).out;
            assert!(text.contains(how_often), "{text}");
        }
        desk.assert_sound();
    }
}

#[test]
fn it_can_be_changed_from_one_to_the_other() {
    let desk = desk();
    add(&desk, &["--every", "daily", "--at", "03:00"]);
    for (how, next) in [
        (["--cron", "0 5 * * *"], "2026-09-22T05:00:00Z"),
        (["--every", "2d"], "2026-09-22T03:00:00Z"),
    ] {
        let edited = desk.json(&[&["schedule", "edit", "x"], &how[..]].concat());
        assert_eq!(edited["next_at"], next);
    }
    let last = desk.audit()[0].clone();
    assert_eq!(last["action"], "schedule.edited");
    let details = last["details"].as_str().unwrap();
    let said = "x: purge every 2d from 2026-09-22T03:00:00[UTC]; before: x: purge by the cron expression 0 5 * * *";
    assert!(details.starts_with(said), "{details}");
}

#[test]
fn the_coming_runs_are_shown_across_a_change_of_summer_time() {
    let desk = desk();
    let next = |more: &[&str]| desk.json(&[&["schedule", "next", "x"], more].concat());
    add(
        &desk,
        &["--every", "2d", "--at", "2026-10-23T02:30[Europe/Berlin]"],
    );
    let shown = next(&["--count", "3"]);
    assert_eq!(
        column(&shown, "local"),
        [
            "2026-10-23T02:30:00+02:00[Europe/Berlin]",
            "2026-10-25T02:30:00+02:00[Europe/Berlin]",
            "2026-10-27T02:30:00+01:00[Europe/Berlin]",
        ]
    );
    assert_eq!(shown["total"], 3);
    assert_eq!(column(&next(&[]), "at").len(), 5);
    let text = desk.say(&["schedule", "next", "x", "--count", "2"]);
    assert_eq!(
        text.out,
        "Next runs                In UTC\n\
         ------------------------------------------\n\
         2026-10-23 02:30 +02:00  2026-10-23 00:30Z\n\
         2026-10-25 02:30 +02:00  2026-10-25 00:30Z\n"
    );
    assert_eq!(text.err, "");
    // Spring, where the hour is skipped.
    desk.say(&[
        "schedule",
        "edit",
        "x",
        "--cron",
        "30 2 * * *",
        "--at",
        "2027-03-27[Europe/Berlin]",
    ]);
    assert_eq!(
        column(&next(&["--count", "3"]), "local"),
        [
            "2027-03-27T02:30:00+01:00[Europe/Berlin]",
            "2027-03-28T03:30:00+02:00[Europe/Berlin]",
            "2027-03-29T02:30:00+02:00[Europe/Berlin]",
        ]
    );
}

#[test]
fn what_is_due_comes_first_and_what_is_over_does_not_come() {
    let desk = desk();
    add(&desk, &["--every", "daily", "--at", "2026-09-21T03:00"]);
    desk.say(&["schedule", "edit", "x", "--next", "2026-09-21T20:00"]);
    let next = |count: &str| desk.run(&["schedule", "next", "x", "--json", "--count", count]);
    let runs = column(&next("2").json(), "at");
    assert_eq!(runs, ["2026-09-21T20:00:00Z", "2026-09-22T03:00:00Z"]);
    // Missed many times it is due once.
    desk.set_clock("2026-09-25T12:00:00Z");
    let runs = column(&next("2").json(), "at");
    assert_eq!(runs, ["2026-09-21T20:00:00Z", "2026-09-26T03:00:00Z"]);
    let text = desk.say(&["schedule", "next", "x"]);
    assert_eq!(text.err, "The first is due; the worker runs it.\n");
    desk.say(&["schedule", "disable", "x"]);
    let text = desk.say(&["schedule", "next", "x", "--count", "1"]);
    assert!(text.out.contains("2026-09-26 03:00 +00:00"), "{}", text.out);
    let said = "x is disabled: it runs so after `recovery-codes schedule enable x`.\n";
    assert_eq!(text.err, said);
    desk.say(&["schedule", "enable", "x"]);
    desk.say(&[
        "schedule",
        "edit",
        "x",
        "--every",
        "once",
        "--at",
        "2026-09-26",
    ]);
    assert_eq!(column(&next("9").json(), "at"), ["2026-09-26T00:00:00Z"]);
    desk.pass(86_400);
    desk.say(&["worker", "--once"]);
    assert_eq!(next("9").json()["items"], json!([]));
    assert_eq!(
        desk.say(&["schedule", "next", "x"]).err,
        "x does not run again.\n"
    );
    desk.refuses(&["schedule", "next", "y"], 3, "unknown_schedule");
    for count in ["0", "-1", "1001", "x"] {
        assert_eq!(next(count).exit, 2, "{count}");
    }
    Desk::new().refuses(&["schedule", "next", "x"], 4, "no_store");
}

#[test]
fn what_says_not_how_often_is_refused() {
    let desk = desk();
    let add = ["schedule", "add", "x", "--run", "purge", "--at", "03:00"];
    for how in [
        &["--every", "0m"][..],
        &["--every=-1d"],
        &["--every", "5x"],
        &["--every", "fortnightly"],
        &["--every", "2y"],
        &["--every", "99999999999999999999d"],
        &["--cron", "0 3 * *"],
        &["--cron", "@daily"],
        &["--cron", "61 3 * * *"],
        &["--cron", "0 3 * * * Europe/Berlin"],
    ] {
        let said = desk.refuses(&[&add, how].concat(), 2, "usage");
        assert!(said.contains("hint: write "), "{said}");
    }
    let said = desk.refuses(&[&add[..], &["--cron", "0 0 30 2 *"]].concat(), 2, "usage");
    assert!(
        said.contains("is not a cron expression that any day fits"),
        "{said}"
    );
    for how in [&["--every", "2d", "--cron", "0 3 * * *"][..], &[]] {
        assert_eq!(desk.run(&[&add, how].concat()).exit, 2);
    }
    // Only an expression says by itself when it runs.
    let words = ["schedule", "add", "x", "--run", "purge", "--every", "2d"];
    assert_eq!(desk.run(&words).exit, 2);
    assert_eq!(desk.json(&["schedule", "list"])["total"], 0);
    assert_eq!(desk.run(&["schedule", "edit", "x"]).exit, 2);
}

/// A list of words in the table kept all others out.
#[test]
fn schedules_of_an_earlier_version_go_on() {
    let desk = Desk::older();
    desk.tamper(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO tasks (kind, subject, state, created_at, due_at, schedule_id)
             VALUES ('purge', 'x', 'done', 1, 1, 1);
         ALTER TABLE batches DROP COLUMN shown_at; ALTER TABLE batches DROP COLUMN export_format;
         ALTER TABLE batches DROP COLUMN changed_at;
         ALTER TABLE schedules ADD COLUMN old TEXT NOT NULL DEFAULT 'once'
             CHECK (old IN ('once', 'hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly'));
         UPDATE schedules SET old = every; ALTER TABLE schedules DROP COLUMN every;
         ALTER TABLE schedules RENAME COLUMN old TO every; PRAGMA user_version = 4;",
    );
    let shown = desk.json(&["schedule", "show", "x"]);
    assert_eq!(
        [&shown["every"], &shown["next_at"]],
        ["weekly", "2026-09-28T03:00:00Z"]
    );
    assert_eq!(desk.query("SELECT schedule_id FROM tasks"), "1");
    desk.say(&["schedule", "edit", "x", "--every", "2d"]);
    desk.assert_sound();
}
