//! `key …`: new keys for new codes, old ones for as long as something needs them, and a lost or
//! wrong key that is never mistaken for a wrong code.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use recovery_codes::store::{Store, audit};
use serde_json::{Value, json};

use crate::harness::asking::{column, fields};
use crate::harness::{Desk, Ended};

/// The current key's id.
#[track_caller]
fn current(desk: &Desk) -> String {
    let list = desk.json(&["key", "list"]);
    let items = list["items"].as_array().unwrap().iter();
    let mut current = items.filter(|key| key["current"] == true);
    let key = current.next().unwrap()["key"].as_str().unwrap().to_owned();
    assert!(current.next().is_none());
    key
}

/// Rotates; says which key is current now.
#[track_caller]
fn rotate(desk: &Desk) -> String {
    desk.json(&["key", "rotate"])["key"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// What `key list` says of one key.
#[track_caller]
fn listed(desk: &Desk, key: &str) -> Value {
    let list = desk.json(&["key", "list"]);
    let items = list["items"].as_array().unwrap().iter();
    items
        .clone()
        .find(|item| item["key"] == key)
        .unwrap()
        .clone()
}

/// The secrets in the key file, also the part of a retired key.
fn secrets(desk: &Desk) -> Vec<String> {
    let text = fs::read_to_string(desk.keys()).unwrap();
    text.lines()
        .filter(|line| line.starts_with("secret") || line.starts_with("audit"))
        .map(|line| line.split('"').nth(1).unwrap().to_owned())
        .collect()
}

/// The store as it is now, in one file.
fn store(desk: &Desk) -> Vec<u8> {
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    fs::read(desk.store()).unwrap()
}

fn put_back_store(desk: &Desk, bytes: &[u8]) {
    for ending in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(desk.store().with_extension(ending));
    }
    fs::write(desk.store(), bytes).unwrap();
}

#[track_caller]
fn works(desk: &Desk, user: &str, code: &str) {
    let ended = desk.pipe(&["verify", user], code);
    assert_eq!(ended.exit, 0, "{}", ended.err);
}

/// The code could not be checked; that is said, and it is not called wrong.
#[track_caller]
fn cannot_be_checked(desk: &Desk, code: &str, kind: &str) -> Ended {
    let ended = desk.pipe(&["verify", "alice", "--json"], code);
    assert_eq!((ended.exit, ended.out.as_str()), (4, ""), "{}", ended.err);
    assert_eq!(ended.error()["kind"], kind, "{}", ended.err);
    assert_ne!(ended.error()["hint"], Value::Null);
    let rejected = "SELECT COUNT(*) FROM attempts WHERE outcome = 'wrong'";
    assert_eq!(desk.query(rejected), "0");
    ended
}

/// What `check` says of the key, without what is well.
fn key_findings(desk: &Desk) -> Vec<(String, String)> {
    let report = desk.run(&["check", "--json"]).json();
    let items = report["items"].as_array().unwrap().iter();
    items
        .filter(|item| item["check"] == "key" && item["level"] != "ok")
        .map(|item| {
            assert_ne!(item["hint"], Value::Null, "{item}");
            let text = |field: &str| item[field].as_str().unwrap().to_owned();
            (text("level"), text("message"))
        })
        .collect()
}

#[test]
fn old_codes_go_on_working_after_a_rotation_and_new_ones_need_the_new_key() {
    let desk = Desk::new();
    let old_codes = desk.issue("alice");
    let old = current(&desk);
    let said = desk.say(&["key", "rotate", "--reason", "yearly"]);
    let new = current(&desk);
    assert_ne!(old, new);
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines[0], format!("The key {new} is current now."));
    assert_eq!(
        lines[1],
        format!("The key {old} stays for the codes made with it.")
    );
    assert!(lines[2].starts_with("Keep a new copy of ") && said.out.is_empty());
    assert_eq!(
        desk.last_deed(),
        json!(["key.rotated", null, null, null, "tester", "yearly"])
    );
    assert_eq!(desk.audit()[0]["details"], format!("{new} after {old}"));
    let new_codes = desk.issue("bob");
    works(&desk, "alice", &old_codes[0]);
    works(&desk, "bob", &new_codes[0]);
    let keys = "SELECT group_concat(DISTINCT key_id) FROM codes JOIN batches b ON b.id = batch_id
        JOIN users u ON u.id = user_id WHERE u.name = ";
    assert_eq!(desk.query(&format!("{keys}'alice'")), old);
    assert_eq!(desk.query(&format!("{keys}'bob'")), new);
    let mode = fs::metadata(desk.keys()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    desk.assert_sound();
}

#[test]
fn the_list_says_what_each_key_is_and_what_needs_it() {
    let desk = Desk::new().with_runtime();
    desk.issue("alice");
    let old = current(&desk);
    desk.pass(10);
    let new = rotate(&desk);
    let list = desk.json(&["key", "list"]);
    assert_eq!(column(&list, "key"), [old.as_str(), &new]);
    assert_eq!(
        fields(&list["items"][0]),
        [
            "codes",
            "created_at",
            "current",
            "held",
            "key",
            "known",
            "retired_at",
            "sealed"
        ]
    );
    assert_eq!(
        listed(&desk, &old),
        json!({
            "key": old, "current": false, "held": "whole", "known": true, "codes": 10,
            "sealed": 1, "created_at": "2026-09-21T14:13:20Z", "retired_at": null,
        })
    );
    assert_eq!(listed(&desk, &new)["codes"], 0);
    let text = desk.say(&["key", "list"]);
    assert!(text.out.contains("At hand") && text.out.contains("whole"));
}

#[test]
fn a_key_that_is_needed_is_not_retired_and_the_users_are_named() {
    let desk = Desk::new();
    for user in ["alice", "bob", "carol", "dave", "eve"] {
        desk.issue_with(user, &["--count", "2"]);
    }
    let old = current(&desk);
    rotate(&desk);
    let said = desk.refuses(&["key", "retire", &old, "--yes"], 3, "key_in_use");
    assert!(
        said.contains("needed by 10 live codes of alice, bob, carol and 2 more users"),
        "{said}"
    );
    let error = desk
        .run(&["key", "retire", &old, "--yes", "--json"])
        .error();
    assert_eq!(
        error["users"],
        json!(["alice", "bob", "carol", "dave", "eve"])
    );
    // An invalidated code could come back; a pending batch could be confirmed.
    desk.pass(60);
    for user in ["bob", "carol", "dave", "eve"] {
        desk.issue(user);
    }
    let hints = desk.json(&["code", "list", "alice"]);
    for hint in column(&hints, "hint") {
        desk.say(&["code", "invalidate", "alice", &hint]);
    }
    desk.issue_with("alice", &["--pending"]);
    let said = desk.refuses(&["key", "retire", &old, "--yes"], 3, "key_in_use");
    assert!(said.contains("2 live codes of alice\n"), "{said}");
    desk.pass(3600);
    desk.issue("alice");
    desk.say(&["key", "retire", &old, "--yes"]);
    desk.assert_sound();
}

#[test]
fn expired_codes_hold_no_key() {
    let desk = Desk::new();
    desk.issue_with("alice", &["--expires-in", "2d"]);
    let old = current(&desk);
    rotate(&desk);
    desk.refuses(&["key", "retire", &old, "--yes"], 3, "key_in_use");
    desk.pass(2 * 86_400);
    desk.say(&["key", "retire", &old, "--yes"]);
}

#[test]
fn a_retired_secret_is_gone_and_the_audit_chain_still_holds() {
    let desk = Desk::new();
    let old_codes = desk.issue("alice");
    let old = current(&desk);
    let old_secret = secrets(&desk).remove(0);
    let new = rotate(&desk);
    desk.pass(60);
    let new_codes = desk.issue("alice");
    let said = desk.say(&["key", "retire", &old[..4], "--yes", "--reason", "old"]);
    assert!(
        said.err
            .starts_with(&format!("The key {old} is retired.\n"))
    );
    assert!(said.err.contains("delete those"), "{}", said.err);
    assert_eq!(
        desk.last_deed(),
        json!(["key.retired", null, null, null, "tester", "old"])
    );
    let text = fs::read_to_string(desk.keys()).unwrap();
    assert!(!text.contains(&old_secret) && text.contains("retired_at = 2026-09-21T14:14:20Z"));
    let mode = fs::metadata(desk.keys()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = listed(&desk, &old);
    assert_eq!(key["held"], "audit_only");
    assert_eq!(key["retired_at"], "2026-09-21T14:14:20Z");
    desk.assert_sound();
    works(&desk, "alice", &new_codes[0]);
    // An old sheet is refused like every other code that does not work.
    let refused = desk.pipe(&["verify", "alice"], &old_codes[0]);
    assert_eq!(refused.exit, 1, "{}", refused.err);
    assert_eq!(
        desk.query("SELECT outcome FROM attempts ORDER BY id DESC LIMIT 1"),
        "keyless"
    );
    desk.refuses(&["key", "retire", &old, "--yes"], 3, "wrong_state");
    // And the next rotation keeps what proves the old entries.
    assert_ne!(rotate(&desk), new);
    desk.assert_sound();
    desk.tamper(
        "DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'mallory' WHERE number = 1",
    );
    assert_eq!(desk.run(&["log", "verify"]).exit, 1);
}

#[test]
fn retiring_asks_and_names_the_consequence() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let old = current(&desk);
    rotate(&desk);
    let said = desk.refuses(&["key", "retire", &old], 3, "not_confirmed");
    assert!(said.contains("can never be checked again"), "{said}");
    let no = desk.talk(&["key", "retire", &old], &["n"]);
    assert_eq!(no.exit, 3);
    assert_eq!(secrets(&desk).len(), 2);
    assert_eq!(listed(&desk, &old)["held"], "whole");
    let yes = desk.talk(&["key", "retire", &old], &["y"]);
    assert_eq!(yes.exit, 0, "{}", yes.err);
    assert_eq!(listed(&desk, &old)["held"], "audit_only");
    assert_eq!(secrets(&desk).len(), 2, "one whole, one for old entries");
}

#[test]
fn what_cannot_be_retired_is_refused() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let only = current(&desk);
    let said = desk.refuses(&["key", "retire", &only, "--yes"], 3, "wrong_state");
    assert!(said.contains("is the current one") && said.contains("key rotate"));
    let unknown = if only.starts_with('0') { "1" } else { "0" };
    desk.refuses(&["key", "retire", unknown, "--yes"], 3, "unknown_key");
    for text in ["", "xyz", "123456789"] {
        desk.refuses(&["key", "retire", text, "--yes"], 2, "usage");
    }
    // Somebody takes the secret for the id.
    let secret = secrets(&desk).remove(0);
    let said = desk.refuses(&["key", "retire", &secret, "--yes"], 2, "usage");
    assert!(!said.contains(&secret));
    // Sixteen more keys share a first digit with another.
    (0..16).for_each(|_| drop(rotate(&desk)));
    let ids = column(&desk.json(&["key", "list"]), "key");
    let shared = ids
        .iter()
        .find(|id| ids.iter().filter(|other| other[..1] == id[..1]).count() > 1);
    desk.refuses(&["key", "retire", &shared.unwrap()[..1]], 3, "ambiguous_id");
}

