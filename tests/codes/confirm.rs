//! `confirm`: proves that the codes were kept, once per batch, and uses nothing up.

use serde_json::json;

use crate::harness::{Desk, Ended};

fn confirm(desk: &Desk, code: &str) -> Ended {
    desk.pipe(&["confirm", "alice", "--json"], code)
}

fn verify(desk: &Desk, code: &str) -> u8 {
    desk.pipe(&["verify", "alice"], code).exit
}

#[test]
fn confirming_uses_nothing_up() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let said = confirm(&desk, &codes[0]);
    let batch = desk.query("SELECT name FROM batches");
    assert_eq!(
        (said.exit, said.json()),
        (
            0,
            json!({"confirmed": true, "user": "alice", "batch": batch, "promoted": false, "remaining": 10})
        )
    );
    for code in &codes {
        assert_eq!(verify(&desk, code), 0);
    }
    desk.assert_sound();
}

#[test]
fn a_batch_is_confirmed_once_and_only_a_right_code_learns_that() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    assert_eq!(confirm(&desk, &codes[0]).exit, 0);
    let at = desk.query("SELECT confirmed_at FROM batches");
    desk.pass(5);
    for code in [&codes[0], &codes[1]] {
        let said = confirm(&desk, code);
        assert_eq!((said.exit, said.out.as_str()), (3, ""));
        assert_eq!(said.error()["kind"], "already_confirmed");
    }
    let wrong = format!("{}{}", &codes[0][..6], &codes[1][6..]);
    let said = confirm(&desk, &wrong);
    assert_eq!((said.exit, said.json()), (1, json!({"confirmed": false})));
    assert_eq!(desk.query("SELECT confirmed_at FROM batches"), at);
    let entries = desk.run(&["log", "audit", "--action", "batch.confirmed", "--json"]);
    assert_eq!(entries.json()["total"], 1);
}

#[test]
fn a_right_code_for_a_confirmed_batch_is_no_failure() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    for _ in 0..20 {
        confirm(&desk, &codes[0]);
    }
    assert_eq!(verify(&desk, &codes[0]), 0);
}

#[test]
fn a_used_code_confirms_nothing() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    assert_eq!(verify(&desk, &codes[0]), 0);
    assert_eq!(confirm(&desk, &codes[0]).exit, 1);
    assert_eq!(desk.query("SELECT confirmed_at FROM batches"), "null");
    assert_eq!(confirm(&desk, &codes[1]).exit, 0);
}

#[test]
fn an_expired_batch_is_not_confirmed() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--pending", "--expires-in", "12h"]);
    desk.pass(12 * 3600);
    assert_eq!(confirm(&desk, &codes[0]).exit, 1);
    assert_eq!(desk.query("SELECT state FROM batches"), "pending");
}

#[test]
fn the_old_codes_work_until_the_new_ones_are_confirmed() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    desk.pass(60);
    let new = desk.issue_with("alice", &["--pending"]);
    assert_eq!(verify(&desk, &old[0]), 0);
    assert_eq!(verify(&desk, &new[0]), 1);
    // What is refused while it waits is not used up by that.
    assert_eq!(confirm(&desk, &new[0]).exit, 0);
    assert_eq!(verify(&desk, &old[1]), 1);
    assert_eq!(verify(&desk, &new[0]), 0);
    let states = "SELECT group_concat(state) FROM (SELECT state FROM batches ORDER BY id) AS x";
    assert_eq!(desk.query(states), "superseded,active");
    desk.pipe(&["verify", "alice"], &old[2]);
    let log = desk.run(&["log", "verify-attempts", "--json"]).json();
    assert_eq!(log["items"][0]["outcome"], "superseded");
    desk.assert_sound();
}

#[test]
fn an_old_code_does_not_confirm_the_new_batch() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    assert_eq!(confirm(&desk, &old[0]).exit, 0);
    desk.pass(60);
    desk.issue_with("alice", &["--pending"]);
    assert_eq!(confirm(&desk, &old[0]).exit, 3);
    let states = "SELECT group_concat(state) FROM (SELECT state FROM batches ORDER BY id) AS x";
    assert_eq!(desk.query(states), "active,pending");
}

#[test]
fn a_newer_pending_batch_takes_the_place_of_a_forgotten_one() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    desk.pass(60);
    let forgotten = desk.issue_with("alice", &["--pending"]);
    desk.pass(60);
    let new = desk.issue_with("alice", &["--pending"]);
    assert_eq!(confirm(&desk, &forgotten[0]).exit, 1);
    assert_eq!(verify(&desk, &old[0]), 0);
    assert_eq!(confirm(&desk, &new[0]).exit, 0);
    assert_eq!(verify(&desk, &old[1]), 1);
    assert_eq!(verify(&desk, &new[1]), 0);
    desk.assert_sound();
}
