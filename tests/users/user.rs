//! `user …`: who may hold codes.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::asking::{column, fields, hint};

#[test]
fn a_user_is_added() {
    let desk = Desk::new();
    let text = desk.say(&["user", "add", "alice", "--email", "Alice@Example.org"]);
    assert_eq!(text.out, "");
    assert!(
        text.err
            .contains("Added alice. Issue codes with `recovery-codes generate alice`.\n"),
        "{}",
        text.err
    );
    assert_eq!(
        desk.last_deed(),
        json!(["user.added", "alice", null, null, "tester", null])
    );
    assert_eq!(
        desk.json(&["user", "add", "bob", "--reason", "new", "--actor", "root"]),
        json!({"user": "bob", "email": null, "state": "active", "language": null, "created": true})
    );
    assert_eq!(
        desk.last_deed(),
        json!(["user.added", "bob", null, null, "root", "new"])
    );
    desk.assert_sound();
}

#[test]
fn a_name_or_address_that_is_taken_is_refused() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    let said = desk.refuses(&["user", "add", "alice"], 3, "user_exists");
    assert!(said.contains("give --if-missing"), "{said}");
    let taken = ["user", "add", "bob", "--email", "ALICE@example.org"];
    let said = desk.refuses(&taken, 3, "email_taken");
    assert!(said.contains("belongs to the user alice"), "{said}");
    // Who may be called by either must be meant by either.
    let said = desk.refuses(&["user", "add", "alice@example.org"], 3, "email_taken");
    assert!(
        said.contains("is the e-mail address of the user "),
        "{said}"
    );
    desk.say(&["user", "add", "carol@example.org"]);
    for email in ["carol@example.org", "Carol@Example.ORG"] {
        let taken = ["user", "add", "bob", "--email", email];
        desk.refuses(&taken, 3, "email_taken");
    }
    desk.refuses(&["user", "add", "ALICE@example.org"], 3, "email_taken");
    desk.refuses(
        &["user", "add", "bob", "--email", "bob"],
        2,
        "malformed_email",
    );
    desk.refuses(&["user", "add", "bob", "--email", ""], 2, "malformed_email");
    assert_eq!(desk.json(&["user", "list"])["total"], 2);
}

#[test]
fn adding_is_repeatable_if_that_is_asked_for() {
    let desk = Desk::new();
    let add = ["user", "add", "alice", "--email", "a@b.org", "--if-missing"];
    assert_eq!(desk.json(&add)["created"], true);
    let deeds = desk.deeds();
    assert_eq!(
        desk.json(&add),
        json!({"user": "alice", "email": "a@b.org", "state": "active", "language": null, "created": false})
    );
    assert_eq!(desk.say(&add).err, "alice is there already.\n");
    desk.say(&["user", "add", "alice", "--if-missing"]);
    let other = ["user", "add", "alice", "--email", "c@d.org", "--if-missing"];
    let said = desk.refuses(&other, 3, "user_exists");
    assert!(said.contains("user edit --email ADDR alice"), "{said}");
    assert_eq!(desk.deeds(), deeds);
}

#[test]
fn a_list_says_what_each_user_has_left() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let empty = desk.say(&["user", "list"]);
    assert_eq!(
        (empty.out.as_str(), empty.err.as_str()),
        ("", "No users yet.\n")
    );
    assert_eq!(
        desk.say(&["user", "list", "--search", "x"]).err,
        "There is no such user.\n"
    );
    assert_eq!(
        desk.json(&["user", "list"]),
        json!({"items": [], "page": 1, "pages": 1, "total": 0})
    );
    desk.issue_with("bob", &["--expires-in", "30d"]);
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    let list = desk.json(&["user", "list"]);
    assert_eq!(
        list["items"][0],
        json!({
            "user": "alice", "email": "alice@example.org", "state": "active", "language": null, "remaining": 0,
            "batch": null, "expires_at": null, "confirmed": false, "last_used_at": null,
            "created_at": "2026-09-21T14:13:20Z",
        })
    );
    assert_eq!(list["items"][1]["remaining"], 10);
    assert_eq!(list["items"][1]["batch"], desk.active_batch("bob"));
    assert_eq!(list["items"][1]["expires_at"], "2026-10-21T14:13:20Z");
    let text = desk.say(&["user", "list"]);
    let lines = text.lines();
    assert!(lines[0].starts_with("User   E-mail"), "{}", text.out);
    assert!(lines[2].starts_with("alice  alice@example.org  active  0"));
}

