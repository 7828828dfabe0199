//! `batch …`: the codes issued to one user at one time.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::asking::{column, fields, hint};

fn counts(batch: &Value) -> [u64; 6] {
    [
        "issued",
        "remaining",
        "used",
        "invalidated",
        "deleted",
        "purged",
    ]
    .map(|count| batch[count].as_u64().unwrap())
}

#[test]
fn a_list_is_newest_first_and_names_the_user() {
    let desk = Desk::new();
    desk.issue_with("alice", &["--expires-in", "30d"]);
    desk.issue("bob");
    let list = desk.json(&["batch", "list"]);
    assert_eq!(column(&list, "user"), ["bob", "alice"]);
    assert_eq!(
        list["items"][1],
        json!({
            "user": "alice", "batch": desk.active_batch("alice"), "state": "active",
            "temporary": false, "created_at": "2026-09-21T14:13:20Z", "expires_at": "2026-10-21T14:13:20Z",
            "confirmed": false, "confirmed_at": null, "ended_at": null, "issued": 10,
            "remaining": 10, "used": 0, "invalidated": 0, "deleted": 0, "purged": 0,
            "shown_at": "2026-09-21T14:13:20Z", "exported_at": null, "export_format": null,
            "emailed_at": null, "changed_at": "2026-09-21T14:13:20Z",
        })
    );
    let text = desk.say(&["batch", "list"]);
    assert!(text.lines()[0].starts_with("User"), "{}", text.out);
    assert!(text.lines()[2].contains(&desk.active_batch("bob")[..8]));
}

#[test]
fn a_list_is_filtered_by_user_and_state_and_has_pages() {
    let desk = Desk::new();
    desk.issue("bob");
    for _ in 0..12 {
        desk.issue_with("alice", &["--count", "1"]);
        desk.pass(60);
    }
    desk.issue_with("alice", &["--count", "1", "--pending"]);
    let old = column(&desk.json(&["batch", "list", "alice"]), "batch");
    desk.say(&["batch", "delete", &old[2], "--yes"]);
    desk.say(&["batch", "delete", &old[3], "--yes", "--now"]);
    let state = |state: &str| desk.json(&["batch", "list", "--state", state])["total"].clone();
    assert_eq!(
        ["pending", "active", "superseded", "deleted", "purged"].map(state),
        [1, 2, 9, 1, 1]
    );
    let theirs = desk.json(&["batch", "list", "alice", "--state", "active"]);
    assert_eq!(theirs["total"], 1);
    let second = desk.json(&["batch", "list", "alice", "--page", "2"]);
    assert_eq!(
        [&second["page"], &second["pages"], &second["total"]],
        [&json!(2), &json!(2), &json!(13)]
    );
    assert_eq!(second["items"].as_array().unwrap().len(), 3);
    let beyond = desk.json(&["batch", "list", "--page", "9"]);
    assert_eq!(
        beyond,
        json!({"items": [], "page": 9, "pages": 2, "total": 14})
    );
    assert_eq!(
        desk.say(&["batch", "list", "--page", "9"]).err,
        "There is no page 9; the last is 2.\n"
    );
    desk.refuses(&["batch", "list", "nobody"], 3, "unknown_user");
    desk.say(&["user", "add", "carol"]);
    assert_eq!(
        desk.say(&["batch", "list", "carol"]).err,
        "No batches yet.\n"
    );
}

#[test]
fn one_batch_is_shown_with_its_codes() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--count", "2", "--alphabet", "typeable"]);
    let batch = desk.active_batch("alice");
    let shown = desk.json(&["batch", "show", &batch[..8]]);
    assert_eq!(
        fields(&shown),
        [
            "alphabet",
            "batch",
            "changed_at",
            "codes",
            "confirmed",
            "confirmed_at",
            "created_at",
            "created_by",
            "deleted",
            "emailed_at",
            "ended_at",
            "ended_by",
            "expired",
            "expires_at",
            "export_format",
            "exported_at",
            "imported_from",
            "invalidated",
            "issued",
            "purged",
            "remaining",
            "shown_at",
            "state",
            "temporary",
            "used",
            "user",
            "weak"
        ]
    );
    assert_eq!([&shown["user"], &shown["batch"]], ["alice", &batch]);
    assert_eq!(
        [&shown["alphabet"], &shown["created_by"]],
        ["typeable", "tester"]
    );
    assert_eq!(shown["codes"][1]["hint"], hint(&codes[1]));
    let text = desk.say(&["batch", "show", &batch.to_lowercase()]);
    assert!(text.out.contains(&batch), "{}", text.out);
    assert!(text.out.contains("Codes by hint\n"), "{}", text.out);
}

