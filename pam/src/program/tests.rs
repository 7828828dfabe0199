#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it stumbles"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

/// Longer than anything here takes; only a test that fails waits for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a script of the shell in the place of the program.
fn run_for(script: &str, input: &[u8], timeout: Duration) -> Result<Ended, String> {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recovery-codes");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    start(path.to_str().unwrap(), input, timeout)
}

fn start(path: &str, input: &[u8], timeout: Duration) -> Result<Ended, String> {
    let path = CString::new(path).unwrap();
    run(&Start {
        path: &path,
        arguments: &["--json".to_owned(), "two words".to_owned()],
        input,
        account: may_become_anybody().then_some(Account::ROOT),
        timeout,
    })
}

/// What a script says.
fn said(script: &str) -> String {
    let ended = run_for(script, b"", PATIENCE).unwrap();
    assert_eq!((ended.exit, ended.err), (Some(0), Vec::new()));
    String::from_utf8(ended.out).unwrap()
}

#[test]
fn status_input_and_both_outputs_go_through() {
    let script = "read -r code; echo \"$code\"; echo \"$@\" >&2; exit 5";
    let ended = run_for(script, b"a code\n", PATIENCE).unwrap();
    assert_eq!(ended.exit, Some(5));
    assert_eq!(ended.out, b"a code\n");
    assert_eq!(ended.err, b"--json two words\n");
}

#[test]
fn nothing_of_the_calling_process_is_handed_down() {
    let said = said(
        "env | grep -v ^_= | sort; pwd; umask; ls -l /proc/self/fd | wc -l; cat /proc/self/status",
    );
    let mut lines = said.lines();
    let mut variables: Vec<&str> = lines.by_ref().take_while(|line| *line != "/").collect();
    // The shell sets this one itself.
    variables.retain(|line| !line.starts_with("PWD="));
    assert_eq!(variables, [PATH.to_str().unwrap()]);
    assert_eq!(lines.next(), Some("0077"));
    // The three streams, the directory that is listed, and the line with the total.
    assert_eq!(lines.next(), Some("5"));
    let status = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().split_whitespace().collect::<Vec<_>>()
    };
    for set in ["SigBlk:", "SigIgn:", "SigCgt:"] {
        let signals = u64::from_str_radix(status(set)[0], 16).unwrap();
        // The C library keeps the signals 32 and 33 for itself, and lets nobody change them.
        assert_eq!(signals & !(0b11 << 31), 0, "{set}");
    }
    if may_become_anybody() {
        assert_eq!(status("Uid:"), ["0"; 4]);
        assert_eq!(status("Gid:"), ["0"; 4]);
        assert!(status("Groups:").is_empty());
    }
}

#[test]
fn it_leads_a_session_of_its_own() {
    let said = said("echo $$; cut -d ' ' -f 5,6 /proc/$$/stat");
    let numbers: Vec<&str> = said.split_whitespace().collect();
    let [own, group, session] = numbers[..] else {
        panic!("{said}");
    };
    assert_eq!((group, session), (own, own));
}

#[test]
fn what_takes_too_long_is_killed_with_all_that_it_has_started() {
    let mark = tempfile::tempdir().unwrap();
    let mark = mark.path().join("pid");
    let deaf = format!(
        "trap '' TERM; sleep 1000 & echo $! >{}; wait",
        mark.display()
    );
    for script in [deaf.as_str(), "exec >&- 2>&-; exec sleep 1000"] {
        let ended = run_for(script, b"", Duration::from_millis(300));
        assert_eq!(ended.unwrap_err(), TOO_LONG);
    }
    let pid = fs::read_to_string(mark).unwrap();
    // Whoever adopts it collects it sooner or later.
    let state = fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    assert!(state.is_err() || state.unwrap().contains(") Z "));
}

#[test]
fn what_does_not_end_by_itself_is_no_answer() {
    for (script, why) in [
        ("kill -KILL $$", "recovery-codes was ended by the signal 9"),
        ("exec yes", "recovery-codes does not stop talking"),
    ] {
        assert_eq!(run_for(script, b"", PATIENCE).unwrap_err(), why);
    }
}

#[test]
fn what_cannot_be_executed_says_so() {
    for path in ["/nowhere/recovery-codes", "/etc/hostname"] {
        let ended = start(path, b"", PATIENCE).unwrap();
        assert_eq!(
            (ended.exit, ended.err.as_slice()),
            (Some(126), b"cannot execute it".as_slice())
        );
    }
}

#[test]
fn a_program_that_does_not_read_harms_nobody() {
    let ended = run_for("exec <&-; exit 4", &[b'x'; 1000], PATIENCE).unwrap();
    assert_eq!(ended.exit, Some(4));
}
