//! The limiter of guesses: waits are real, grow, end, and never hit those who have the code.

use serde_json::{Value, json};

use crate::harness::{Desk, Ended};

const DAY: i64 = 86_400;

/// A code that nobody has.
const WRONG: &str = "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF";

fn guess(desk: &Desk) -> Ended {
    desk.pipe(&["verify", "alice", "--json"], WRONG)
}

/// Guesses wrong as often as that goes without a wait.
#[track_caller]
fn exhaust(desk: &Desk) {
    for _ in 0..5 {
        let ended = guess(desk);
        assert_eq!((ended.exit, ended.json()), (1, json!({"accepted": false})));
    }
}

/// Guesses once more, is told to wait, and says how long.
#[track_caller]
fn told_to_wait(desk: &Desk) -> i64 {
    let ended = guess(desk);
    assert_eq!(ended.exit, 5, "{}", ended.out);
    assert_eq!(ended.json()["accepted"], false);
    ended.json()["retry_after"].as_i64().unwrap()
}

#[test]
fn twenty_logins_in_a_row_are_no_reason_to_wait() {
    let desk = Desk::new();
    for code in desk.issue_with("alice", &["--count", "20"]) {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    let failures = &desk.run(&["limit", "show", "alice", "--json"]).json()["verify"]["failures"];
    assert_eq!(*failures, 0);
}

#[test]
fn a_right_code_after_four_wrong_ones_begins_the_count_anew() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    for code in &codes[..3] {
        for _ in 0..4 {
            assert_eq!(guess(&desk).exit, 1);
        }
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
}

#[test]
fn the_sixth_guess_waits_and_so_does_a_right_code() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    exhaust(&desk);
    assert_eq!(told_to_wait(&desk), 120);
    let right = desk.pipe(&["verify", "alice"], &codes[0]);
    assert_eq!(
        (right.exit, right.err.as_str()),
        (
            5,
            "Too many attempts; wait 4 minutes. Trying again before that makes it longer.\n"
        )
    );
    desk.pass(240);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
fn the_wait_that_is_announced_is_the_real_one() {
    let one_second_early = |early: i64| {
        let desk = Desk::new();
        let codes = desk.issue("alice");
        exhaust(&desk);
        desk.pass(10);
        let wait = told_to_wait(&desk);
        desk.pass(wait - early);
        desk.pipe(&["verify", "alice"], &codes[0]).exit
    };
    assert_eq!(one_second_early(1), 5);
    assert_eq!(one_second_early(0), 0);
}

#[test]
fn the_first_wait_is_the_base_cooldown() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    exhaust(&desk);
    let shown = desk.run(&["limit", "show", "alice", "--json"]).json();
    assert_eq!(shown["verify"]["retry_after"], 60);
    desk.pass(60);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
fn insisting_multiplies_the_wait_up_to_the_longest() {
    let desk = Desk::new();
    desk.issue("alice");
    exhaust(&desk);
    let waits: Vec<i64> = (0..8).map(|_| told_to_wait(&desk)).collect();
    assert_eq!(waits, [120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    // After the wait one guess is checked, and the next one waits as long again.
    desk.pass(3600);
    assert_eq!(guess(&desk).exit, 1);
    assert_eq!(told_to_wait(&desk), 3600);
}

#[test]
fn waits_follow_the_settings() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "2")
        .with("RECOVERY_CODES_LIMITER_BASE_COOLDOWN", "7")
        .with("RECOVERY_CODES_LIMITER_MULTIPLIER", "3")
        .with("RECOVERY_CODES_LIMITER_MAX_COOLDOWN", "100");
    desk.issue("alice");
    assert_eq!(guess(&desk).exit, 1);
    assert_eq!(guess(&desk).exit, 1);
    let waits: Vec<i64> = (0..4).map(|_| told_to_wait(&desk)).collect();
    assert_eq!(waits, [21, 63, 100, 100]);
}

#[test]
fn at_the_hard_limit_only_a_reset_helps() {
    let desk = Desk::new().with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "8");
    let codes = desk.issue("alice");
    exhaust(&desk);
    for _ in 0..3 {
        desk.pass(3600);
        assert_eq!(guess(&desk).exit, 1);
    }
    // Not even the time after which a limiter is forgotten.
    desk.pass(40 * DAY);
    let locked = desk.pipe(&["verify", "alice", "--json"], &codes[0]);
    assert_eq!(
        (locked.exit, locked.json()),
        (
            5,
            json!({"accepted": false, "retry_after": null, "locked": true})
        )
    );
    let said = desk.pipe(&["verify", "alice"], &codes[0]).err;
    assert!(said.contains("limit reset"), "{said}");
    let entries = desk.run(&["log", "audit", "--action", "limiter.locked", "--json"]);
    assert_eq!(entries.json()["total"], 1);
    assert_eq!(desk.run(&["limit", "reset", "alice"]).exit, 0);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.assert_sound();
}

