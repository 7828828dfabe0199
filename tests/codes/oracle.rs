//! Whoever tries codes learns nothing but yes or no; whoever reads the log learns why.

use std::fs;

use serde_json::Value;

use crate::harness::Desk;

/// A code that nobody has.
const WRONG: &str = "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF";

/// A desk at which the limiter stays out of the way.
fn patient() -> Desk {
    Desk::new()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100")
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "100")
}

/// Users and codes that are refused, each with the real reason.
fn refused(desk: &Desk) -> Vec<(String, String, &'static str)> {
    let mut cases = Vec::new();
    let mut case = |user: &str, code: String, why| cases.push((user.to_owned(), code, why));

    let codes = desk.issue("alice");
    case("nobody", codes[0].clone(), "unknown_user");
    case("no.one@example.org", codes[0].clone(), "unknown_user");
    case("alice", WRONG.to_owned(), "wrong");
    let right_hint = format!("{}{}", &codes[1][..6], &codes[2][6..]);
    case("alice", right_hint, "wrong");
    desk.issue("neighbour");
    case("neighbour", codes[3].clone(), "wrong");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[4]).exit, 0);
    case("alice", codes[4].clone(), "used");

    let codes = desk.issue("disabled");
    desk.run(&["user", "disable", "disabled"]);
    case("disabled", codes[0].clone(), "disabled");

    let codes = desk.issue("changed");
    for (word, code) in [("invalidate", &codes[0]), ("delete", &codes[1])] {
        let changed = desk.run(&["code", word, "changed", &code[..6], "--yes"]);
        assert_eq!(changed.exit, 0, "{}", changed.err);
    }
    case("changed", codes[0].clone(), "invalidated");
    case("changed", codes[1].clone(), "deleted");

    let codes = desk.issue("cleared");
    let batch = desk.query(
        "SELECT b.name FROM batches b JOIN users u ON u.id = user_id WHERE u.name = 'cleared'",
    );
    assert_eq!(desk.run(&["batch", "delete", &batch, "--yes"]).exit, 0);
    case("cleared", codes[0].clone(), "deleted");

    let codes = desk.issue_with("late", &["--expires-in", "12h"]);
    let old = desk.issue("renewed");
    desk.pass(12 * 3600);
    desk.issue("renewed");
    case("late", codes[0].clone(), "expired");
    case("renewed", old[0].clone(), "superseded");

    let codes = desk.issue_with("waiting", &["--pending"]);
    case("waiting", codes[0].clone(), "pending");
    cases
}

#[test]
fn every_no_is_the_same_no() {
    let desk = patient();
    let cases = refused(&desk);
    for args in [&["verify"] as &[&str], &["verify", "--json"]] {
        for (user, code, why) in &cases {
            let said = desk.pipe(&[args, &[user]].concat(), code);
            let expected = if args.len() == 1 {
                (1, "", "Not accepted.\n")
            } else {
                (1, "{\"accepted\":false}\n", "")
            };
            let said = (said.exit, said.out.as_str(), said.err.as_str());
            assert_eq!(said, expected, "{why}");
        }
    }
    desk.assert_sound();
}

#[test]
fn confirm_says_no_in_one_way_too() {
    let desk = patient();
    for (user, code, why) in refused(&desk) {
        // What is pending is what confirming is for.
        if why == "pending" {
            continue;
        }
        let said = desk.pipe(&["confirm", &user], &code);
        let said = (said.exit, said.out.as_str(), said.err.as_str());
        assert_eq!(said, (1, "", "Not accepted.\n"), "{why}");
    }
}

#[test]
fn the_log_knows_the_real_reason_of_every_no() {
    let desk = patient();
    for (user, code, why) in refused(&desk) {
        desk.pass(1);
        assert_eq!(desk.pipe(&["verify", &user], &code).exit, 1);
        let log = desk.run(&["log", "verify-attempts", "--json"]).json();
        let newest = &log["items"][0];
        assert_eq!(newest["outcome"], why);
        assert_eq!(newest["user"], user.as_str());
        let knows_the_code = !["unknown_user", "wrong"].contains(&why);
        let hint = if knows_the_code {
            Value::from(&code[..6])
        } else {
            Value::Null
        };
        assert_eq!(newest["hint"], hint, "{why}");
        assert_eq!(newest["batch"].is_string(), knows_the_code, "{why}");
        if why == "superseded" {
            let batch = newest["batch"].as_str().unwrap();
            let shown = desk.json(&["batch", "show", batch]);
            assert_eq!(shown["created_at"], "2026-09-21T14:13:20Z");
        }
    }
}

