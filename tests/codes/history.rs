//! `history`: a user's batches for ever, newest first.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::{column, fields};

fn issue_many(desk: &Desk, batches: usize) -> Vec<String> {
    (0..batches)
        .map(|_| {
            desk.issue_with("alice", &["--count", "1"]);
            desk.pass(60);
            desk.active_batch("alice")
        })
        .collect()
}

#[test]
fn batches_are_shown_newest_first_with_their_counts() {
    let desk = Desk::new();
    let batches = issue_many(&desk, 2);
    let history = desk.json(&["history", "alice"]);
    assert_eq!(column(&history, "state"), ["active", "superseded"]);
    assert_eq!(column(&history, "batch"), [&*batches[1], &*batches[0]]);
    assert_eq!(
        fields(&history["items"][0]),
        [
            "batch",
            "changed_at",
            "confirmed",
            "confirmed_at",
            "created_at",
            "deleted",
            "emailed_at",
            "ended_at",
            "expires_at",
            "export_format",
            "exported_at",
            "invalidated",
            "issued",
            "purged",
            "remaining",
            "shown_at",
            "state",
            "temporary",
            "used"
        ]
    );
    assert_eq!(history["items"][1]["invalidated"], 1);
    let text = desk.say(&["history", "alice"]);
    assert!(
        text.lines()[0].starts_with("Batch     State"),
        "{}",
        text.out
    );
    assert!(
        text.lines()[2].starts_with(&batches[1][..8]),
        "{}",
        text.out
    );
}

#[test]
fn it_has_pages_and_an_end() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_HISTORY_MAX_VISIBLE", "5")
        .with("RECOVERY_CODES_HISTORY_PER_PAGE", "2");
    let batches = issue_many(&desk, 7);
    let page = |number: &str| desk.json(&["history", "alice", "--page", number]);
    assert_eq!(column(&page("1"), "batch"), [&*batches[6], &*batches[5]]);
    assert_eq!(column(&page("3"), "batch"), [&*batches[2]]);
    for beyond in ["4", "1000000", "18446744073709551615"] {
        let number: u64 = beyond.parse().unwrap();
        assert_eq!(
            page(beyond),
            json!({"items": [], "page": number, "pages": 3, "total": 5})
        );
    }
    // All of them can be seen elsewhere.
    assert_eq!(desk.json(&["batch", "list", "alice"])["total"], 7);
    let text = desk.say(&["history", "alice"]);
    assert_eq!(text.err, "Page 1 of 3; --page shows another.\n");
}

#[test]
fn a_purged_batch_keeps_its_place() {
    let desk = Desk::new();
    let batches = issue_many(&desk, 3);
    desk.say(&["batch", "delete", &batches[1], "--now", "--yes"]);
    let history = desk.json(&["history", "alice"]);
    assert_eq!(
        column(&history, "state"),
        ["active", "purged", "superseded"]
    );
    assert_eq!(
        [
            &history["items"][1]["issued"],
            &history["items"][1]["purged"]
        ],
        [1, 1]
    );
}

#[test]
fn a_user_without_batches_has_an_empty_history() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice"]);
    assert_eq!(
        desk.json(&["history", "alice"]),
        json!({"items": [], "page": 1, "pages": 1, "total": 0})
    );
    assert_eq!(desk.say(&["history", "alice"]).err, "No batches yet.\n");
    desk.refuses(&["history", "nobody"], 3, "unknown_user");
    assert_eq!(desk.run(&["history", "alice", "--page", "0"]).exit, 2);
}
