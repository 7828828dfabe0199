//! `task list|show|retry`: what is going on in the background.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::{column, fields};
use crate::harness::delivery::{dead_port, server};
use crate::harness::smtp::Fault;

/// A desk with a letter with codes that failed, as task 1, and one that waits, as task 2.
fn desk() -> Desk {
    let desk = Desk::new()
        .with_runtime()
        .with_mail(dead_port())
        .with("RECOVERY_CODES_TASK_MAX_TRIES", "1");
    desk.issue_to("alice");
    assert_eq!(desk.run(&["email", "alice"]).exit, 4);
    let desk = desk.with_queue();
    desk.issue_to("bob");
    desk.say(&["email", "bob"]);
    desk
}

#[test]
fn the_newest_stands_first_and_states_can_be_picked() {
    let desk = desk();
    let all = desk.json(&["task", "list"]);
    assert_eq!(column(&all, "task"), ["2", "1"]);
    assert_eq!(column(&all, "state"), ["queued", "failed"]);
    assert_eq!(
        fields(&all["items"][0]),
        [
            "created_at",
            "due_at",
            "finished_at",
            "kind",
            "lease_until",
            "outcome",
            "state",
            "subject",
            "task",
            "tries"
        ]
    );
    for (state, total) in [("queued", 1), ("failed", 1), ("running", 0), ("done", 0)] {
        let some = desk.json(&["task", "list", "--state", state]);
        assert_eq!(some["total"], total, "{state}");
    }
    let none = desk.say(&["task", "list", "--state", "done"]);
    assert_eq!(
        (none.out.as_str(), none.err.as_str()),
        ("", "There is no such task.\n")
    );
    assert_eq!(desk.run(&["task", "list", "--state", "lost"]).exit, 2);
}

#[test]
fn one_task_is_shown_with_all_that_is_known() {
    let desk = desk();
    let shown = desk.json(&["task", "show", "2"]);
    assert_eq!(
        shown,
        json!({
            "task": 2, "kind": "mail", "subject": "mail: codes for bob", "state": "queued",
            "tries": 0, "created_at": "2026-09-21T14:13:20Z", "due_at": "2026-09-21T14:13:20Z",
            "lease_until": null, "finished_at": null, "outcome": null
        })
    );
    let text = desk.say(&["task", "show", "1"]).out;
    for want in ["mail: codes for alice", "failed", "cannot be reached"] {
        assert!(text.contains(want), "{text}");
    }
}

#[test]
fn only_a_task_that_failed_or_waits_is_tried_again() {
    let desk = desk();
    let refused = desk.refuses(&["task", "retry", "2"], 3, "wrong_state");
    assert!(refused.contains("task 2 is queued"), "{refused}");
    for word in ["show", "retry"] {
        desk.refuses(&["task", word, "3"], 3, "unknown_task");
        desk.refuses(&["task", word, "0"], 2, "usage");
        desk.refuses(&["task", word, "one"], 2, "usage");
    }
    let queued = desk.say(&["task", "retry", "1"]);
    assert_eq!(
        queued.err,
        "Task 1 is queued again.\nThe mail is queued; the worker sends it.\n"
    );
    assert_eq!(desk.task(1), ("queued".into(), 0));
    let entry = &desk.audit()[0];
    assert_eq!(entry["action"], "task.retried");
    assert_eq!(entry["details"], "task 1: codes for alice");
    let server = server(Fault::None);
    let desk = desk.with_mail(server.address.port());
    desk.say(&["worker", "--once"]);
    assert_eq!(server.received().len(), 2);
    desk.refuses(&["task", "retry", "1"], 3, "wrong_state");
    desk.assert_sound();
    desk.tamper(
        "UPDATE tasks SET state = 'queued', due_at = 9000000000000, tries = 2 WHERE id = 1",
    );
    desk.say(&["task", "retry", "1"]);
    assert_eq!(desk.task(1), ("queued".into(), 0));
    assert_eq!(
        desk.json(&["task", "show", "1"])["due_at"],
        "2026-09-21T14:13:20Z"
    );
}

#[test]
fn finished_tasks_are_forgotten_and_failed_ones_kept() {
    let server = server(Fault::None);
    let desk = desk()
        .with_mail(server.address.port())
        .with("RECOVERY_CODES_TASK_KEEP", "2");
    for user in ["carol", "dave", "erin"] {
        desk.issue_to(user);
        desk.say(&["email", user]);
    }
    desk.say(&["worker", "--once"]);
    let left = desk.json(&["task", "list"]);
    assert_eq!(column(&left, "task"), ["5", "4", "1"]);
    assert_eq!(desk.query("SELECT COUNT(*) FROM letters"), "3");
    // That its task is forgotten does not make a batch free again.
    desk.refuses(&["email", "bob"], 3, "already_emailed");
}