#[test]
fn a_list_has_pages() {
    let desk = Desk::new();
    for name in ["e", "b", "d", "a", "c"] {
        desk.say(&["user", "add", name]);
    }
    let page = |number: &str| desk.json(&["user", "list", "--per-page", "2", "--page", number]);
    assert_eq!(column(&page("1"), "user"), ["a", "b"]);
    let last = page("3");
    assert_eq!(column(&last, "user"), ["e"]);
    assert_eq!(
        [&last["page"], &last["pages"], &last["total"]],
        [&json!(3), &json!(3), &json!(5)]
    );
    let beyond = page("4");
    assert_eq!(
        beyond,
        json!({"items": [], "page": 4, "pages": 3, "total": 5})
    );
    let far = page("18446744073709551615");
    assert_eq!(far["items"], json!([]));
    let text = desk.say(&["user", "list", "--per-page", "2", "--page", "4"]);
    assert_eq!(text.err, "There is no page 4; the last is 3.\n");
    let text = desk.say(&["user", "list", "--per-page", "2"]);
    assert_eq!(text.err, "Page 1 of 3; --page shows another.\n");
    for wrong in [["--page", "0"], ["--per-page", "0"], ["--per-page", "1001"]] {
        assert_eq!(desk.run(&["user", "list", wrong[0], wrong[1]]).exit, 2);
    }
}

#[test]
fn a_list_is_searched_by_name_and_address() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice", "--email", "x@example.org"]);
    desk.say(&["user", "add", "50%_off"]);
    desk.say(&["user", "add", "500 off"]);
    let find = |text: &str| column(&desk.json(&["user", "list", "--search", text]), "user");
    assert_eq!(find("LIC"), ["alice"]);
    assert_eq!(find("x@EXAMPLE"), ["alice"]);
    assert_eq!(find("0%_"), ["50%_off"]);
    assert_eq!(find("\\"), [""; 0]);
    assert_eq!(find("").len(), 3);
}

#[test]
fn a_list_is_filtered_by_state_and_codes() {
    let desk = Desk::new();
    desk.say(&["user", "add", "none"]);
    desk.issue_with("few", &["--count", "3"]);
    desk.issue_with("soon", &["--expires-in", "14d"]);
    desk.issue_with("later", &["--expires-in", "15d"]);
    desk.issue_with("expired", &["--expires-in", "1h"]);
    let kept = desk.issue("kept");
    assert_eq!(desk.pipe(&["confirm", "kept"], &kept[0]).exit, 0);
    desk.issue("off");
    desk.say(&["user", "disable", "off"]);
    desk.pass(3600);
    let with =
        |option: &str, value: &str| column(&desk.json(&["user", "list", option, value]), "user");
    assert_eq!(with("--codes", "none"), ["expired", "none"]);
    assert_eq!(with("--codes", "low"), ["few"]);
    assert_eq!(with("--codes", "expiring"), ["soon"]);
    assert_eq!(
        with("--codes", "unconfirmed"),
        ["few", "later", "off", "soon"]
    );
    assert_eq!(with("--state", "disabled"), ["off"]);
    assert_eq!(with("--state", "active").len(), 6);
    let both = [
        "user",
        "list",
        "--state",
        "active",
        "--codes",
        "unconfirmed",
    ];
    assert_eq!(column(&desk.json(&both), "user"), ["few", "later", "soon"]);
    assert_eq!(desk.run(&["user", "list", "--codes", "many"]).exit, 2);
}

#[test]
fn the_dashboard_shows_everything_about_one_user() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    desk.say(&["user", "edit", "alice", "--email", "alice@example.org"]);
    desk.pass(60);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.say(&["code", "invalidate", "alice", hint(&codes[1])]);
    desk.issue_with("alice", &["--pending"]);
    let shown = desk.json(&["user", "show", "ALICE@example.org"]);
    assert_eq!(
        fields(&shown),
        [
            "active_batch",
            "batches",
            "confirmed",
            "created_at",
            "email",
            "generate_limiter",
            "language",
            "last_used_at",
            "low",
            "outdated",
            "pending_batch",
            "remaining",
            "remaining_hints",
            "state",
            "temporary_batch",
            "used_hints",
            "user",
            "verify_limiter"
        ]
    );
    assert_eq!(shown["user"], "alice");
    assert_eq!(
        [&shown["remaining"], &shown["batches"]],
        [&json!(8), &json!(2)]
    );
    assert_eq!(
        [&shown["low"], &shown["confirmed"]],
        [&json!(false), &json!(false)]
    );
    assert_eq!(shown["last_used_at"], "2026-09-21T14:14:20Z");
    let left: Vec<&str> = codes[2..].iter().map(|code| hint(code)).collect();
    assert_eq!(shown["remaining_hints"], json!(left));
    assert_eq!(shown["used_hints"], json!([hint(&codes[0])]));
    let batch = &shown["active_batch"];
    assert_eq!(
        fields(batch),
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
            "weak"
        ]
    );
    assert_eq!(batch["codes"].as_array().unwrap().len(), 10);
    assert_eq!(shown["pending_batch"]["state"], "pending");
    assert_eq!(
        shown["generate_limiter"],
        json!({
            "failures": 0, "retry_after": 60, "locked": false,
            "last_attempt": "2026-09-21T14:14:20Z",
        })
    );
    let text = desk.say(&["user", "show", "alice"]);
    for part in ["Codes left          8", "Batch that waits to be confirmed"] {
        assert!(text.out.contains(part), "{}", text.out);
    }
    assert_eq!(text.err, "");
}

