//! No yes is given twice, and none is lost, while servers fail.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a trial prints, and how it ends.
fn trial(arguments: &[&str]) -> (String, Option<i32>) {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/failover/trial");
    let mut command = Command::new(program);
    command
        .env("PROGRAM", env!("CARGO_BIN_EXE_recovery-codes"))
        .args(arguments)
        .stdin(Stdio::null());
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    eprintln!("{said}");
    (said, output.status.code())
}

/// A number that stands behind these words.
#[track_caller]
fn number(said: &str, words: &str) -> u32 {
    let line = said.lines().find_map(|line| line.strip_prefix(words));
    line.unwrap().trim().parse().unwrap()
}

/// The same with the program; once more if it was no trial, as where a machine was too busy for a part to
/// come back in time.
fn trial_of_the_program(arguments: &[&str]) -> (String, Option<i32>) {
    let by = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/failover/program");
    let (prepare, verify) = (format!("{by} prepare"), format!("{by} verify {{user}}"));
    let its = ["--prepare", &prepare, "--verify", &verify];
    let arguments = [arguments, &its].concat();
    match trial(&arguments) {
        (_, Some(4)) => trial(&arguments),
        done => done,
    }
}

#[test]
#[ignore = "takes two minutes; needs PostgreSQL, Patroni and etcd"]
fn a_yes_stands_through_fail_over() {
    let (said, status) = trial_of_the_program(&[]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(number(&said, "double accepts"), 0);
    assert_eq!(number(&said, "lost yeses"), 0);
}

#[test]
#[ignore = "takes a minute; needs PostgreSQL, Patroni and etcd"]
fn the_trial_finds_what_a_standby_that_is_behind_loses() {
    // The same program, told that no standby need have what is confirmed.
    let (said, status) = trial_of_the_program(&["--asynchronous", "--first"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(number(&said, "double accepts") > 0);
    assert!(number(&said, "lost yeses") > 0);
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_private_server_ends_with_whoever_holds_its_pipe() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/postgres");
    let mut command = Command::new(program);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut server = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let home = Path::new(line.trim());
    assert!(home.join(".s.PGSQL.5432").exists());
    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
    assert!(!home.exists());
}
