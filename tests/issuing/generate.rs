//! `generate`: not too often, and never unseen.

use std::fs::File;
use std::io::pipe;

use crate::harness::{Desk, Ended, ended};

fn regenerate(desk: &Desk) -> Ended {
    desk.run(&["generate", "alice", "--yes", "--json"])
}

/// Tries once more, is told to wait, and says how long.
#[track_caller]
fn told_to_wait(desk: &Desk) -> i64 {
    let said = regenerate(desk);
    assert_eq!((said.exit, said.out.as_str()), (5, ""));
    assert_eq!(said.error()["kind"], "wait");
    assert!(said.error()["hint"].is_string());
    said.error()["retry_after"].as_i64().unwrap()
}

#[test]
fn the_first_batch_never_waits_and_the_second_does() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    desk.issue("bob");
    assert_eq!(told_to_wait(&desk), 120);
    // What was refused has changed nothing.
    assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "2");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.assert_sound();
}

#[test]
fn the_wait_ends_with_the_base_cooldown() {
    let after = |seconds| {
        let desk = Desk::new();
        desk.issue("alice");
        desk.pass(seconds);
        regenerate(&desk).exit
    };
    assert_eq!(after(59), 5);
    assert_eq!(after(60), 0);
}

#[test]
fn trying_again_multiplies_the_wait_and_what_is_announced_is_true() {
    let desk = Desk::new();
    desk.issue("alice");
    let waits: Vec<i64> = (0..7).map(|_| told_to_wait(&desk)).collect();
    assert_eq!(waits, [120, 240, 480, 960, 1920, 3600, 3600]);
    desk.pass(3599);
    assert_eq!(told_to_wait(&desk), 3600);
    desk.pass(3600);
    assert_eq!(regenerate(&desk).exit, 0);
    // The next wait begins small again.
    assert_eq!(told_to_wait(&desk), 120);
}

#[test]
fn a_person_reads_how_long_and_what_ends_it() {
    let desk = Desk::new();
    desk.issue("alice");
    let said = desk.run(&["generate", "alice"]);
    assert_eq!(
        (said.exit, said.err.as_str()),
        (
            5,
            "error: alice got new codes a moment ago; wait 2 minutes\n\
             hint: trying again before that makes it longer; `recovery-codes limit reset alice` ends it\n"
        )
    );
}

#[test]
fn a_reset_ends_the_wait() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    told_to_wait(&desk);
    assert_eq!(desk.run(&["limit", "reset", "alice"]).exit, 0);
    assert_eq!(regenerate(&desk).exit, 0);
    assert_eq!(desk.pipe(&["verify", "alice"], &old[0]).exit, 1);
}

#[test]
fn pending_batches_wait_like_others() {
    let desk = Desk::new();
    desk.issue("alice");
    let said = desk.run(&["generate", "alice", "--pending"]);
    assert_eq!(said.exit, 5, "{}", said.err);
}

#[test]
fn guessing_wrong_does_not_keep_new_codes_away() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let wrong = format!("{}{}", &codes[0][..6], &codes[1][6..]);
    for _ in 0..7 {
        desk.pipe(&["verify", "alice"], &wrong);
    }
    desk.pass(60);
    assert_eq!(regenerate(&desk).exit, 0);
}

#[test]
fn without_a_yes_the_old_codes_stay_and_nothing_is_counted() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    desk.pass(60);
    let said = desk.run(&["generate", "alice"]);
    assert_eq!((said.exit, said.out.as_str()), (3, ""));
    assert!(said.err.contains("10 unused codes"), "{}", said.err);
    let said = desk.talk(&["generate", "alice"], &["n"]);
    assert_eq!((said.exit, said.out.as_str()), (3, ""));
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let said = desk.talk(&["generate", "alice"], &["y"]);
    assert_eq!((said.exit, said.lines().len()), (0, 10));
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[1]).exit, 1);
}

/// Codes that nobody saw are a failure, and it is said what to do.
#[track_caller]
fn assert_unseen(said: &Ended) {
    assert_eq!(said.exit, 4, "{}", said.err);
    let message = "error: standard output cannot be written";
    assert!(said.err.starts_with(message), "{}", said.err);
    assert!(said.err.contains("generate new ones"), "{}", said.err);
}

#[test]
fn a_full_disk_behind_standard_output_is_a_failure() {
    let desk = Desk::new();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = desk.process(&["generate", "alice", "--create-user"]);
    assert_unseen(&ended(command.stdout(full).output().unwrap()));
}

#[test]
fn a_reader_that_went_away_is_a_failure() {
    let desk = Desk::new();
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut command = desk.process(&["generate", "alice", "--create-user"]);
    assert_unseen(&ended(command.stdout(writer).output().unwrap()));
}

#[test]
fn a_closed_standard_output_is_a_failure() {
    let desk = Desk::new();
    let script = "exec \"$0\" \"$@\" >&-";
    let mut command = desk.shell(script, &["generate", "alice", "--create-user"]);
    assert_unseen(&ended(command.output().unwrap()));
    // Where nothing is to be written, that it is closed does not matter.
    let mut command = desk.shell(script, &["limit", "reset", "alice"]);
    assert_eq!(ended(command.output().unwrap()).exit, 0);
    // Nobody but a closed one is taken for closed.
    let mut command = desk.shell("exec \"$0\" \"$@\" >/dev/null", &["user", "list"]);
    assert_eq!(ended(command.output().unwrap()).exit, 0);
    let mut command = desk.shell("exec \"$0\" \"$@\" 1<>/dev/null", &["user", "list"]);
    assert_eq!(ended(command.output().unwrap()).exit, 0);
}
