//! The session: after `generate` the plaintext exists for a while, sealed, and in no single place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::harness::Desk;
use crate::harness::delivery::{assert_no_secret, assert_no_secret_below, files};

const EXPORT: &[&str] = &["export", "alice", "--output", "-"];

fn desk() -> Desk {
    Desk::new().with_runtime()
}

/// Neither the sealed codes nor a key are left, and nothing can be exported.
#[track_caller]
fn assert_over(desk: &Desk) {
    let refused = desk.run(EXPORT);
    assert_eq!((refused.exit, refused.out.as_str()), (3, ""));
    assert_eq!(desk.query("SELECT COUNT(*) FROM sessions"), "0");
    assert!(desk.session_keys().is_empty());
    desk.assert_sound();
}

#[test]
fn it_lasts_for_its_minutes_and_no_longer() {
    let desk = desk().with("RECOVERY_CODES_SESSION_MINUTES", "2");
    let codes = desk.issue("alice");
    desk.pass(119);
    assert!(desk.say(EXPORT).out.contains(codes[0].as_str()));
    desk.issue("bob");
    desk.pass(120);
    // Whatever is done next takes it away.
    desk.run(&["logout"]);
    let refused = desk.refuses(&["export", "bob"], 3, "no_session");
    assert!(refused.contains("the codes of bob are no longer at hand"));
    assert!(refused.contains("2 minutes"), "{refused}");
    assert_over(&desk);
}

#[test]
fn it_ends_with_new_codes() {
    let desk = desk();
    let old = desk.issue("alice");
    desk.pass(60);
    let new = desk.issue("alice");
    assert_eq!(desk.session_keys().len(), 1);
    let sheet = desk.say(EXPORT).out;
    assert!(sheet.contains(new[0].as_str()) && !sheet.contains(old[0].as_str()));
}

#[test]
fn it_ends_with_its_batch_or_user() {
    let desk = desk();
    for word in ["delete", "purge", "remove"] {
        desk.issue("alice");
        let batch = desk.active_batch("alice");
        let args: &[&str] = match word {
            "delete" => &["batch", "delete", &batch, "--yes"],
            "purge" => &["batch", "delete", &batch, "--now", "--yes"],
            _ => &["user", "remove", "alice", "--yes"],
        };
        desk.say(args);
        assert_over(&desk);
        desk.pass(60);
    }
}

#[test]
fn that_of_the_old_batch_ends_when_a_pending_one_is_confirmed() {
    let desk = desk();
    desk.issue("alice");
    desk.pass(60);
    let new = desk.issue_with("alice", &["--pending"]);
    assert_eq!(desk.session_keys().len(), 2);
    assert_eq!(desk.pipe(&["confirm", "alice"], &new[0]).exit, 0);
    assert_eq!(desk.session_keys().len(), 1);
    assert!(desk.say(EXPORT).out.contains(new[0].as_str()));
}

#[test]
fn a_pending_batch_is_exported_before_it_is_confirmed() {
    let desk = desk();
    let old = desk.issue("alice");
    desk.pass(60);
    let new = desk.issue_with("alice", &["--pending"]);
    let sheet = desk.say(EXPORT).out;
    assert!(sheet.contains(new[0].as_str()) && !sheet.contains(old[0].as_str()));
}

#[test]
fn without_a_private_runtime_directory_there_is_none() {
    let none = Desk::new();
    let shared = desk();
    let run = shared.home().join("run");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o750)).unwrap();
    let open_inside = desk();
    let inside = open_inside.home().join("run/recovery-codes");
    fs::create_dir(&inside).unwrap();
    fs::set_permissions(&inside, fs::Permissions::from_mode(0o701)).unwrap();
    for desk in [none, shared, open_inside] {
        let issued = desk.say(&["generate", "alice", "--create-user"]);
        let note = "They cannot be exported or mailed later, because this login has no private \
                    runtime directory; next time give --save or --email.";
        assert!(issued.err.contains(note), "{}", issued.err);
        assert_over(&desk);
        let issued = desk.json(&["generate", "bob", "--create-user"]);
        assert_eq!(issued["session"], false);
        desk.refuses(&["export", "bob"], 3, "no_session");
        desk.refuses(&["export", "nobody"], 3, "unknown_user");
    }
}

#[test]
fn a_key_that_others_can_read_opens_nothing() {
    let desk = desk();
    desk.issue("alice");
    let key = desk.session_keys().remove(0);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    desk.refuses(&EXPORT[..2], 3, "no_session");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    desk.say(EXPORT);
}