#[test]
fn a_session_survives_a_rotation_and_holds_its_key() {
    let desk = Desk::new().with_runtime();
    let codes = desk.issue("alice");
    let old = current(&desk);
    rotate(&desk);
    for code in column(&desk.json(&["code", "list", "alice"]), "hint") {
        desk.say(&["code", "delete", "alice", &code, "--yes"]);
    }
    let said = desk.refuses(&["key", "retire", &old, "--yes"], 3, "key_in_use");
    assert!(said.contains("needed by 1 open session"), "{said}");
    let sheet = desk.say(&["export", "alice", "--output", "-"]);
    assert!(sheet.out.contains(&codes[0]), "{}", sheet.out);
    desk.say(&["logout"]);
    desk.say(&["key", "retire", &old, "--yes"]);
    desk.assert_sound();
}

#[test]
fn queued_mail_survives_a_rotation_and_holds_its_key() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_DELIVERY", "queue")
        .with("RECOVERY_CODES_MAIL_NOTIFY", "generated");
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.issue_with("alice", &["--expires-in", "1d"]);
    let old = current(&desk);
    rotate(&desk);
    desk.pass(86_400);
    let said = desk.refuses(&["key", "retire", &old, "--yes"], 3, "key_in_use");
    assert!(said.contains("needed by 1 unsent letter"), "{said}");
    let done = desk.json(&["worker", "--once"]);
    assert_eq!(done["done"], 1);
    desk.say(&["key", "retire", &old, "--yes"]);
    desk.assert_sound();
}

