//! Notices: users hear of what happened to their codes, never of a code.

use crate::harness::Desk;
use crate::harness::delivery::{assert_no_secret, dead_port, server};
use crate::harness::smtp::{Fault, Received, Server};

const ALL: &str = "generated,used,low,locked";
const WRONG: &str = "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF";

fn desk(server: &Server) -> Desk {
    Desk::new()
        .with_mail(server.address.port())
        .with_notices(ALL)
}

/// The subjects of the letters that came after the first ones.
fn subjects(server: &Server, after: usize) -> Vec<String> {
    let received = server.received();
    let subject = |letter: &Received| {
        let line = letter
            .text
            .lines()
            .find(|line| line.starts_with("Subject: "));
        line.unwrap()["Subject: ".len()..].to_owned()
    };
    received[after..].iter().map(subject).collect()
}

#[test]
fn new_codes_are_told_without_the_codes() {
    let server = server(Fault::None);
    let desk = desk(&server);
    desk.add("alice");
    let codes = desk.issue_with("alice", &["--expires-in", "30d"]);
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, ["RCPT TO:<alice@example.org>"]);
    let batch = &desk.active_batch("alice")[..8];
    for want in [
        "New recovery codes were made",
        "When:    2026-09-21 14:13 UTC",
        "Codes:   10",
        &format!("Sheet:   {batch}"),
        "Expire:  2026-10-21 14:13 UTC",
    ] {
        assert!(
            received[0].text.contains(want),
            "{want}: {}",
            received[0].text
        );
    }
    assert_no_secret("the notice", received[0].text.as_bytes(), &codes);
    for code in &codes {
        assert!(!received[0].text.contains(&code[..6]));
    }
}

#[test]
fn a_used_code_is_named_by_its_hint() {
    let server = server(Fault::None);
    let desk = desk(&server);
    let codes = desk.issue_to("alice");
    desk.pass(3600);
    let accepted = desk.pipe(&["verify", "alice"], &codes[3]);
    assert_eq!(accepted.err, "Accepted. 9 codes are left.\n");
    let letter = &server.received()[1];
    for want in [
        "When:    2026-09-21 15:13 UTC".to_owned(),
        format!("the one that begins with {}", &codes[3][..6]),
        "Left:    9".to_owned(),
    ] {
        assert!(letter.text.contains(&want), "{want}: {}", letter.text);
    }
    assert_no_secret("the notice", letter.text.as_bytes(), &codes);
}