#[test]
fn no_part_alone_gives_a_code() {
    let desk = desk();
    let codes = desk.issue("alice");
    let store = desk.store().parent().unwrap().to_owned();
    let run = desk.home().join("run");
    assert_no_secret_below(desk.home(), &codes);
    assert!(files(&store).len() > 1, "the log is part of it");

    let hidden = desk.home().join("hidden");
    // Store and key ring without the runtime directory.
    fs::rename(&run, &hidden).unwrap();
    desk.refuses(&EXPORT[..2], 3, "no_session");
    fs::rename(&hidden, &run).unwrap();
    // Store and runtime directory without the key ring, and with another one.
    fs::rename(desk.keys(), &hidden).unwrap();
    desk.refuses(&EXPORT[..2], 4, "missing_key");
    let other = Desk::new();
    assert_eq!(other.spawn(&["init"], "").exit, 0);
    fs::copy(other.keys(), desk.keys()).unwrap();
    desk.refuses(&EXPORT[..2], 4, "wrong_key");
    fs::rename(&hidden, desk.keys()).unwrap();
    // Runtime directory and key ring without the store.
    fs::rename(&store, &hidden).unwrap();
    desk.refuses(&EXPORT[..2], 4, "no_store");
    fs::rename(&hidden, &store).unwrap();
    assert!(desk.say(EXPORT).out.contains(codes[0].as_str()));
}

#[test]
fn a_key_of_another_session_opens_nothing() {
    let desk = desk();
    desk.issue("alice");
    let key = desk.session_keys().remove(0);
    desk.issue("bob");
    let other = desk.session_keys().into_iter().find(|path| *path != key);
    fs::copy(other.unwrap(), &key).unwrap();
    let refused = desk.refuses(&EXPORT[..2], 4, "damaged_store");
    assert!(refused.contains("issue new codes"), "{refused}");
}

#[test]
fn nothing_that_is_kept_or_said_holds_a_secret() {
    let log = "RECOVERY_CODES_LOG_FILE";
    let desk = desk().with("RECOVERY_CODES_LOG_LEVEL", "debug");
    let log_file = desk.home().join("log.txt");
    let desk = desk
        .with(log, log_file.to_str().unwrap())
        .with("RECOVERY_CODES_MAIL_BACKEND", "console")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_LOG", "true")
        .with("RECOVERY_CODES_MAIL_DELIVERY", "queue");
    let codes = desk.issue_with("alice", &["--count", "12"]);
    let mut said = Vec::new();
    let mut run = |ended: crate::harness::Ended| said.push(ended.err);
    run(desk.run(&["user", "edit", "alice", "--email", "alice@example.org"]));
    run(desk.run(EXPORT));
    run(desk.run(&["email", "alice"]));
    run(desk.pipe(&["confirm", "alice"], &codes[0]));
    run(desk.pipe(&["verify", "alice"], &codes[1]));
    run(desk.pipe(&["verify", "alice"], &codes[1]));
    let wrong = format!("{}{}", &codes[2][..6], &codes[3][6..]);
    run(desk.pipe(&["verify", "alice"], &wrong));
    run(desk.pipe(&["verify", &codes[4]], &codes[5]));
    run(desk.run(&["verify", "alice", &codes[6]]));
    run(desk.run(&["export", &codes[7]]));
    run(desk.run(&["email", &codes[8]]));
    for args in [
        &["log", "audit", "--json"] as &[&str],
        &["log", "verify-attempts", "--json"],
        &["log", "email", "--json"],
        &["task", "list", "--json"],
        &["status"],
        &["logout"],
    ] {
        let ended = desk.run(args);
        said.extend([ended.out, ended.err]);
    }
    assert!(fs::metadata(&log_file).unwrap().len() > 0);
    assert_no_secret("what was said", said.concat().as_bytes(), &codes);
    assert_no_secret_below(desk.home(), &codes);
    assert_still_queued(&desk, desk.home(), &codes);
}

/// The queued mail holds the codes, and only the worker brings them out.
#[track_caller]
fn assert_still_queued(desk: &Desk, place: &Path, codes: &[String]) {
    let sent = desk.say(&["worker", "--once"]);
    for code in codes {
        assert!(sent.err.contains(code.as_str()), "{}", sent.err);
    }
    assert_no_secret_below(place, codes);
}