#[test]
fn a_rotation_that_was_cut_off_is_completed_by_whoever_comes_next() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let before = store(&desk);
    let new = rotate(&desk);
    // The file is written, the store was never told.
    put_back_store(&desk, &before);
    let noted = key_findings(&desk);
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0].0, "note");
    assert!(noted[0].1.contains("is new to this store"), "{noted:?}");
    works(&desk, "alice", &codes[0]);
    assert_eq!(current(&desk), new);
    let details: Vec<Value> = desk
        .audit()
        .into_iter()
        .map(|mut entry| entry["details"].take())
        .collect();
    assert!(
        details.contains(&format!("{new} taken up").into()),
        "{details:?}"
    );
    assert!(key_findings(&desk).is_empty());
    desk.assert_sound();
    // The same, when the one who comes next rotates.
    put_back_store(&desk, &before);
    let newer = rotate(&desk);
    assert_eq!(listed(&desk, &new)["known"], true);
    assert_eq!(current(&desk), newer);
    desk.assert_sound();
}

#[test]
fn a_retirement_that_was_cut_off_is_completed_by_the_same_command() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let old = current(&desk);
    rotate(&desk);
    let file = fs::read(desk.keys()).unwrap();
    desk.say(&["key", "retire", &old, "--yes"]);
    let deeds = desk.deeds();
    // The store was told, the file is as before.
    fs::write(desk.keys(), file).unwrap();
    let found = key_findings(&desk);
    assert_eq!(found[0].0, "wrong");
    assert!(
        found[0].1.contains("its secret is still there"),
        "{found:?}"
    );
    desk.say(&["key", "retire", &old, "--yes"]);
    assert!(key_findings(&desk).is_empty());
    assert_eq!(listed(&desk, &old)["held"], "audit_only");
    assert_eq!(desk.deeds(), deeds, "it is retired once");
    desk.assert_sound();
}