#[test]
fn attempts_during_a_wait_do_not_count_towards_the_lock() {
    let desk = Desk::new().with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "8");
    let codes = desk.issue("alice");
    exhaust(&desk);
    for _ in 0..50 {
        told_to_wait(&desk);
    }
    desk.pass(3600);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
fn a_quiet_limiter_is_forgotten_after_its_time() {
    let four_then = |quiet: i64| {
        let desk = Desk::new();
        desk.issue("alice");
        for _ in 0..4 {
            assert_eq!(guess(&desk).exit, 1);
        }
        desk.pass(quiet);
        assert_eq!(guess(&desk).exit, 1);
        guess(&desk).exit
    };
    assert_eq!(four_then(DAY - 1), 5);
    assert_eq!(four_then(DAY), 1);
}

#[test]
fn a_clock_set_back_never_makes_a_wait_longer_than_the_longest() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    exhaust(&desk);
    while told_to_wait(&desk) < 3600 {}
    desk.pass(-365 * DAY);
    desk.accept_clock();
    let shown = desk.run(&["limit", "show", "alice", "--json"]).json();
    assert_eq!(shown["verify"]["retry_after"], 3600);
    let wait = told_to_wait(&desk);
    assert_eq!(wait, 3600);
    desk.pass(wait - 1);
    assert_eq!(told_to_wait(&desk), 3600);
    desk.pass(wait);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
fn a_new_process_knows_what_the_one_before_it_counted() {
    let desk = Desk::new();
    desk.issue("alice");
    let exits: Vec<u8> = (0..7)
        .map(|_| desk.spawn(&["verify", "alice"], WRONG).exit)
        .collect();
    assert_eq!(exits, [1, 1, 1, 1, 1, 5, 5]);
}

#[test]
fn confirming_and_verifying_share_one_limiter() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let confirm = |code: &str| desk.pipe(&["confirm", "alice", "--json"], code);
    for _ in 0..3 {
        assert_eq!(confirm(WRONG).exit, 1);
    }
    for _ in 0..2 {
        assert_eq!(guess(&desk).exit, 1);
    }
    let refused = confirm(&codes[0]);
    assert_eq!(
        (refused.exit, refused.json()),
        (5, json!({"confirmed": false, "retry_after": 120}))
    );
    assert_eq!(told_to_wait(&desk), 240);
    desk.pass(240);
    assert_eq!(confirm(&codes[0]).exit, 0);
    // Which was a success, and forgets the failures for both.
    exhaust(&desk);
}

#[test]
fn one_user_s_wait_is_not_another_s() {
    let desk = Desk::new();
    desk.issue("alice");
    let codes = desk.issue("bob");
    exhaust(&desk);
    told_to_wait(&desk);
    assert_eq!(desk.pipe(&["verify", "bob"], &codes[0]).exit, 0);
}

#[test]
fn the_address_and_the_name_are_counted_together() {
    let desk = Desk::new();
    desk.run(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.issue("alice");
    for name in ["alice", "alice@example.org", "ALICE@EXAMPLE.ORG", "alice"] {
        assert_eq!(desk.pipe(&["verify", name], WRONG).exit, 1);
    }
    assert_eq!(desk.pipe(&["verify", "Alice@Example.Org"], WRONG).exit, 1);
    assert_eq!(told_to_wait(&desk), 120);
}

#[test]
fn what_was_refused_unchecked_stands_in_the_log_as_that() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    exhaust(&desk);
    desk.pipe(&["verify", "alice"], &codes[0]);
    let log = desk.run(&["log", "verify-attempts", "--json"]).json();
    let outcomes: Vec<&Value> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["outcome"])
        .collect();
    assert_eq!(
        outcomes,
        ["limited", "wrong", "wrong", "wrong", "wrong", "wrong"]
    );
}
