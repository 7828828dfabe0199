//! Callers in other languages let in on a clear yes of the program or of the door, and on nothing else.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_setfl};
use serde_json::{Value, json};

use crate::harness::callers::{self, Caller, program, seen, write};
use crate::harness::stand_in::{StandIn, Then};
use crate::harness::{Desk, ended};

/// A code by its looks, but nobody's.
const NOBODYS: &str = "abcdef-abcdef-abcdef-abcdef-abcdef-abcdef";

/// Only a test that fails waits for so long.
const PATIENCE: Duration = Duration::from_secs(60);

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A caller goes through everything that a user may type, and is told how it stands.
#[track_caller]
fn goes_through_all(caller: &Caller, desk: &Desk, way: &[&str]) {
    let codes = desk.issue("alice");
    let from: Vec<&str> = [way, &["--from", "203.0.113.7"]].concat();
    let says = |user: &str, code: &[u8]| caller.says(&from, user, code);
    let (language, code) = (caller.language, codes[0].as_bytes());
    assert_eq!(says("alice", code), "yes 9", "{language}");
    assert_eq!(says("alice", code), "no", "{language}");
    let line = format!(" 2. {}\n", codes[1]);
    assert_eq!(
        caller.says(way, "alice", &line),
        "yes 8",
        "{language}: no address"
    );
    let too_long = NOBODYS.repeat(4000);
    for malformed in [b"", b"abc".as_slice(), b"\xff\xfe", too_long.as_bytes()] {
        assert_eq!(says("alice", malformed), "malformed", "{language}");
    }
    for user in ["nobody", "-x", "--version", "älice", "; true"] {
        assert_eq!(says(user, codes[2].as_bytes()), "no", "{language}: {user}");
    }
    assert_eq!(says("", codes[2].as_bytes()), "unavailable", "{language}");
    let few = desk.issue_with("bob", &["--count", "3"]);
    assert_eq!(says("bob", few[0].as_bytes()), "yes 2 low", "{language}");
    for _ in 0..5 {
        assert_eq!(says("carol", NOBODYS.as_bytes()), "no", "{language}");
    }
    let wait = says("carol", NOBODYS.as_bytes());
    let seconds: u32 = wait
        .strip_prefix("wait ")
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or_else(|| panic!("{language}: {wait}"));
    assert!((60..=240).contains(&seconds), "{language}: {wait}");
}

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn every_caller_says_what_the_program_says() {
    for caller in callers::all() {
        let desk = Desk::in_file();
        let program = program(&desk);
        goes_through_all(&caller, &desk, &["--program", text(&program)]);
        desk.assert_sound();
    }
}

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn every_caller_says_what_the_door_says() {
    for caller in callers::all() {
        let desk = Desk::in_file().open_to_us();
        assert_eq!(desk.run(&["init"]).exit, 0);
        let door = desk.serve();
        goes_through_all(&caller, &desk, &["--socket", text(&desk.door())]);
        assert_eq!(door.close().exit, 0);
        desk.assert_sound();
    }
}

