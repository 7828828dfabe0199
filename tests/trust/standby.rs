//! A server whose commits wait for another: what is not confirmed is no yes, and counts as used if it
//! was. Needs the two servers that `tests/servers/postgres --standby` starts.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use postgres::{Client, NoTls};

use crate::harness::{Desk, ended, engine};

fn socket() -> String {
    engine::server().expect("tests/servers/postgres --standby starts the servers that this needs")
}

fn client(of: &str) -> Client {
    Client::connect(&format!("postgres://postgres@/postgres?host={of}"), NoTls).unwrap()
}

/// The process on the standby that takes in what the primary writes; stopped for as long as this lives.
struct Stopped(String);

impl Stopped {
    fn new() -> Self {
        let standby = format!("{}/standby", socket());
        let row = client(&standby)
            .query_one("SELECT pid::text FROM pg_stat_wal_receiver", &[])
            .unwrap();
        let pid: String = row.get(0);
        signal("STOP", &pid);
        Self(pid)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        signal("CONT", &self.0);
    }
}

fn signal(name: &str, pid: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, pid])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// SQL: the sessions of this program that wait for the standby.
const WAITING: &str =
    "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'recovery-codes'";

/// A process that verifies this code of alice, once it waits for the standby.
fn waiting(desk: &Desk, code: &str) -> Child {
    let mut verify = desk.process(&["--json", "verify", "alice"]);
    let mut verify = verify.stdin(Stdio::piped()).spawn().unwrap();
    verify
        .stdin
        .take()
        .unwrap()
        .write_all(code.as_bytes())
        .unwrap();
    let mut primary = client(&socket());
    let waits = || {
        let found = primary.query(&format!("SELECT 1 {WAITING}"), &[]);
        !found.unwrap().is_empty()
    };
    assert!(
        std::iter::repeat_with(waits)
            .take(100_000)
            .any(|waits| waits)
    );
    verify
}

fn desk() -> Desk {
    Desk::new()
        .with("RECOVERY_CODES_SERVER_ALONE", "false")
        .with("RECOVERY_CODES_SERVER_TIMEOUT", "1")
}

#[test]
#[ignore = "needs the servers of tests/servers/postgres --standby"]
fn a_yes_that_the_standby_does_not_have_is_not_said_and_the_code_is_used() {
    let desk = desk();
    let codes = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let stopped = Stopped::new();
    let doubtful = desk.pipe(&["--json", "verify", "alice"], &codes[1]);
    assert_eq!(
        (doubtful.exit, doubtful.error()["kind"].clone()),
        (4, "in_doubt".into())
    );
    drop(stopped);
    // The first of its two transactions was in doubt, which counts the attempt: nothing was used.
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[1]).exit, 0);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[1]).exit, 1);
    desk.assert_sound();
}

#[test]
#[ignore = "needs the servers of tests/servers/postgres --standby"]
fn whoever_cancels_the_wait_for_the_standby_gets_no_yes_out_of_it() {
    let desk = desk().with("RECOVERY_CODES_SERVER_TIMEOUT", "30");
    let codes = desk.issue("alice");
    let stopped = Stopped::new();
    let verify = waiting(&desk, &codes[0]);
    let cancelled = client(&socket())
        .query(&format!("SELECT pg_cancel_backend(pid) {WAITING}"), &[])
        .unwrap()
        .len();
    assert!(cancelled > 0);
    let verify = ended(verify.wait_with_output().unwrap());
    assert_eq!(
        (verify.exit, verify.error()["kind"].clone()),
        (4, "in_doubt".into()),
        "{verify:?}"
    );
    drop(stopped);
}

#[test]
#[ignore = "needs the servers of tests/servers/postgres --standby"]
fn a_standby_that_is_no_longer_waited_for_makes_no_yes_of_what_waited() {
    let desk = desk().with("RECOVERY_CODES_SERVER_TIMEOUT", "30");
    let codes = desk.issue("alice");
    let stopped = Stopped::new();
    let verify = waiting(&desk, &codes[0]);
    let set = |names: &str| {
        let mut primary = client(&socket());
        primary
            .batch_execute(&format!(
                "ALTER SYSTEM SET synchronous_standby_names = '{names}'"
            ))
            .unwrap();
        primary.batch_execute("SELECT pg_reload_conf()").unwrap();
    };
    set("");
    let verify = ended(verify.wait_with_output().unwrap());
    let kind = verify.error()["kind"].clone();
    assert_eq!(verify.exit, 4, "{verify:?}");
    assert!(kind == "in_doubt" || kind == "not_durable", "{verify:?}");
    set("*");
    drop(stopped);
}

#[test]
#[ignore = "needs the servers of tests/servers/postgres --standby"]
fn a_standby_is_never_asked_for_a_yes_and_the_primary_is_found() {
    let desk = desk();
    let codes = desk.issue("alice");
    let (primary, standby) = (socket(), format!("{}/standby", socket()));
    let options = format!("options=-csearch_path%3D{}", desk.schema());
    let of = |hosts: &str| format!("postgres://postgres@/postgres?host={hosts}&{options}");
    let asked = desk.pipe(
        &["--store", &of(&standby), "--json", "verify", "alice"],
        &codes[0],
    );
    assert_eq!(
        (asked.exit, asked.error()["kind"].clone()),
        (4, "unreachable".into())
    );
    for hosts in [
        format!("{standby},{primary}"),
        format!("/nowhere,{standby},{primary}"),
    ] {
        desk.say(&["--store", &of(&hosts), "user", "show", "alice"]);
    }
    let verify = desk.pipe(
        &[
            "--store",
            &of(&format!("{standby},{primary}")),
            "verify",
            "alice",
        ],
        &codes[0],
    );
    assert_eq!(verify.exit, 0, "{}", verify.err);
}

#[test]
#[ignore = "needs the servers of tests/servers/postgres --standby"]
fn chunks_of_a_purge_wait_for_nobody_and_what_is_said_of_them_for_the_standby() {
    let desk = desk();
    desk.issue("alice");
    desk.pass(86_400);
    desk.issue("alice");
    let stopped = Stopped::new();
    let args = ["--json", "purge", "--retention-days", "0", "--chunk", "2"];
    let doubtful = desk.run(&args);
    assert_eq!(
        (doubtful.exit, doubtful.error()["kind"].clone()),
        (4, "in_doubt".into())
    );
    // Each chunk was one commit more than the standby has heard of.
    assert_eq!(desk.query("SELECT COUNT(*) FROM codes"), "10");
    drop(stopped);
    assert_eq!(desk.json(&args[1..])["codes"], 0);
    desk.assert_sound();
}