#[test]
fn rotations_at_once_lose_no_key() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let rotate: &[&str] = &["key", "rotate", "--json"];
    let all = desk.race(&[(rotate, ""); 8]);
    assert!(all.iter().all(|ended| ended.exit == 0), "{all:?}");
    assert_eq!(secrets(&desk).len(), 9);
    assert_eq!(desk.query("SELECT COUNT(*) FROM keys"), "9");
    let rotated = "SELECT COUNT(*) FROM audit WHERE action = 'key.rotated'";
    assert_eq!(desk.query(rotated), "8");
    works(&desk, "alice", &codes[0]);
    desk.assert_sound();
}

#[test]
fn two_stores_that_share_a_key_file_lose_no_key() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let other = desk.home().join("other.db");
    let other = other.to_str().unwrap();
    desk.say(&["--store", other, "init"]);
    let here: &[&str] = &["key", "rotate"];
    let there: &[&str] = &["--store", other, "key", "rotate"];
    let all = desk.race(&[(here, ""), (there, ""), (here, ""), (there, "")]);
    assert!(all.iter().all(|ended| ended.exit == 0), "{all:?}");
    assert_eq!(secrets(&desk).len(), 5);
    works(&desk, "alice", &codes[0]);
    desk.assert_sound();
    assert_eq!(desk.run(&["--store", other, "log", "verify"]).exit, 0);
}

#[test]
fn a_lost_key_file_is_not_a_wrong_code() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let key = current(&desk);
    fs::remove_file(desk.keys()).unwrap();
    cannot_be_checked(&desk, &codes[0], "missing_key");
    desk.refuses(&["key", "rotate"], 4, "missing_key");
    desk.refuses(&["key", "retire", &key, "--yes"], 4, "missing_key");
    // The list says what to look for.
    assert_eq!(listed(&desk, &key)["held"], "missing");
    let text = desk.say(&["key", "list"]);
    assert!(text.err.contains("put the key file back"), "{}", text.err);
}