/// Programs that end by themselves, and what callers say to them.
const ENDING: [(&str, &str); 22] = [
    (
        r#"echo '{"accepted":true,"user":"alice","remaining":9,"low":false}'"#,
        "yes 9",
    ),
    (
        r#"echo '{"accepted":true,"user":"alice","remaining":1,"low":true}'; echo note >&2"#,
        "yes 1 low",
    ),
    (r#"echo '{"accepted":false}'; exit 1"#, "no"),
    (
        r#"echo '{"accepted":false,"retry_after":60}'; exit 5"#,
        "wait 60",
    ),
    (
        r#"echo '{"accepted":false,"retry_after":null,"locked":true}'; exit 5"#,
        "wait none",
    ),
    ("exit 0", "unavailable"),
    ("cat; exit 0", "unavailable"),
    ("cat >&2; exit 4", "unavailable"),
    (
        r#"echo '{"error":{"kind":"no_store"}}' >&2; exit 4"#,
        "unavailable",
    ),
    (r#"echo '{"accepted":true}'; exit 1"#, "unavailable"),
    (r#"echo '{"accepted":true}'; exit 5"#, "unavailable"),
    (r#"echo '{"accepted":true}'; kill -9 $$"#, "unavailable"),
    (r#"echo '{"accepted":true}' >&2"#, "unavailable"),
    (r#"echo '{"accepted":false}'"#, "unavailable"),
    (r#"echo '{"accepted":"true"}'"#, "unavailable"),
    (r#"echo '{"accepted":1}'"#, "unavailable"),
    (r#"echo '[{"accepted":true}]'"#, "unavailable"),
    (r#"echo '{"accepted":true'"#, "unavailable"),
    (
        r#"echo '{"accepted":true}'; echo '{"accepted":true}'"#,
        "unavailable",
    ),
    ("echo true", "unavailable"),
    ("echo null", "unavailable"),
    ("exec false", "unavailable"),
];

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn nothing_else_that_a_program_does_is_a_yes() {
    let desk = Desk::in_file();
    for caller in callers::all() {
        let says = |program: &str| caller.says(&["--program", program], "alice", NOBODYS);
        for (script, line) in ENDING {
            let program = write(&desk, "ending", script);
            assert_eq!(says(text(&program)), line, "{}: {script}", caller.language);
        }
        let is_no_program = write(&desk, "plain", "");
        fs::set_permissions(&is_no_program, fs::Permissions::from_mode(0o644)).unwrap();
        for program in [
            "/bin/true",
            "/nowhere",
            text(desk.home()),
            text(&is_no_program),
        ] {
            assert_eq!(
                says(program),
                "unavailable",
                "{}: {program}",
                caller.language
            );
        }
    }
}

/// Whether nobody holds the other end of this, or soon will not.
fn is_let_go(mut held: File) -> bool {
    fcntl_setfl(&held, OFlags::empty()).unwrap();
    let (tell, told) = channel();
    thread::spawn(move || tell.send(held.read(&mut [0])));
    matches!(told.recv_timeout(PATIENCE), Ok(Ok(0)))
}

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn a_program_that_takes_too_long_is_killed() {
    let desk = Desk::in_file();
    let lock = desk.home().join("lock");
    assert!(
        Command::new("mkfifo")
            .arg(&lock)
            .status()
            .unwrap()
            .success()
    );
    for caller in callers::all() {
        for script in [
            "exec sleep 600",
            "trap '' TERM; echo '{\"accepted\":true}'; exec sleep 600",
            "echo '{\"accepted\":true}'; exec sleep 600 >/dev/null 2>&1",
            "while :; do :; done",
        ] {
            let hangs = format!("exec 9>'{}'\n{script}", text(&lock));
            let program = write(&desk, "hanging", &hangs);
            let held = OpenOptions::new()
                .read(true)
                .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
                .open(&lock);
            let options = ["--timeout", "1", "--program", text(&program)];
            let line = caller.says(&options, "alice", NOBODYS);
            assert_eq!(line, "unavailable", "{}: {script}", caller.language);
            let is_dead = is_let_go(held.unwrap());
            assert!(is_dead, "{}: {script} goes on", caller.language);
        }
        // What it has started keeps its streams open, and nobody waits for that.
        let program = write(&desk, "hanging", "echo '{\"accepted\":true}'; sleep 90");
        let options = ["--timeout", "1", "--program", text(&program)];
        let line = caller.says(&options, "alice", NOBODYS);
        assert_eq!(line, "unavailable", "{}", caller.language);
    }
}

/// What a door says, and what callers say to that.
const SAID: [(&str, &str); 24] = [
    (
        r#"{"exit":0,"accepted":true,"user":"alice","remaining":9,"low":false,"temporary":false}"#,
        "yes 9",
    ),
    (
        r#"{"exit":0,"accepted":true,"user":"alice","remaining":1,"low":true,"temporary":false}"#,
        "yes 1 low",
    ),
    (r#"{"exit":1,"accepted":false}"#, "no"),
    (r#"{"exit":5,"accepted":false,"retry_after":60}"#, "wait 60"),
    (
        r#"{"exit":5,"accepted":false,"retry_after":null,"locked":true}"#,
        "wait none",
    ),
    (
        r#"{"exit":2,"accepted":false,"error":{"kind":"malformed_code","message":"m","hint":"h"}}"#,
        "malformed",
    ),
    (
        r#"{"exit":4,"error":{"kind":"busy","message":"m","hint":"h"}}"#,
        "unavailable",
    ),
    (r#"{"exit":1,"accepted":true}"#, "unavailable"),
    (
        r#"{"exit":5,"accepted":true,"retry_after":60}"#,
        "unavailable",
    ),
    (r#"{"exit":0,"accepted":false}"#, "unavailable"),
    (r#"{"exit":"0","accepted":true}"#, "unavailable"),
    (r#"{"exit":false,"accepted":true}"#, "unavailable"),
    (r#"{"exit":null,"accepted":true}"#, "unavailable"),
    (r#"{"exit":0,"accepted":"true"}"#, "unavailable"),
    (r#"{"exit":0,"accepted":1}"#, "unavailable"),
    (r#"{"exit":0}"#, "unavailable"),
    (r#"{"accepted":true}"#, "unavailable"),
    (r#"[{"exit":0,"accepted":true}]"#, "unavailable"),
    (r#"{"exit":0,"accepted":true"#, "unavailable"),
    (r#"{"exit":0,"accepted":true}}"#, "unavailable"),
    ("true", "unavailable"),
    ("null", "unavailable"),
    ("", "unavailable"),
    ("500 Internal Server Error", "unavailable"),
];

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn nothing_else_that_a_door_says_is_a_yes() {
    let yes = SAID[0].0;
    let deep = "[".repeat(50_000);
    let long = format!("{}{yes}\n", " ".repeat(100_000));
    let lines = SAID.map(|(said, line)| (format!("{said}\n"), Then::Listen, line));
    let doors: Vec<_> = lines
        .into_iter()
        .chain([
            (format!("{deep}\n"), Then::Listen, "unavailable"),
            (long, Then::Listen, "unavailable"),
            (String::new(), Then::Close, "unavailable"),
            (yes.to_owned(), Then::Close, "unavailable"),
            (yes.to_owned(), Then::Listen, "unavailable"),
            (String::new(), Then::Listen, "unavailable"),
            (yes.to_owned(), Then::Dawdle, "unavailable"),
        ])
        .map(|(said, then, line)| (StandIn::saying(&said, then), said, line))
        .collect();
    for caller in callers::all() {
        let (from, code) = ("203.0.113.7", format!("{NOBODYS}\n"));
        let says = |path: &Path, timeout: &str| {
            let options = ["--timeout", timeout, "--socket", text(path), "--from", from];
            caller.says(&options, "älice", &code)
        };
        for (door, said, line) in &doors {
            // Only what has no end is not waited for.
            let timeout = if said.ends_with('\n') { "30" } else { "1" };
            let heard = says(&door.path(), timeout);
            let said = said.get(..90).unwrap_or(said);
            assert_eq!(heard, *line, "{}: {said}", caller.language);
            let request: Value = serde_json::from_str(door.heard().last().unwrap()).unwrap();
            let asked = json!({"word": "verify", "user": "älice", "code": code, "from": from});
            assert_eq!(request, asked, "{}", caller.language);
        }
        for path in ["/nowhere", "/etc/passwd"] {
            let line = says(Path::new(path), "30");
            assert_eq!(line, "unavailable", "{}: {path}", caller.language);
        }
    }
    for (door, ..) in doors {
        assert_eq!(door.heard().len(), callers::all().len(), "each asks once");
    }
}

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn of_eight_at_once_with_one_code_one_is_let_in() {
    let desk = Desk::in_file().open_to_us();
    assert_eq!(desk.run(&["init"]).exit, 0);
    let door = desk.serve();
    let (program, socket) = (program(&desk), desk.door());
    for (way, caller) in [["--program", text(&program)], ["--socket", text(&socket)]]
        .into_iter()
        .flat_map(|way| callers::all().into_iter().map(move |caller| (way, caller)))
    {
        let codes = desk.issue(&format!("{}{}", caller.language, way[0]));
        let options = [way[0], way[1], "--timeout", "60"];
        let user = format!("{}{}", caller.language, way[0]);
        let mut eight: Vec<_> = (0..8).map(|_| caller.start(&options, &user)).collect();
        for child in &mut eight {
            child
                .stdin
                .as_ref()
                .unwrap()
                .write_all(codes[0].as_bytes())
                .unwrap();
        }
        let mut lines: Vec<String> = eight
            .into_iter()
            .map(|child| caller.line(&ended(child.wait_with_output().unwrap()), &codes[0]))
            .collect();
        lines.sort();
        assert_eq!(lines.pop().as_deref(), Some("yes 9"), "{user}: {lines:?}");
        let denied = |line: &String| line == "no" || line.starts_with("wait ");
        assert!(lines.iter().all(denied), "{user}: {lines:?}");
    }
    assert_eq!(door.close().exit, 0);
    desk.assert_sound();
}

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn the_program_is_given_a_name_and_an_address_and_nothing_else() {
    for caller in callers::all() {
        let desk = Desk::in_file();
        let program = program(&desk);
        let code = &desk.issue("alice")[0];
        let options = ["--program", text(&program), "--from", "203.0.113.7"];
        assert_eq!(caller.says(&options, "alice", code), "yes 9");
        let seen = fs::read_to_string(seen(&desk)).unwrap();
        let seen: Vec<&str> = seen.split_terminator('\0').collect();
        let given = seen
            .iter()
            .position(|word| *word == text(&program))
            .unwrap()
            + 1;
        let (language, given) = (caller.language, &seen[given..]);
        let words = ["--json", "verify", "--from=203.0.113.7", "--", "alice"];
        assert_eq!(given[..5], words, "{language}");
        assert_eq!(
            given[5..],
            ["PATH=/usr/local/bin:/usr/bin:/bin"],
            "{language}"
        );
    }
}