#[test]
fn the_dashboard_says_what_to_do_when_codes_run_out() {
    let desk = Desk::new();
    desk.issue_with("alice", &["--count", "3", "--expires-in", "1h"]);
    let few = desk.say(&["user", "show", "alice"]);
    assert!(few.err.contains("alice has few codes left"), "{}", few.err);
    desk.pass(3600);
    let none = desk.say(&["user", "show", "alice"]);
    assert!(none.err.contains("alice has no code that works"));
    let shown = desk.json(&["user", "show", "alice"]);
    assert_eq!(
        [&shown["remaining"], &shown["remaining_hints"]],
        [&json!(0), &json!([])]
    );
    assert_eq!(shown["active_batch"]["expired"], true);
    desk.say(&["user", "add", "bob"]);
    let shown = desk.json(&["user", "show", "bob"]);
    assert_eq!(
        [&shown["active_batch"], &shown["pending_batch"]],
        [&Value::Null, &Value::Null]
    );
}

#[test]
fn a_user_is_renamed_and_stays_who_they_are() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let edited = desk.json(&[
        "user", "edit", "alice", "--name", "alicia", "--reason", "married",
    ]);
    assert_eq!(
        edited,
        json!({"user": "alicia", "email": null, "state": "active", "language": null, "changed": true})
    );
    assert_eq!(
        desk.last_deed(),
        json!(["user.edited", "alicia", null, null, "tester", "married"])
    );
    assert_eq!(desk.audit()[0]["details"], "renamed from alice");
    assert_eq!(desk.pipe(&["verify", "alicia"], &codes[0]).exit, 0);
    desk.refuses(&["user", "show", "alice"], 3, "unknown_user");
    // What was done to alice was done to the same person.
    assert_eq!(desk.json(&["log", "audit", "--user", "alicia"])["total"], 4);
    desk.assert_sound();
}

#[test]
fn an_address_is_changed_and_taken_away() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice"]);
    let text = desk.say(&["user", "edit", "alice", "--email", "a@b.org"]);
    assert_eq!(text.err, "Changed alice.\n");
    assert_eq!(desk.audit()[0]["details"], "e-mail a@b.org instead of none");
    let again = desk.say(&["user", "edit", "a@b.org", "--email", "a@b.org"]);
    assert_eq!(again.err, "alice is so already; nothing was changed.\n");
    desk.say(&["user", "edit", "alice", "--email", "A@b.org"]);
    assert_eq!(
        desk.json(&["user", "edit", "alice", "--email", ""])["email"],
        Value::Null
    );
    desk.refuses(&["user", "show", "a@b.org"], 3, "unknown_user");
    assert_eq!(
        desk.json(&["log", "audit", "--action", "user.edited"])["total"],
        3
    );
}

#[test]
fn an_edit_that_would_confuse_two_users_is_refused() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.say(&["user", "add", "bob"]);
    desk.refuses(
        &["user", "edit", "bob", "--name", "alice"],
        3,
        "user_exists",
    );
    let name = ["user", "edit", "bob", "--name", "alice@example.org"];
    desk.refuses(&name, 3, "email_taken");
    let email = ["user", "edit", "bob", "--email", "Alice@Example.org"];
    desk.refuses(&email, 3, "email_taken");
    desk.refuses(
        &["user", "edit", "nobody", "--name", "x"],
        3,
        "unknown_user",
    );
    desk.refuses(&["user", "edit", "bob", "--name", ""], 2, "malformed_name");
    desk.refuses(
        &["user", "edit", "bob", "--email", "x"],
        2,
        "malformed_email",
    );
    assert_eq!(desk.run(&["user", "edit", "bob"]).exit, 2);
    // One's own address as one's name confuses nobody.
    desk.say(&["user", "edit", "alice", "--name", "alice@example.org"]);
    desk.assert_sound();
}

