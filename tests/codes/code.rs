//! `code …`: single codes, named by their hint (DESIGN section 3).

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::asking::{column, fields, hint};

fn remaining(desk: &Desk) -> Value {
    desk.json(&["user", "show", "alice"])["remaining"].clone()
}

#[test]
fn a_list_shows_the_hints_in_the_order_of_the_sheet() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--count", "3"]);
    let list = desk.json(&["code", "list", "alice"]);
    assert_eq!(
        [&list["page"], &list["pages"], &list["total"]],
        [&json!(1), &json!(1), &json!(3)]
    );
    assert_eq!(
        list["items"][0],
        json!({
            "position": 1, "hint": hint(&codes[0]), "state": "active", "works": true,
            "ended_at": null, "batch": desk.active_batch("alice"),
        })
    );
    let hints: Vec<&str> = codes.iter().map(|code| hint(code)).collect();
    assert_eq!(column(&list, "hint"), hints);
    let text = desk.say(&["code", "list", "alice"]);
    assert!(text.lines()[0].starts_with("No.  Hint    State   Works"));
    assert!(text.lines()[2].starts_with(&format!("1    {}  active  yes", hint(&codes[0]))));
    // The secret part is nowhere.
    assert!(!text.out.contains(&codes[0][7..]));
    desk.say(&["user", "add", "bob"]);
    assert_eq!(
        desk.say(&["code", "list", "bob"]).err,
        "bob has no codes.\n"
    );
}

#[test]
fn a_list_holds_the_active_and_the_pending_batch_or_the_named_one() {
    let desk = Desk::new();
    desk.issue_with("alice", &["--count", "2"]);
    let old = desk.active_batch("alice");
    desk.pass(60);
    desk.issue_with("alice", &["--count", "1"]);
    desk.pass(60);
    desk.issue_with("alice", &["--count", "1", "--pending"]);
    let list = desk.json(&["code", "list", "alice"]);
    assert_eq!(column(&list, "works"), ["true", "false"]);
    let named = desk.json(&["code", "list", "alice", "--batch", &old[..8].to_lowercase()]);
    assert_eq!(column(&named, "state"), ["invalidated", "invalidated"]);
    desk.issue("bob");
    let theirs = desk.active_batch("bob");
    let args = ["code", "list", "alice", "--batch", &theirs];
    let said = desk.refuses(&args, 3, "unknown_batch");
    assert!(said.contains("is not one of alice"), "{said}");
    desk.refuses(&["code", "list", "nobody"], 3, "unknown_user");
    desk.refuses(&["code", "list", "alice", "--batch", "xyz"], 2, "usage");
}

#[test]
fn one_code_is_shown_with_its_batch() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--expires-in", "1d"]);
    let args = ["code", "show", "alice", hint(&codes[1])];
    let shown = desk.json(&args);
    assert_eq!(
        fields(&shown),
        [
            "batch",
            "batch_state",
            "created_at",
            "ended_at",
            "expires_at",
            "hint",
            "key",
            "position",
            "state",
            "user",
            "works"
        ]
    );
    assert_eq!(
        [&shown["works"], &shown["position"]],
        [&json!(true), &json!(2)]
    );
    assert_eq!(shown["expires_at"], "2026-09-22T14:13:20Z");
    assert!(desk.say(&args).out.contains("Works      yes"));
    desk.pass(86_400);
    let shown = desk.json(&args);
    assert_eq!(
        [&shown["state"], &shown["works"]],
        [&json!("active"), &json!(false)]
    );
}

#[test]
fn a_hint_must_be_the_right_one() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let swapped: String = hint(&codes[0])
        .chars()
        .map(|c| match c.is_ascii_lowercase() {
            true => c.to_ascii_uppercase(),
            false => c.to_ascii_lowercase(),
        })
        .collect();
    let said = desk.refuses(&["code", "show", "alice", &swapped], 3, "unknown_code");
    assert!(said.contains("they are case-sensitive"), "{said}");
    for word in ["show", "invalidate", "reactivate", "delete"] {
        desk.refuses(
            &["code", word, "alice", "222222", "--yes"],
            3,
            "unknown_code",
        );
        desk.refuses(
            &["code", word, "nobody", "222222", "--yes"],
            3,
            "unknown_user",
        );
        desk.refuses(&["code", word, "alice", "short"], 2, "usage");
        let said = desk.refuses(&["code", word, "alice", &codes[0]], 2, "usage");
        assert!(!said.contains(&codes[0][7..]), "{said}");
        assert!(said.contains("a code was given as an argument"), "{said}");
    }
    // Nobody is asked about a code that is not there.
    let asked = desk.talk(&["code", "delete", "alice", "222222"], &[]);
    assert_eq!(asked.exit, 3);
    assert!(asked.err.contains("has no code"), "{}", asked.err);
}

#[test]
fn a_typeable_hint_is_read_in_either_case() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--alphabet", "typeable"]);
    let lower = hint(&codes[0])
        .to_lowercase()
        .replace('0', "o")
        .replace('1', "l");
    let shown = desk.json(&["code", "show", "alice", &lower]);
    assert_eq!(shown["hint"], hint(&codes[0]));
}

