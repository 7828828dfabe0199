//! A clock that is turned back revives nothing; one that was wrong is accepted with a word.

use crate::harness::Desk;
use crate::harness::asking::hint;

const DAY: i64 = 86_400;

#[test]
fn what_expired_stays_expired() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--expires-in", "1d"]);
    desk.pass(3 * DAY);
    let verify = |number: usize| desk.pipe(&["verify", "alice"], &codes[number]).exit;
    assert_eq!(verify(0), 1);
    desk.pass(-3 * DAY);
    assert_eq!(verify(0), 1);
    assert_eq!(
        desk.query("SELECT group_concat(outcome) FROM attempts"),
        "expired,expired"
    );
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1);
    assert!(
        check
            .out
            .contains("2026-09-21 14:13 UTC, and the store has seen 2026-09-24 14:13 UTC")
    );
    assert!(check.out.contains("check --accept-clock"));
    // It is asked, refused without a yes, and recorded.
    let said = desk.refuses(&["check", "--accept-clock"], 3, "not_confirmed");
    assert!(
        said.contains("codes that expire in between work again"),
        "{said}"
    );
    desk.say(&[
        "check",
        "--accept-clock",
        "--yes",
        "--reason",
        "dead battery",
    ]);
    let entry = &desk.json(&["log", "audit"])["items"][0];
    assert_eq!(entry["action"], "clock.accepted");
    assert_eq!(entry["at"], "2026-09-21T14:13:20Z");
    assert_eq!(entry["reason"], "dead battery");
    assert_eq!(
        entry["details"],
        "2026-09-21 14:13 UTC instead of 2026-09-24 14:13 UTC"
    );
    assert_eq!(verify(0), 0);
    // Once is enough, and there is nothing more to accept.
    let entries = desk.json(&["log", "audit"])["total"].clone();
    desk.say(&["check", "--accept-clock"]);
    assert_eq!(desk.json(&["log", "audit"])["total"], entries);
    desk.assert_sound();
}

#[test]
fn a_clock_that_was_years_ahead_ends_nothing_for_ever() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let soon = desk.issue_with("bob", &["--expires-in", "90d"]);
    desk.set_clock("2036-01-01T00:00:00Z");
    assert_eq!(desk.pipe(&["verify", "bob"], &soon[0]).exit, 1);
    desk.set_clock("2026-09-22T00:00:00Z");
    // Who has codes that do not expire is not held up.
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    assert_eq!(desk.pipe(&["verify", "bob"], &soon[0]).exit, 1);
    for word in [
        &["generate", "carol", "--create-user", "--expires-in", "30d"][..],
        &["purge"],
        &["purge", "--dry-run"],
        &["log", "prune"],
        &["worker", "--once"],
    ] {
        let said = desk.refuses(word, 4, "doubtful_clock");
        assert!(
            said.contains("2036-01-01") && said.contains("--accept-clock"),
            "{said}"
        );
    }
    desk.accept_clock();
    assert_eq!(desk.pipe(&["verify", "bob"], &soon[0]).exit, 0);
    for word in [&["purge"][..], &["log", "prune"], &["worker", "--once"]] {
        desk.say(word);
    }
    desk.assert_sound();
}

#[test]
fn a_session_and_a_wait_that_were_over_stay_over() {
    let desk = Desk::new().with_runtime();
    let codes = desk.issue("alice");
    for _ in 0..5 {
        assert_eq!(
            desk.pipe(
                &["verify", "alice"],
                "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF"
            )
            .exit,
            1
        );
    }
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 5);
    desk.pass(3600);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.pass(-3600);
    desk.refuses(&["export", "alice"], 3, "no_session");
    desk.say(&["code", "invalidate", "alice", hint(&codes[1])]);
}

#[test]
fn a_little_earlier_is_no_doubt() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--expires-in", "1d"]);
    desk.pass(DAY);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    // Not even that revives a code.
    desk.pass(-60);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    desk.say(&["purge"]);
    desk.assert_sound();
    desk.pass(-1);
    desk.refuses(&["purge"], 4, "doubtful_clock");
}

/// By such a clock nobody can tell when something would begin or end.
#[test]
fn nothing_is_begun_by_a_doubtful_clock() {
    let desk = Desk::new().with_runtime();
    desk.issue("alice");
    desk.say(&[
        "schedule", "add", "nightly", "--run", "purge", "--every", "daily", "--at", "03:00",
    ]);
    desk.pass(DAY);
    desk.say(&["user", "add", "bob"]);
    desk.pipe(
        &["verify", "bob"],
        "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF",
    );
    desk.pass(-DAY);
    for word in [
        &[
            "schedule", "add", "other", "--run", "purge", "--every", "daily", "--at", "03:00",
        ][..],
        &["schedule", "edit", "nightly", "--every", "weekly"],
    ] {
        desk.refuses(word, 4, "doubtful_clock");
    }
    desk.issue("bob");
    desk.refuses(&["export", "bob"], 3, "no_session");
    desk.accept_clock();
    desk.issue("carol");
    desk.say(&[
        "export",
        "carol",
        "--output",
        desk.home().join("sheet").to_str().unwrap(),
    ]);
}

/// Who looks is told what a login would be.
#[test]
fn words_that_look_judge_by_the_later_moment() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--expires-in", "1d"]);
    let works = || desk.json(&["code", "show", "alice", hint(&codes[1])])["works"].clone();
    let expired = || desk.json(&["user", "show", "alice"])["active_batch"]["expired"].clone();
    assert_eq!((works(), expired()), (true.into(), false.into()));
    desk.pass(2 * DAY);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    desk.pass(-2 * DAY);
    assert_eq!((works(), expired()), (false.into(), true.into()));
    assert_eq!(desk.json(&["status"])["codes"]["expired"], 10);
}

/// A backup that is put back does not turn the clock back either.
#[test]
fn a_restore_keeps_the_moment_that_was_seen() {
    let desk = Desk::new();
    desk.issue_with("alice", &["--expires-in", "1d"]);
    let copy = desk.home().join("backup.db");
    desk.say(&["backup", copy.to_str().unwrap()]);
    desk.pass(2 * DAY);
    desk.pipe(
        &["verify", "alice"],
        "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF",
    );
    desk.pass(-2 * DAY);
    desk.say(&["restore", copy.to_str().unwrap(), "--yes"]);
    desk.refuses(&["purge"], 4, "doubtful_clock");
    // The check ends with 1, for everybody needs new codes.
    desk.run(&["check", "--accept-clock", "--yes"]);
    desk.say(&["purge"]);
}

#[test]
fn what_was_accepted_is_said() {
    let desk = Desk::new();
    desk.issue("alice");
    let said = desk.say(&["check", "--accept-clock"]);
    assert!(
        said.err.contains("The clock was right already."),
        "{}",
        said.err
    );
    desk.pass(DAY);
    desk.pipe(
        &["verify", "alice"],
        "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF",
    );
    desk.pass(-DAY);
    let said = desk.say(&["check", "--accept-clock", "--yes"]);
    let seen = "The clock is taken for right; the store had seen 2026-09-22 14:13 UTC.";
    assert!(said.err.contains(seen), "{}", said.err);
}