#[test]
fn a_disabled_user_is_refused_until_enabled() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let text = desk.say(&["user", "disable", "alice"]);
    assert_eq!(text.err, "alice is disabled.\n");
    assert_eq!(
        desk.last_deed(),
        json!(["user.disabled", "alice", null, null, "tester", null])
    );
    let again = desk.json(&["user", "disable", "alice"]);
    assert_eq!(
        again,
        json!({"user": "alice", "email": null, "state": "disabled", "language": null, "changed": false})
    );
    assert_eq!(
        desk.say(&["user", "disable", "alice"]).err,
        "alice is disabled already.\n"
    );
    let tried = desk.pipe(&["verify", "alice"], &codes[0]);
    assert_eq!((tried.exit, tried.err.as_str()), (1, "Not accepted.\n"));
    desk.pass(60);
    desk.refuses(&["generate", "alice"], 3, "user_disabled");
    let deeds = desk.deeds();
    assert_eq!(desk.json(&["user", "enable", "alice"])["changed"], true);
    assert_eq!(desk.deeds(), deeds + 1);
    assert_eq!(
        desk.last_deed(),
        json!(["user.enabled", "alice", null, null, "tester", null])
    );
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    for word in ["enable", "disable", "show"] {
        desk.refuses(&["user", word, "nobody"], 3, "unknown_user");
    }
    desk.assert_sound();
}

#[test]
fn no_code_of_a_disabled_user_is_shown_as_working() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    desk.say(&["user", "disable", "alice"]);
    let shown = desk.json(&["code", "show", "alice", hint(&codes[0])]);
    assert_eq!(
        [&shown["state"], &shown["works"]],
        [&json!("active"), &json!(false)]
    );
    let batch = desk.active_batch("alice");
    for args in [vec!["code", "list", "alice"], vec!["batch", "show", &batch]] {
        let said = desk.json(&args).to_string();
        assert!(!said.contains("\"works\":true"), "{args:?} {said}");
    }
    let note = desk.say(&["user", "show", "alice"]).err;
    assert!(note.contains("alice is disabled"), "{note}");
}

#[test]
fn a_user_is_removed_with_everything_but_the_audit_log() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let before = desk.deeds();
    let removed = desk.json(&["user", "remove", "alice", "--noinput", "--reason", "left"]);
    assert_eq!(
        removed,
        json!({"user": "alice", "email": null, "state": "active", "language": null, "removed": true})
    );
    assert_eq!(
        desk.last_deed(),
        json!(["user.removed", "alice", null, null, "tester", "left"])
    );
    assert_eq!(desk.deeds(), before + 1);
    assert_eq!(desk.query("SELECT COUNT(*) FROM codes"), "0");
    assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "0");
    assert_eq!(desk.query("SELECT COUNT(*) FROM limiters"), "0");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    let found = desk.json(&["log", "audit", "--user", "alice"]);
    assert_eq!(
        column(&found, "action"),
        ["user.removed", "batch.generated", "user.added"]
    );
    desk.refuses(&["user", "remove", "alice", "--yes"], 3, "unknown_user");
    // Somebody else of the same name has nothing to do with it.
    desk.say(&["user", "add", "alice"]);
    assert_eq!(desk.json(&["user", "show", "alice"])["batches"], 0);
    assert_eq!(desk.json(&["log", "audit", "--user", "alice"])["total"], 1);
    desk.assert_sound();
}

#[test]
fn removing_asks_and_names_what_goes() {
    let desk = Desk::new();
    desk.issue("alice");
    let consequence =
        "alice has 10 unused codes and 1 batch; all of it goes and cannot be brought back";
    let said = desk.refuses(&["user", "remove", "alice"], 3, "not_confirmed");
    assert!(
        said.contains(consequence) && said.contains("--yes"),
        "{said}"
    );
    let no = desk.talk(&["user", "remove", "alice"], &["n"]);
    assert_eq!(no.exit, 3);
    assert!(no.err.contains(consequence), "{}", no.err);
    assert!(no.err.contains("not confirmed") && no.err.contains("nothing was changed"));
    assert_eq!(desk.json(&["user", "list"])["total"], 1);
    let yes = desk.talk(&["user", "remove", "alice"], &["y"]);
    assert_eq!(yes.exit, 0);
    assert!(yes.err.ends_with("Removed alice.\n"), "{}", yes.err);
    assert_eq!(desk.json(&["user", "list"])["total"], 0);
}