#[test]
fn an_invalidated_code_is_refused_until_it_is_reactivated() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let (batch, its) = (desk.active_batch("alice"), hint(&codes[0]));
    let done = desk.json(&["code", "invalidate", "alice", its, "--reason", "lost"]);
    assert_eq!(
        done,
        json!({"user": "alice", "batch": batch, "hint": its, "state": "invalidated", "remaining": 9})
    );
    assert_eq!(
        desk.last_deed(),
        json!(["code.invalidated", "alice", batch, its, "tester", "lost"])
    );
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    let args = ["code", "invalidate", "alice", its];
    let said = desk.refuses(&args, 3, "wrong_state");
    assert!(said.contains("is invalidated"), "{said}");
    let text = desk.say(&["code", "reactivate", "alice", its]);
    assert_eq!(
        text.err,
        format!(
            "The code {its} of alice is active again; 10 codes left in batch {}.\n",
            &batch[..8]
        )
    );
    assert_eq!(
        desk.last_deed(),
        json!(["code.reactivated", "alice", batch, its, "tester", null])
    );
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.assert_sound();
}

#[test]
fn a_deleted_code_never_comes_back() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let (batch, its) = (desk.active_batch("alice"), hint(&codes[0]));
    let args = ["code", "delete", "alice", its];
    let said = desk.refuses(&args, 3, "not_confirmed");
    assert!(
        said.contains("is deleted and cannot be brought back"),
        "{said}"
    );
    assert_eq!(desk.talk(&args, &["n"]).exit, 3);
    assert_eq!(remaining(&desk), 10);
    assert_eq!(desk.talk(&args, &["y"]).exit, 0);
    assert_eq!(
        desk.last_deed(),
        json!(["code.deleted", "alice", batch, its, "tester", null])
    );
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    for word in ["invalidate", "reactivate", "delete"] {
        let said = desk.refuses(&["code", word, "alice", its], 3, "wrong_state");
        assert!(said.contains("is deleted"), "{said}");
    }
    assert_eq!(
        desk.json(&["code", "delete", "alice", hint(&codes[1]), "--yes"]),
        json!({
            "user": "alice", "batch": batch, "hint": hint(&codes[1]), "state": "deleted",
            "remaining": 8,
        })
    );
    desk.assert_sound();
}

#[test]
fn an_invalidated_code_can_be_deleted_for_good() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let (batch, its) = (desk.active_batch("alice"), hint(&codes[0]));
    desk.say(&["code", "invalidate", "alice", its]);
    desk.pass(60);
    let args = ["code", "delete", "alice", its];
    let said = desk.refuses(&args, 3, "not_confirmed");
    assert!(said.contains("cannot be brought back"), "{said}");
    assert_eq!(desk.json(&[&args[..], &["--yes"]].concat())["remaining"], 9);
    let shown = desk.json(&["batch", "show", &batch]);
    let counts = ["remaining", "invalidated", "deleted"].map(|count| shown[count].clone());
    assert_eq!(counts, [9, 0, 1]);
    assert_eq!(shown["codes"][0]["ended_at"], "2026-09-21T14:14:20Z");
    assert_eq!(desk.last_deed()[0], "code.deleted");
    let args = ["code", "reactivate", "alice", its];
    desk.refuses(&args, 3, "wrong_state");
    // The retention begins anew.
    desk.pass(90 * 86_400 - 60);
    assert_eq!(desk.json(&["purge", "--yes"])["codes"], 0);
    desk.pass(60);
    assert_eq!(desk.json(&["purge", "--yes"])["codes"], 1);
    desk.assert_sound();
}

#[test]
fn a_used_code_never_comes_back() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    for word in ["invalidate", "reactivate", "delete"] {
        let args = ["code", word, "alice", hint(&codes[0]), "--yes"];
        let said = desk.refuses(&args, 3, "wrong_state");
        assert!(said.contains("is used"), "{said}");
    }
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    assert_eq!(remaining(&desk), 9);
}

#[test]
fn a_code_of_a_batch_that_is_not_active_is_not_reactivated() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    desk.say(&["code", "invalidate", "alice", hint(&old[0])]);
    desk.pass(60);
    let new = desk.issue("alice");
    for code in &old[..2] {
        let args = ["code", "reactivate", "alice", hint(code)];
        let said = desk.refuses(&args, 3, "wrong_state");
        assert!(said.contains("which is superseded"), "{said}");
    }
    desk.say(&["code", "invalidate", "alice", hint(&new[0])]);
    let batch = desk.active_batch("alice");
    desk.say(&["batch", "delete", &batch, "--yes"]);
    let args = ["code", "reactivate", "alice", hint(&new[0])];
    let said = desk.refuses(&args, 3, "wrong_state");
    assert!(said.contains("which is deleted"), "{said}");
    desk.assert_sound();
}

#[test]
fn a_single_code_never_changes_the_state_of_its_batch() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--count", "3"]);
    let batch = desk.active_batch("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.say(&["code", "invalidate", "alice", hint(&codes[1])]);
    desk.say(&["code", "delete", "alice", hint(&codes[2]), "--yes"]);
    let shown = desk.json(&["batch", "show", &batch]);
    assert_eq!(shown["state"], "active");
    let counts = ["issued", "remaining", "used", "invalidated", "deleted"];
    assert_eq!(
        counts.map(|count| shown[count].as_u64().unwrap()),
        [3, 0, 1, 1, 1]
    );
    desk.say(&["code", "reactivate", "alice", hint(&codes[1])]);
    assert_eq!(desk.json(&["batch", "show", &batch])["invalidated"], 0);
    assert_eq!(remaining(&desk), 1);
    desk.assert_sound();
}