#[test]
fn the_help_desk_reads_that_it_is_the_old_sheet() {
    let desk = Desk::new().with_width(200);
    let old = desk.issue("alice");
    desk.pass(60);
    desk.issue("alice");
    desk.pipe(&["verify", "alice"], &old[0]);
    let log = desk.run(&["log", "verify-attempts"]);
    assert!(log.out.contains("is from an old sheet"), "{}", log.out);
    assert!(log.out.contains("of 2026-09-21 14:13 UTC"), "{}", log.out);
}

/// Exits and announced waits of ten guesses with pauses in between.
fn slowness(desk: &Desk, users: [&str; 10]) -> Vec<(u8, Value)> {
    let guess = |user| {
        let ended = desk.pipe(&["verify", user, "--json"], WRONG);
        (ended.exit, ended.json()["retry_after"].clone())
    };
    let pauses = [0, 0, 5, 0, 0, 0, 30, 1000, 0, 0];
    let paused = users.into_iter().zip(pauses);
    paused
        .map(|(user, pause)| {
            desk.pass(pause);
            guess(user)
        })
        .collect()
}

#[test]
fn names_that_nobody_has_are_slowed_down_like_those_of_users() {
    let desk = Desk::new();
    desk.issue("alice");
    desk.issue("disabled");
    desk.run(&["user", "disable", "disabled"]);
    let known = slowness(&desk, ["alice"; 10]);
    assert_eq!(known.iter().filter(|(exit, _)| *exit == 5).count(), 4);
    for user in ["nobody", "disabled", "no.one@example.org"] {
        assert_eq!(slowness(&desk, [user; 10]), known, "{user}");
    }
}

#[test]
fn addresses_that_nobody_has_are_slowed_down_in_any_case_like_those_of_users() {
    let desk = Desk::new();
    desk.run(&["user", "add", "alice", "--email", "alice@example.org"]);
    let (small, large) = ("alice@example.org", "Alice@Example.ORG");
    let known = slowness(&desk, [small, large].repeat(5).try_into().unwrap());
    let (small, large) = ("nobody@example.org", "Nobody@Example.ORG");
    let unknown = slowness(&desk, [small, large].repeat(5).try_into().unwrap());
    assert_eq!(known, unknown);
}

#[test]
fn names_that_nobody_has_are_locked_like_those_of_users() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "2")
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "2");
    desk.issue("alice");
    let answers = |user| -> Vec<(u8, String, String)> {
        (0..4)
            .map(|_| {
                let ended = desk.pipe(&["verify", user, "--json"], WRONG);
                (ended.exit, ended.out, ended.err)
            })
            .collect()
    };
    assert_eq!(answers("nobody"), answers("alice"));
}

/// Durable commits of one command: frames of the write-ahead log that end a transaction.
fn commits(desk: &Desk, user: &str) -> usize {
    const HEADER: usize = 32;
    const FRAME: usize = 24 + 4096;
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    assert_eq!(desk.pipe(&["verify", user], WRONG).exit, 1);
    let mut log = desk.store().into_os_string();
    log.push("-wal");
    fs::read(log).unwrap()[HEADER..]
        .chunks(FRAME)
        .filter(|frame| frame[4..8] != [0; 4])
        .count()
}

#[test]
fn a_guess_costs_as_many_commits_and_leaves_as_much_whoever_it_is_for() {
    let desk = patient();
    desk.issue("alice");
    for user in ["alice", "nobody"] {
        assert_eq!(commits(&desk, user), 2, "{user}");
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "2");
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM limiters WHERE action = 'verify'"),
        "2"
    );
}

#[test]
fn a_name_that_nobody_has_is_not_written_into_the_limiter() {
    let desk = Desk::new();
    desk.issue("alice");
    desk.pipe(&["verify", "my-password-by-mistake"], WRONG);
    let named = "SELECT COUNT(*) FROM limiters WHERE subject LIKE '%password%'";
    assert_eq!(desk.query(named), "0");
}