#[test]
fn the_key_file_of_another_store_is_not_a_wrong_code() {
    let (desk, other) = (Desk::new(), Desk::new());
    // Every desk draws the same first key.
    other.say(&["init"]);
    let first = current(&other);
    rotate(&other);
    other.say(&["key", "retire", &first, "--yes"]);
    let codes = desk.issue("alice");
    let key = current(&desk);
    let foreign = current(&other);
    fs::copy(other.keys(), desk.keys()).unwrap();
    let ended = cannot_be_checked(&desk, &codes[0], "wrong_key");
    let message = ended.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains(&key) && message.contains(&foreign),
        "{message}"
    );
    desk.refuses(&["key", "rotate"], 4, "wrong_key");
    assert_eq!(listed(&desk, &foreign)["known"], false);
}

#[test]
fn an_older_copy_of_the_key_file_is_not_a_wrong_code() {
    let desk = Desk::new();
    let old_codes = desk.issue("alice");
    let (old, old_file) = (current(&desk), fs::read(desk.keys()).unwrap());
    let new = rotate(&desk);
    let new_file = fs::read(desk.keys()).unwrap();
    desk.pass(60);
    let codes = desk.issue("alice");
    fs::write(desk.keys(), &old_file).unwrap();
    let ended = cannot_be_checked(&desk, &codes[0], "missing_key");
    let message = ended.error()["message"].as_str().unwrap().to_owned();
    assert_eq!(
        message,
        format!("the head of the audit chain needs the key {new}, which is missing")
    );
    let found = key_findings(&desk);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .1
            .contains(&format!("10 live codes need the key {new}"))
    );
    let chain = desk.run(&["log", "verify"]);
    assert_eq!(chain.exit, 1);
    assert!(
        chain
            .err
            .contains(&format!("needs the key {new}, which is missing"))
    );
    // Without it nobody can tell whether the store is what it was.
    let said = desk.pipe(&["verify", "alice"], &old_codes[0]);
    assert_eq!(said.exit, 4, "{}", said.err);
    fs::write(desk.keys(), &new_file).unwrap();
    works(&desk, "alice", &codes[0]);
    desk.say(&["key", "retire", &old, "--yes"]);
    fs::write(desk.keys(), &old_file).unwrap();
    let said = desk.refuses(&["user", "disable", "alice"], 4, "wrong_key");
    assert!(said.contains("was retired on 2026-09-21"), "{said}");
    fs::write(desk.keys(), &new_file).unwrap();
    works(&desk, "alice", &codes[1]);
}

/// The way on when the newest key is lost for good and codes were made with it.
#[test]
fn a_lost_key_is_given_up_with_its_codes() {
    let desk = Desk::new();
    desk.issue("alice");
    let old_file = fs::read(desk.keys()).unwrap();
    let lost = rotate(&desk);
    desk.pass(60);
    let codes = desk.issue("alice");
    fs::write(desk.keys(), &old_file).unwrap();
    let ended = cannot_be_checked(&desk, &codes[0], "missing_key");
    let word = format!("key retire {lost}");
    assert!(ended.err.contains(&word), "{}", ended.err);
    let check = desk.run(&["check", "--json"]).out;
    assert!(
        check.contains(&format!("{word}` says what goes with it")),
        "{check}"
    );
    let said = desk.refuses(&["key", "retire", &lost], 3, "not_confirmed");
    assert!(said.contains("10 live codes of alice"), "{said}");
    assert!(
        said.contains("no code from before works any more"),
        "{said}"
    );
    desk.say(&["key", "retire", &lost, "--yes"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    let new = desk.issue("alice");
    works(&desk, "alice", &new[0]);
    // What was recorded under the lost key nobody can prove, and that is said.
    let said = desk.run(&["log", "verify"]);
    assert_eq!(said.exit, 1);
    assert!(
        said.err
            .contains(&format!("needs the key {lost}, which is missing")),
        "{}",
        said.err
    );
}

#[test]
fn a_truncated_key_file_is_not_a_wrong_code() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    rotate(&desk);
    let whole = fs::read(desk.keys()).unwrap();
    let secrets = secrets(&desk);
    for length in 0..whole.len() - 1 {
        fs::write(desk.keys(), &whole[..length]).unwrap();
        let ended = desk.pipe(&["verify", "alice"], &codes[0]);
        assert!(
            matches!(ended.exit, 4 | 5) && ended.err.contains("hint: "),
            "{length}: {ended:?}"
        );
        assert!(
            !secrets
                .iter()
                .any(|secret| ended.err.contains(&secret[..16]))
        );
    }
    fs::write(desk.keys(), &whole).unwrap();
    let wrong = "SELECT COUNT(*) FROM attempts WHERE outcome = 'wrong'";
    assert_eq!(desk.query(wrong), "0");
    works(&desk, "alice", &codes[0]);
}

#[test]
fn a_key_that_is_lost_for_good_can_be_given_up() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let old_file = fs::read(desk.keys()).unwrap();
    let lost = rotate(&desk);
    fs::write(desk.keys(), old_file).unwrap();
    // Somebody could have written that as well, and a batch of theirs for an epoch to come.
    desk.tamper("UPDATE batches SET epoch = 7");
    let said = desk.refuses(&["user", "add", "bob"], 4, "missing_key");
    assert!(said.contains(&format!("key retire {lost}")), "{said}");
    let said = desk.refuses(&["key", "retire", &lost], 3, "not_confirmed");
    assert!(
        said.contains("no code from before works any more"),
        "{said}"
    );
    let found = key_findings(&desk);
    assert_eq!(found[0].0, "note");
    assert!(
        found[0].1.contains(&format!("the key {lost} is missing")),
        "{found:?}"
    );
    let said = desk.say(&["key", "retire", &lost, "--yes"]);
    assert_eq!(said.err, format!("The key {lost} is retired.\n"));
    assert!(key_findings(&desk).is_empty());
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    let new = desk.issue("alice");
    works(&desk, "alice", &new[0]);
}