#[test]
fn an_id_must_be_known_unambiguous_and_an_id() {
    let desk = Desk::new();
    desk.issue("alice");
    desk.issue("bob");
    let (one, other) = (desk.active_batch("alice"), desk.active_batch("bob"));
    desk.tamper(&format!(
        "UPDATE batches SET name = 'AB{}' WHERE name = '{one}';
         UPDATE batches SET name = 'AB{}' WHERE name = '{other}';",
        "0".repeat(14),
        "F".repeat(14)
    ));
    for args in [
        vec!["batch", "show"],
        vec!["batch", "delete"],
        vec!["code", "list", "alice", "--batch"],
    ] {
        let with = |id: &'static str| [args.clone(), vec![id]].concat();
        let said = desk.refuses(&with("ab"), 3, "ambiguous_id");
        assert!(
            said.contains("AB00000000000000, ABFFFFFFFFFFFFFF"),
            "{said}"
        );
        let said = desk.refuses(&with("0123"), 3, "unknown_batch");
        assert!(
            said.contains("`recovery-codes batch list` shows all"),
            "{said}"
        );
        for no_id in ["", "xyz", "00112233445566778", "0%"] {
            desk.refuses(&with(no_id), 2, "usage");
        }
    }
    assert_eq!(desk.json(&["batch", "show", "ab0"])["user"], "alice");
    assert_eq!(desk.json(&["batch", "show", "abf"])["user"], "bob");
}

#[test]
fn deleting_takes_the_active_codes_along() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let batch = desk.active_batch("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.say(&["code", "invalidate", "alice", hint(&codes[1])]);
    let deleted = desk.json(&["batch", "delete", &batch, "--yes", "--reason", "lost sheet"]);
    assert_eq!(
        deleted,
        json!({"user": "alice", "batch": batch, "state": "deleted", "unused": 8, "purged": 0})
    );
    assert_eq!(
        desk.last_deed(),
        json!([
            "batch.deleted",
            "alice",
            batch,
            null,
            "tester",
            "lost sheet"
        ])
    );
    let shown = desk.json(&["batch", "show", &batch]);
    assert_eq!(counts(&shown), [10, 0, 1, 1, 8, 0]);
    assert_eq!([&shown["state"], &shown["ended_by"]], ["deleted", "tester"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[2]).exit, 1);
    let said = desk.refuses(&["batch", "delete", &batch, "--yes"], 3, "wrong_state");
    assert!(said.contains("--now takes them at once"), "{said}");
    desk.assert_sound();
}

#[test]
fn deleting_now_takes_the_rows_and_keeps_the_counts() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let batch = desk.active_batch("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let text = desk.say(&["batch", "delete", &batch, "--now", "--yes"]);
    assert_eq!(
        text.err,
        format!(
            "Deleted batch {} of alice, with 9 unused codes. 10 rows gone from the store.\n",
            &batch[..8]
        )
    );
    assert_eq!(desk.query("SELECT COUNT(*) FROM codes"), "0");
    let history = desk.json(&["history", "alice"]);
    assert_eq!(history["items"][0]["state"], "purged");
    assert_eq!(counts(&history["items"][0]), [10, 0, 1, 0, 9, 10]);
    assert_eq!(desk.json(&["batch", "show", &batch])["codes"], json!([]));
    desk.refuses(
        &["code", "show", "alice", hint(&codes[0])],
        3,
        "unknown_code",
    );
    let again = ["batch", "delete", &batch, "--now", "--yes"];
    let said = desk.refuses(&again, 3, "wrong_state");
    assert!(said.contains("only its counts are left"), "{said}");
    desk.assert_sound();
}

#[test]
fn a_deleted_batch_can_still_be_taken_at_once() {
    let desk = Desk::new();
    desk.issue("alice");
    let batch = desk.active_batch("alice");
    desk.say(&["batch", "delete", &batch, "--yes"]);
    let said = desk.refuses(&["batch", "delete", &batch, "--now"], 3, "not_confirmed");
    assert!(said.contains("its counts stay"), "{said}");
    assert_eq!(
        desk.json(&["batch", "delete", &batch, "--now", "--yes"]),
        json!({"user": "alice", "batch": batch, "state": "purged", "unused": 0, "purged": 10})
    );
    desk.assert_sound();
}

#[test]
fn deleting_asks_and_names_the_consequence() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--count", "2"]);
    let batch = desk.active_batch("alice");
    let short = &batch[..8];
    let delete = ["batch", "delete", &batch];
    let said = desk.refuses(&delete, 3, "not_confirmed");
    let consequence = format!("alice has 2 unused codes in batch {short}; they stop working");
    assert!(said.contains(&consequence), "{said}");
    let no = desk.talk(&delete, &["n"]);
    assert_eq!(no.exit, 3);
    assert!(
        no.err.starts_with(&format!("{consequence}. Go on? ")),
        "{}",
        no.err
    );
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let now = desk.talk(&["batch", "delete", &batch, "--now"], &["n"]);
    assert!(
        now.err.contains(&format!(
            "alice has 1 unused code in batch {short}; it stops working, and the rows"
        )),
        "{}",
        now.err
    );
    assert_eq!(desk.talk(&delete, &["y"]).exit, 0);
    // What ends nothing is not asked about.
    desk.pass(60);
    desk.issue("alice");
    let old = desk.active_batch("alice");
    desk.pass(60);
    desk.issue("alice");
    assert_eq!(desk.run(&["batch", "delete", &old]).exit, 0);
}

#[test]
fn a_pending_batch_can_be_deleted_and_the_old_one_works_on() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    desk.pass(60);
    let pending = desk.issue_with("alice", &["--pending"]);
    let list = desk.json(&["batch", "list", "--state", "pending"]);
    let id = column(&list, "batch").remove(0);
    desk.say(&["batch", "delete", &id, "--noinput"]);
    assert_eq!(desk.pipe(&["confirm", "alice"], &pending[0]).exit, 1);
    assert_eq!(desk.pipe(&["verify", "alice"], &old[0]).exit, 0);
    desk.assert_sound();
}