#[test]
fn that_few_are_left_is_told_once_per_batch() {
    let server = server(Fault::None);
    let desk = desk(&server).with("RECOVERY_CODES_CODES_LOW", "2");
    let codes = desk.issue_to("alice");
    for code in &codes {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    let low = |after| {
        let subjects = subjects(&server, after);
        let few = subjects.iter().filter(|one| one.contains("left"));
        few.cloned().collect::<Vec<_>>()
    };
    assert_eq!(low(0), ["2 recovery codes are left for recovery-codes"]);
    let so_far = server.received().len();
    assert_eq!(so_far, 12);
    desk.pass(60);
    for code in desk.issue("alice").iter().take(9) {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    assert_eq!(low(so_far).len(), 1);
    for letter in server.received() {
        assert_no_secret("a notice", letter.text.as_bytes(), &codes);
    }
}

#[test]
fn wrong_codes_are_told_when_the_waiting_begins_and_at_the_lock() {
    let server = server(Fault::None);
    let desk = desk(&server).with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "8");
    let codes = desk.issue_to("alice");
    let told = |attempts: u64| {
        for _ in 0..attempts {
            desk.pass(3600);
            assert_ne!(desk.pipe(&["verify", "alice"], WRONG).exit, 0);
        }
        // No attempt that fails talks to the mail server.
        let before = server.heard().len();
        let letters = server.received().len();
        desk.say(&["worker", "--once"]);
        assert!(server.received().len() == letters || server.heard().len() > before);
        subjects(&server, letters)
    };
    assert!(told(4).is_empty());
    assert_eq!(
        told(1),
        ["Wrong recovery codes were tried at recovery-codes"]
    );
    let first = server.received().pop().unwrap().text;
    assert!(first.contains("5 times in a row"), "{first}");
    assert!(!first.contains("administrator unlocks"), "{first}");
    assert!(told(2).is_empty());
    assert_eq!(
        told(10),
        ["Your recovery codes for recovery-codes are locked"]
    );
    let second = server.received().pop().unwrap().text;
    assert!(second.contains("8 times in a row"), "{second}");
    assert!(second.contains("administrator unlocks"), "{second}");
    assert!(told(5).is_empty());
    // A new series is told anew.
    desk.say(&["limit", "reset", "alice"]);
    assert_eq!(told(5).len(), 1);
    assert_no_secret("a notice", (first + &second).as_bytes(), &codes);
}

#[test]
fn an_attempt_that_fails_never_talks_to_the_mail_server() {
    let server = server(Fault::None);
    let desk = desk(&server);
    let codes = desk.issue_to("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let heard = server.heard().len();
    for code in [&codes[0], WRONG, WRONG, WRONG, WRONG, WRONG, WRONG] {
        let refused = desk.pipe(&["verify", "alice"], code);
        assert!([1, 5].contains(&refused.exit));
        let unknown = desk.pipe(&["verify", "nobody"], code);
        assert_eq!((refused.exit, refused.err), (unknown.exit, unknown.err));
        assert_eq!(server.heard().len(), heard);
    }
    let queued = desk.json(&["task", "list", "--state", "queued"]);
    assert_eq!(queued["total"], 1);
}

#[test]
fn nobody_gets_what_is_switched_off() {
    for kind in ["generated", "used", "low", "locked", ""] {
        let server = server(Fault::None);
        let desk = desk(&server)
            .with_notices(kind)
            .with("RECOVERY_CODES_CODES_LOW", "1")
            .with("RECOVERY_CODES_CODES_COUNT", "2");
        let codes = desk.issue_to("alice");
        assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
        for _ in 0..5 {
            desk.pipe(&["verify", "alice"], WRONG);
        }
        desk.say(&["worker", "--once"]);
        let expected = usize::from(!kind.is_empty());
        assert_eq!(server.received().len(), expected, "{kind}");
        assert_eq!(
            desk.query("SELECT COUNT(*) FROM tasks"),
            expected.to_string()
        );
    }
}

#[test]
fn users_without_an_address_get_none() {
    let server = server(Fault::None);
    let desk = desk(&server);
    let codes = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    assert_eq!(desk.query("SELECT COUNT(*) FROM tasks"), "0");
    let desk = desk.with("RECOVERY_CODES_MAIL_BACKEND", "none");
    let codes = desk.issue_to("bob");
    assert_eq!(desk.pipe(&["verify", "bob"], &codes[0]).exit, 0);
    assert_eq!(desk.query("SELECT COUNT(*) FROM tasks"), "0");
}

#[test]
fn no_obstacle_to_a_notice_keeps_a_right_code_out() {
    let desk = Desk::new()
        .with_mail(dead_port())
        .with_notices(ALL)
        .with("RECOVERY_CODES_TASK_QUEUE_LIMIT", "2");
    let codes = desk.issue_to("alice");
    for code in &codes {
        let accepted = desk.pipe(&["verify", "alice"], code);
        assert_eq!((accepted.exit, accepted.err.lines().count()), (0, 1));
        assert!(accepted.err.starts_with("Accepted. "), "{}", accepted.err);
    }
    assert_eq!(
        desk.json(&["task", "list", "--state", "queued"])["total"],
        2
    );
    let desk = desk
        .with("RECOVERY_CODES_MAIL_TEMPLATES", "/nowhere")
        .with("RECOVERY_CODES_TASK_QUEUE_LIMIT", "100");
    desk.pass(60);
    let codes = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}