/// The key in a variable, and the way by hand that `key rotate` tells.
#[test]
fn a_key_in_a_variable_is_changed_by_hand_and_then_made_known() {
    let (old_secret, new_secret) = ("old-".repeat(10), "new-".repeat(10));
    let mut desk = Desk::new().with("RECOVERY_CODES_KEY", &old_secret);
    let codes = desk.issue("alice");
    let old = current(&desk);
    let said = desk.refuses(&["key", "rotate"], 3, "wrong_state");
    let steps = format!(
        "into {} as `secret = \"...\"` under `[keys.{old}]`",
        desk.keys().display()
    );
    assert!(
        said.contains(&steps) && !said.contains(&old_secret),
        "{said}"
    );
    desk.refuses(&["key", "retire", &old, "--yes"], 3, "wrong_state");

    // A new variable alone is a wrong key, not a rotation.
    desk = desk.with("RECOVERY_CODES_KEY", &new_secret);
    cannot_be_checked(&desk, &codes[0], "wrong_key");
    fs::create_dir_all(desk.keys().parent().unwrap()).unwrap();
    fs::write(
        desk.keys(),
        format!("[keys.{old}]\nsecret = \"{old_secret}\"\n"),
    )
    .unwrap();
    fs::set_permissions(desk.keys(), fs::Permissions::from_mode(0o600)).unwrap();
    // Nor is it taken up by accident.
    let said = desk.refuses(&["user", "add", "bob"], 4, "wrong_key");
    assert!(said.contains("recovery-codes key rotate"), "{said}");
    let found = key_findings(&desk);
    assert!(
        found
            .iter()
            .any(|(_, message)| message.contains("is new to this store"))
    );

    let new = rotate(&desk);
    assert_eq!(current(&desk), new);
    works(&desk, "alice", &codes[0]);
    desk.assert_sound();
    desk.refuses(&["key", "retire", &old, "--yes"], 3, "key_in_use");
    desk.pass(60);
    let codes = desk.issue("alice");
    desk.say(&["key", "retire", &old, "--yes"]);
    assert!(
        !fs::read_to_string(desk.keys())
            .unwrap()
            .contains(&old_secret)
    );
    works(&desk, "alice", &codes[0]);
    desk.assert_sound();
}

