//! `status`: all users at a glance.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::{fields, hint};

#[test]
fn an_empty_store_counts_nothing() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let status = desk.json(&["status"]);
    assert_eq!(
        status["users"],
        json!({"total": 0, "disabled": 0, "none": 0, "low": 0, "expiring": 0, "unconfirmed": 0, "undelivered": 0, "outdated": 0})
    );
    assert_eq!(status["limited"], json!([]));
    assert_eq!(
        fields(&status["store"]),
        ["audit_entries", "created_at", "free", "path", "size"]
    );
    assert_eq!(status["store"]["created_at"], "2026-09-21T14:13:20Z");
    assert_eq!(status["store"]["audit_entries"], 1);
}

#[test]
fn users_and_codes_are_counted_by_what_became_of_them() {
    let desk = Desk::new();
    let alice = desk.issue("alice");
    desk.issue_with("bob", &["--count", "3", "--expires-in", "10d"]);
    desk.issue_with("carol", &["--expires-in", "1h"]);
    desk.issue("dave");
    desk.say(&["user", "add", "erin"]);
    desk.say(&["user", "disable", "dave"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[0]).exit, 0);
    assert_eq!(desk.pipe(&["confirm", "alice"], &alice[1]).exit, 0);
    desk.say(&["code", "invalidate", "alice", hint(&alice[2])]);
    desk.say(&["code", "delete", "alice", hint(&alice[3]), "--yes"]);
    desk.pass(3600);
    let status = desk.json(&["status"]);
    assert_eq!(
        status["users"],
        json!({"total": 5, "disabled": 1, "none": 2, "low": 1, "expiring": 1, "unconfirmed": 1, "undelivered": 1, "outdated": 0})
    );
    assert_eq!(
        status["codes"],
        json!({
            "issued": 33, "active": 20, "expired": 10, "outdated": 0, "used": 1, "invalidated": 1, "deleted": 1,
            "purged": 0, "batches": 4, "temporary": 0, "weak": 0, "slow": 0,
        })
    );
    let text = desk.say(&["status"]);
    for line in [
        "Users",
        "All                                                   5",
        "Codes",
        "Issued                 33",
    ] {
        assert!(text.out.lines().any(|found| found == line), "{}", text.out);
    }
}

#[test]
fn who_has_to_wait_is_named() {
    let desk = Desk::new();
    desk.issue("alice");
    desk.pass(60);
    for _ in 0..5 {
        desk.pipe(&["verify", "alice"], "aaaaaa".repeat(6));
    }
    let status = desk.json(&["status"]);
    assert_eq!(
        status["limited"],
        json!([{
            "user": "alice", "action": "verify", "failures": 5, "retry_after": 60,
            "locked": false, "last_attempt": "2026-09-21T14:14:20Z",
        }])
    );
    let text = desk.say(&["status"]);
    assert!(text.out.contains("Has to wait\n"), "{}", text.out);
    assert!(text.out.contains("1 minute"), "{}", text.out);
    desk.pass(60);
    assert_eq!(desk.json(&["status"])["limited"], json!([]));
}
