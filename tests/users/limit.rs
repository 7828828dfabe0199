//! `limit …`: failures and waits.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::column;

/// Alice with this many wrong codes, long after her batch was issued.
fn guessed(wrong: usize) -> Desk {
    let desk = Desk::new();
    desk.issue("alice");
    desk.pass(100_000);
    for _ in 0..wrong {
        desk.pipe(&["verify", "alice"], "abcdef".repeat(6));
    }
    desk
}

#[test]
fn failures_and_waits_are_shown() {
    let desk = guessed(5);
    let shown = desk.json(&["limit", "show", "alice"]);
    let at = "2026-09-22T18:00:00Z";
    assert_eq!(
        shown,
        json!({
            "user": "alice",
            "verify": {"failures": 5, "retry_after": 60, "locked": false, "last_attempt": at},
            "generate": {"failures": 0, "retry_after": null, "locked": false, "last_attempt": null},
            "sources": [],
        })
    );
    let text = desk.say(&["limit", "show", "alice"]);
    assert!(text.out.contains("Has to wait   1 minute"), "{}", text.out);
    let list = desk.json(&["limit", "list"]);
    assert_eq!(
        list,
        json!({
            "items": [{
                "user": "alice", "action": "verify", "failures": 5, "retry_after": 60,
                "locked": false, "last_attempt": at, "from": null,
            }],
            "page": 1, "pages": 1, "total": 1,
        })
    );
    assert!(desk.say(&["limit", "list"]).lines()[2].starts_with("alice  verify  5"));
    desk.refuses(&["limit", "show", "nobody"], 3, "unknown_user");
}

#[test]
fn who_only_got_codes_is_not_listed_until_they_try_again_too_early() {
    let desk = Desk::new();
    desk.issue("alice");
    assert_eq!(desk.json(&["limit", "list"])["total"], 0);
    assert_eq!(desk.json(&["status"])["limited"], json!([]));
    let shown = desk.json(&["limit", "show", "alice"]);
    assert_eq!(shown["generate"]["retry_after"], 60);
    assert_eq!(desk.run(&["generate", "alice", "--yes"]).exit, 5);
    let list = desk.json(&["limit", "list"]);
    assert_eq!(column(&list, "action"), ["generate"]);
    assert_eq!(column(&list, "retry_after"), ["120"]);
    assert_eq!(desk.json(&["status"])["limited"][0]["user"], "alice");
    desk.pass(120);
    assert_eq!(desk.json(&["limit", "list"])["total"], 0);
}

#[test]
fn a_quiet_limiter_is_forgotten() {
    let desk = guessed(3);
    desk.pass(86_400);
    assert_eq!(desk.json(&["limit", "list"])["total"], 0);
    assert_eq!(
        desk.say(&["limit", "list"]).err,
        "Nobody failed or has to wait.\n"
    );
    assert_eq!(
        desk.json(&["limit", "show", "alice"])["verify"]["failures"],
        0
    );
}

#[test]
fn names_that_nobody_has_are_counted_but_not_listed() {
    let desk = guessed(0);
    desk.pipe(&["verify", "nobody"], "abcdef".repeat(6));
    assert_eq!(desk.json(&["limit", "list"])["total"], 0);
    let text = desk.say(&["limit", "list"]);
    assert!(
        text.err
            .ends_with("Also counted: 1 name that no user has.\n"),
        "{}",
        text.err
    );
}

#[test]
fn a_reset_lets_the_user_try_again_at_once() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    for _ in 0..6 {
        desk.pipe(&["verify", "alice"], "abcdef".repeat(6));
    }
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 5);
    assert_eq!(column(&desk.json(&["limit", "list"]), "action"), ["verify"]);
    let text = desk.say(&["limit", "reset", "alice", "--reason", "called"]);
    assert_eq!(text.err, "alice can try again at once.\n");
    assert_eq!(
        desk.last_deed(),
        json!(["limiter.reset", "alice", null, null, "tester", "called"])
    );
    assert_eq!(desk.json(&["limit", "list"])["total"], 0);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.issue("alice");
    desk.assert_sound();
}

#[test]
fn a_reset_of_nothing_is_fine_and_leaves_no_entry() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice"]);
    let deeds = desk.deeds();
    assert_eq!(
        desk.json(&["limit", "reset", "alice"]),
        json!({"user": "alice", "changed": false})
    );
    assert_eq!(
        desk.say(&["limit", "reset", "alice"]).err,
        "alice had nothing to wait for.\n"
    );
    assert_eq!(desk.deeds(), deeds);
    desk.refuses(&["limit", "reset", "nobody"], 3, "unknown_user");
}

#[test]
fn a_locked_user_is_shown_and_unlocked() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "3")
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "3");
    let codes = desk.issue("alice");
    for _ in 0..3 {
        desk.pipe(&["verify", "alice"], "abcdef".repeat(6));
    }
    assert_eq!(
        desk.last_deed(),
        json!(["limiter.locked", "alice", null, null, "tester", null])
    );
    desk.pass(1_000_000);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 5);
    assert_eq!(
        desk.json(&["limit", "show", "alice"])["verify"]["locked"],
        true
    );
    assert_eq!(desk.json(&["limit", "reset", "alice"])["changed"], true);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}