#[test]
fn a_key_in_a_credential_is_changed_outside_the_service() {
    let mut desk = Desk::new();
    let codes = desk.issue("alice");
    let credentials = desk.home().join("credentials");
    fs::create_dir(&credentials).unwrap();
    let credential = credentials.join("recovery-codes.keys");
    fs::copy(desk.keys(), &credential).unwrap();
    desk = desk.with("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap());
    let old = current(&desk);
    let before = fs::read(&credential).unwrap();
    let said = desk.refuses(&["key", "rotate"], 3, "wrong_state");
    assert!(said.contains("run this outside the service"), "{said}");
    desk = desk.with("CREDENTIALS_DIRECTORY", "/nowhere");
    let new = rotate(&desk);
    fs::copy(desk.keys(), &credential).unwrap();
    desk = desk.with("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap());
    assert_eq!(current(&desk), new);
    works(&desk, "alice", &codes[0]);
    desk.pass(60);
    desk.issue("alice");
    let said = desk.refuses(&["key", "retire", &old, "--yes"], 3, "wrong_state");
    assert!(said.contains("run this outside the service"), "{said}");
    assert_ne!(fs::read(&credential).unwrap(), before);
    desk.assert_sound();
}

#[test]
fn a_key_of_another_store_in_the_ring_is_noted_and_left_alone() {
    let desk = Desk::new();
    desk.issue("alice");
    let first = current(&desk);
    let other = desk.home().join("other.db");
    let other = other.to_str().unwrap();
    let second = rotate(&desk);
    desk.say(&["--store", other, "init"]);
    let there = desk.json(&["--store", other, "key", "list"]);
    assert_eq!(column(&there, "key"), [second.as_str(), &first]);
    assert_eq!(column(&there, "known"), ["true", "false"]);
    let check = desk.say(&["--store", other, "check"]);
    assert!(check.out.contains("was never used"), "{}", check.out);
    let retire = desk.run(&["--store", other, "key", "retire", &first, "--yes"]);
    assert_eq!(retire.exit, 3);
    assert_eq!(secrets(&desk).len(), 2);
}

#[test]
fn no_word_ever_shows_a_secret() {
    let desk = Desk::new();
    desk.issue("alice");
    let old = current(&desk);
    let mut known = secrets(&desk);
    let mut said = vec![
        desk.run(&["key", "rotate", "-v"]),
        desk.run(&["key", "rotate", "--json"]),
    ];
    known.extend(secrets(&desk));
    desk.pass(60);
    desk.issue("alice");
    for args in [
        &["key", "retire", &old, "--yes", "--json"] as &[&str],
        &["key", "list"],
        &["key", "list", "--json"],
        &["check", "--json"],
        &["config", "show"],
        &["log", "audit", "--json"],
        &["log", "verify", "--head"],
        &["init"],
        &["status"],
    ] {
        said.push(desk.run(args));
    }
    known.extend(secrets(&desk));
    known.sort();
    known.dedup();
    assert_eq!(known.len(), 4, "three secrets, and what proves old entries");
    for ended in said {
        assert_eq!(ended.exit, 0, "{}", ended.err);
        for secret in &known {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret));
        }
    }
    let bytes = store(&desk);
    for secret in &known {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "a secret lies in the store");
    }
}

#[test]
fn a_key_file_that_others_can_read_is_not_rotated() {
    let desk = Desk::new();
    desk.say(&["init"]);
    fs::set_permissions(desk.keys(), fs::Permissions::from_mode(0o644)).unwrap();
    desk.refuses(&["key", "rotate"], 4, "permission");
    assert_eq!(secrets(&desk).len(), 1);
}

#[test]
fn a_retired_key_does_not_prove_another_past() {
    let desk = Desk::new();
    desk.issue("alice");
    let old =
        recovery_codes::secret::keyring::Keyring::parse(&fs::read_to_string(desk.keys()).unwrap())
            .unwrap();
    let id = old.current().id().as_str().to_owned();
    desk.say(&["key", "rotate"]);
    desk.pass(3600);
    desk.issue("alice");
    desk.say(&["key", "retire", &id, "--yes"]);
    desk.assert_sound();
    // Somebody who kept the old key rolls the whole log back and closes it anew.
    desk.tamper("DROP TRIGGER audit_is_only_pruned; DELETE FROM audit WHERE number > 3");
    let mut store = Store::open(&desk.location()).unwrap();
    let rolled_back = store.write(|tx| {
        let last = audit::by_number(tx, 3)?.unwrap();
        let mut head = audit::head(tx)?.unwrap();
        (head.count, head.last_mac) = (3, last.mac);
        recovery_codes::secret::chain::seal_head(&old, &mut head);
        audit::put_head(tx, &head)
    });
    rolled_back.unwrap();
    let said = desk.run(&["log", "verify"]);
    assert_eq!(said.exit, 1, "{}", said.err);
    assert!(
        said.err
            .contains(&format!("closed with the retired key {id}")),
        "{}",
        said.err
    );
}
