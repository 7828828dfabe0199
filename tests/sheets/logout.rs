//! `logout`: the plaintext is gone.

use std::fs;

use serde_json::json;

use crate::harness::Desk;

#[test]
fn it_ends_the_sessions_of_this_login() {
    let desk = Desk::new().with_runtime();
    desk.issue("alice");
    desk.issue("bob");
    let said = desk.say(&["logout"]);
    assert_eq!(said.err, "Ended 2 sessions; the plaintext is gone.\n");
    assert_eq!(said.out, "");
    assert_eq!(desk.query("SELECT COUNT(*) FROM sessions"), "0");
    assert!(desk.session_keys().is_empty());
    for user in ["alice", "bob"] {
        desk.refuses(&["export", user], 3, "no_session");
    }
    let audit = desk.audit();
    for (entry, user) in audit.iter().zip(["bob", "alice"]) {
        assert_eq!(entry["action"], "session.ended");
        assert_eq!(entry["user"], user);
        assert_eq!(entry["batch"], desk.active_batch(user).as_str());
    }
    assert_eq!(desk.say(&["logout"]).err, "There was no session.\n");
    desk.assert_sound();
}

#[test]
fn it_names_what_it_ended_in_json() {
    let desk = Desk::new().with_runtime();
    assert_eq!(desk.run(&["logout", "--json"]).exit, 4, "no store");
    desk.issue("alice");
    let batch = desk.active_batch("alice");
    let ended = desk.json(&["logout"]);
    assert_eq!(ended, json!({"ended": [{"user": "alice", "batch": batch}]}));
    assert_eq!(desk.json(&["logout"]), json!({"ended": []}));
}

#[test]
fn the_codes_go_on_working() {
    let desk = Desk::new().with_runtime();
    let codes = desk.issue("alice");
    desk.say(&["logout"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
fn sessions_of_another_login_go_on() {
    let desk = Desk::new().with_runtime();
    let codes = desk.issue("alice");
    let (mine, theirs) = (desk.home().join("run"), desk.home().join("theirs"));
    fs::rename(&mine, &theirs).unwrap();
    assert_eq!(desk.say(&["logout"]).err, "There was no session.\n");
    fs::rename(&theirs, &mine).unwrap();
    let sheet = desk.say(&["export", "alice", "--output", "-"]).out;
    assert!(sheet.contains(codes[0].as_str()));
}

#[test]
fn without_a_runtime_directory_there_is_nothing_to_end() {
    let desk = Desk::new();
    desk.issue("alice");
    assert_eq!(desk.say(&["logout"]).err, "There was no session.\n");
}
