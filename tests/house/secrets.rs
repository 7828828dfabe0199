//! What nobody may find: codes and keys, in a log, in the store, on a command line, in what is
//! said, or in an image of the memory.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::time::Duration;

use recovery_codes::store::engine::sqlite::gate::Gate;

use crate::harness::asking::hint;
use crate::harness::delivery::{assert_no_secret, files, server};
use crate::harness::smtp::Fault;
use crate::harness::{Desk, Ended};

/// A desk that logs as much as there is to log.
fn talkative(port: u16) -> Desk {
    let desk = Desk::in_file().with_runtime();
    let log = desk.home().join("log");
    desk.with("RECOVERY_CODES_LOG_FILE", log.to_str().unwrap())
        .with("RECOVERY_CODES_LOG_LEVEL", "debug")
        .with("RECOVERY_CODES_MAIL_LOG", "true")
        .with_mail(port)
        .with_notices("generated,used,low,locked")
}

/// The secrets of keys as they stand in the key file.
fn key_secrets(desk: &Desk) -> Vec<String> {
    let text = fs::read_to_string(desk.keys()).unwrap();
    let values = text.lines().filter_map(|line| line.split_once(" = "));
    values
        .filter(|(name, _)| *name == "secret")
        .map(|(_, value)| value.trim_matches('"').to_owned())
        .collect()
}

#[track_caller]
fn assert_holds_none(place: &str, bytes: &[u8], secrets: &[String]) {
    for secret in secrets {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{place} holds a secret");
    }
}

#[test]
fn a_whole_life_of_codes_leaves_no_secret_behind() {
    let post = server(Fault::None);
    let desk = talkative(post.address.port());
    desk.add("alice");
    let said = desk.say(&["generate", "alice"]);
    let first = said.lines();
    let mut heard = vec![said.err];
    let mut hear = |ended: Ended, exit: u8| {
        assert_eq!(ended.exit, exit, "{}", ended.err);
        heard.extend([ended.out, ended.err]);
    };
    // What is asked for is shown, and nowhere else.
    assert_eq!(desk.run(&["export", "alice", "--output", "-"]).exit, 0);
    hear(desk.run(&["email", "alice"]), 0);
    hear(desk.run(&["logout"]), 0);

    // Tried: right, again, mistyped, cut, with another's rest, by nobody.
    hear(desk.pipe(&["confirm", "alice"], &first[0]), 0);
    hear(desk.pipe(&["verify", "alice"], &first[1]), 0);
    hear(desk.pipe(&["verify", "alice"], &first[1]), 1);
    let mixed = format!("{}{}", hint(&first[2]), &first[3][6..]);
    hear(desk.pipe(&["verify", "alice"], &mixed), 1);
    hear(desk.pipe(&["verify", "alice"], &first[4][..20]), 1);
    hear(desk.pipe(&["verify", "nobody"], &first[5]), 1);
    for word in ["verify", "confirm"] {
        hear(desk.run(&[word, "alice", &first[6]]), 2);
        hear(desk.run(&[word, &first[6]]), 2);
        hear(desk.run(&[word, "--json", "alice", &first[6]]), 2);
    }
    hear(desk.run(&["limit", "reset", "alice"]), 0);

    hear(
        desk.run(&["code", "invalidate", "alice", hint(&first[7])]),
        0,
    );
    hear(
        desk.run(&["code", "reactivate", "alice", hint(&first[7])]),
        0,
    );
    hear(desk.run(&["key", "rotate"]), 0);
    let (mut codes, keys) = (first, key_secrets(&desk));
    assert_eq!(keys.len(), 2, "the old one and the new one");
    desk.pass(60);
    let second = desk.say(&["generate", "alice", "--yes"]);
    codes.extend(second.lines());
    hear(desk.run(&["user", "disable", "alice"]), 0);
    hear(
        desk.pipe(&["verify", "alice"], second.lines()[0].as_str()),
        1,
    );
    hear(desk.run(&["user", "enable", "alice"]), 0);
    hear(
        desk.pipe(&["verify", "alice"], second.lines()[0].as_str()),
        0,
    );
    hear(desk.run(&["worker", "--once"]), 0);

    let copy = desk.home().join("copy.db");
    hear(desk.run(&["backup", copy.to_str().unwrap()]), 0);
    for look in [
        &["log", "audit"][..],
        &["log", "verify-attempts"],
        &["log", "email"],
        &["log", "verify"],
        &["user", "show", "alice"],
        &["code", "list", "alice"],
        &["batch", "list"],
        &["history", "alice"],
        &["task", "list"],
        &["status"],
        &["key", "list"],
        &["config", "show"],
        &["check", "--deep"],
    ] {
        hear(desk.run(look), 0);
        let json: Vec<&str> = look.iter().copied().chain(["--json"]).collect();
        hear(desk.run(&json), 0);
    }
    desk.pass(400 * 86_400);
    hear(desk.run(&["purge", "--yes"]), 0);
    hear(desk.run(&["log", "prune"]), 0);
    // With the store unreadable errors are said that are not said otherwise.
    fs::write(desk.store(), "not a store").unwrap();
    hear(desk.pipe(&["verify", "alice"], &codes[8]), 4);

    for text in &heard {
        assert_no_secret("what was said", text.as_bytes(), &codes);
        assert_holds_none("what was said", text.as_bytes(), &keys);
    }
    let log = fs::read_to_string(desk.home().join("log")).unwrap();
    assert!(log.contains("WARN"), "the log is empty: {log}");
    for (path, bytes) in files(desk.home()) {
        let place = path.display().to_string();
        assert_no_secret(&place, &bytes, &codes);
        if path != desk.keys() {
            assert_holds_none(&place, &bytes, &keys);
        }
    }
}

/// A process that waits for its turn at the store, and so is past its first steps.
#[test]
#[cfg(target_os = "linux")]
fn a_crash_leaves_no_image_of_the_memory_and_nobody_can_look_inside() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let mut gate = Gate::of(&desk.store(), Duration::from_secs(5));
    let turn = gate.enter().unwrap();
    let script = "ulimit -S -c \"$(ulimit -H -c)\"; exec \"$0\" \"$@\"";
    let mut child = desk.shell(script, &["user", "add", "bob"]).spawn().unwrap();
    while !gate.is_awaited() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before");
        std::thread::yield_now();
    }
    let process = format!("/proc/{}", child.id());
    let limits = fs::read_to_string(format!("{process}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core"));
    let figures: Vec<&str> = core.unwrap().split_whitespace().skip(4).take(2).collect();
    assert_eq!(figures, ["0", "0"]);
    let abort = Command::new("kill")
        .args(["-ABRT", &child.id().to_string()])
        .status();
    assert!(abort.unwrap().success());
    let status = child.wait().unwrap();
    drop(turn);
    assert_eq!(status.signal(), Some(6), "it died of the signal");
    assert!(!status.core_dumped());
    let left = files(desk.home());
    assert!(
        left.iter().all(|(path, _)| !path.ends_with("core")),
        "{left:?}"
    );
}
