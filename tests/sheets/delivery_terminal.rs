//! Mail and sheets on a terminal: what a person is shown, and in which order.

use std::fs;

use crate::harness::Desk;
use crate::harness::delivery::{dead_port, server};
use crate::harness::smtp::Fault;

fn desk(port: u16) -> Desk {
    Desk::new().with_runtime().with_mail(port)
}

#[test]
fn new_codes_come_with_what_can_still_be_done() {
    let plain = Desk::new().with_runtime();
    let issued = plain.say(&["generate", "alice", "--create-user"]);
    let end = "For 15 minutes they can still be exported with `recovery-codes export alice`.\n";
    assert!(issued.err.contains(end), "{}", issued.err);
    let server = server(Fault::None);
    let desk = desk(server.address.port());
    desk.add("alice");
    let issued = desk.say(&["generate", "alice"]);
    let end = "with `recovery-codes export alice` or mailed with `recovery-codes email alice`.\n";
    assert!(issued.err.ends_with(end), "{}", issued.err);
    desk.pass(60);
    let issued = desk.say(&["generate", "alice", "--yes", "--email"]);
    let lines: Vec<&str> = issued.err.lines().collect();
    assert_eq!(
        lines[2..],
        [
            "For 15 minutes they can still be exported with `recovery-codes export alice`.",
            "Success! Your email has been sent."
        ]
    );
}

#[test]
fn a_quiet_word_says_only_what_went_wrong() {
    let server = server(Fault::None);
    let desk = desk(server.address.port());
    desk.issue_to("alice");
    assert_eq!(desk.say(&["email", "alice", "--quiet"]).err, "");
    let file = desk.home().join("sheet.txt");
    let args = ["export", "alice", "-q", "--output", file.to_str().unwrap()];
    assert_eq!(desk.say(&args).err, "");
    let desk = desk.with_mail(dead_port());
    desk.pass(60);
    desk.issue("alice");
    let failed = desk.run(&["email", "alice", "-q"]);
    assert_eq!(failed.err.lines().count(), 2, "{}", failed.err);
}

#[test]
fn a_console_letter_follows_the_codes_it_holds() {
    let desk = desk(1).with("RECOVERY_CODES_MAIL_BACKEND", "console");
    desk.add("alice");
    let issued = desk.say(&["generate", "alice", "--email", "--print", "--json"]);
    let codes = issued.json()["codes"].as_array().unwrap().clone();
    let heading = "From: codes@example.org\nTo: alice@example.org\n";
    assert!(issued.err.starts_with(heading), "{}", issued.err);
    for code in codes {
        assert!(issued.err.contains(code.as_str().unwrap()));
    }
}

#[test]
fn a_letter_can_be_kept_as_a_private_file() {
    let desk = desk(1).with("RECOVERY_CODES_MAIL_BACKEND", "file");
    let codes = desk.issue_to("alice");
    desk.say(&["email", "alice"]);
    let place = desk.store().with_file_name("mail");
    let letters: Vec<_> = fs::read_dir(place).unwrap().map(Result::unwrap).collect();
    assert_eq!(letters.len(), 1);
    let text = fs::read_to_string(letters[0].path()).unwrap();
    assert!(codes.iter().all(|code| text.contains(code.as_str())));
}

#[test]
fn who_says_no_keeps_the_old_codes_and_sends_nothing() {
    let server = server(Fault::None);
    let desk = desk(server.address.port());
    let codes = desk.issue_to("alice");
    desk.pass(60);
    let declined = desk.talk(&["generate", "alice", "--email"], &["n"]);
    assert_eq!((declined.exit, declined.out.as_str()), (3, ""));
    assert_eq!(server.received().len(), 0);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}
