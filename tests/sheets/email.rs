//! `email` and `generate --email`: once per batch, and never a second time unasked.

use serde_json::{Value, json};

use crate::harness::delivery::{
    address, assert_no_secret, assert_no_secret_below, dead_port, header, server,
};
use crate::harness::smtp::{At, Fault};
use crate::harness::{Desk, Ended};

const EMAIL: &[&str] = &["email", "alice"];
const GENERATE: &[&str] = &["generate", "alice", "--email", "--yes"];
const EMAILED: &str = "SELECT emailed_at IS NOT NULL FROM batches ORDER BY id DESC LIMIT 1";
const DEEDS: &str = "SELECT COUNT(*) FROM audit WHERE action = 'codes.emailed'";

fn desk(port: u16) -> Desk {
    Desk::new().with_runtime().with_mail(port)
}

#[test]
fn a_batch_is_mailed_once() {
    let server = server(Fault::None);
    let desk = desk(server.address.port());
    let codes = desk.issue_to("alice");
    assert_eq!(desk.query(EMAILED), "0");
    let sent = desk.say(EMAIL);
    assert_eq!(sent.out, "");
    assert_eq!(sent.err, "Success! Your email has been sent.\n");
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, ["RCPT TO:<alice@example.org>"]);
    for code in &codes {
        assert!(received[0].text.contains(&format!("    {code}\r\n")));
    }
    assert_eq!(desk.query(EMAILED), "1");
    let batch = desk.active_batch("alice");
    let deed = desk.last_deed();
    assert_eq!(
        deed,
        json!(["codes.emailed", "alice", batch, null, "tester", null])
    );
    assert_eq!(desk.audit()[0]["details"], "to a...@example.org");
    let refused = desk.refuses(EMAIL, 3, "already_emailed");
    assert!(refused.contains("was mailed on 2026-09-21"), "{refused}");
    assert_eq!(server.received().len(), 1);
    assert_no_secret_below(desk.home(), &codes);
    desk.assert_sound();
}

#[test]
fn in_json_it_says_what_was_sent_where() {
    let server = server(Fault::None);
    let desk = desk(server.address.port());
    desk.issue_to("alice");
    let batch = desk.active_batch("alice");
    assert_eq!(
        desk.json(EMAIL),
        json!({"user": "alice", "email": "alice@example.org", "batch": batch, "task": 1})
    );
}

#[test]
fn generate_mails_the_codes_and_prints_them_only_if_asked() {
    let server = server(Fault::None);
    // What the letter itself says is not told once more.
    let desk = desk(server.address.port()).with_notices("generated");
    desk.add("alice");
    let issued = desk.say(&[GENERATE, &["--print"]].concat());
    assert!(
        issued.err.ends_with("Success! Your email has been sent.\n"),
        "{}",
        issued.err
    );
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert!(received[0].text.contains(issued.lines()[9].as_str()));
    assert_eq!(desk.query(EMAILED), "1");
    desk.refuses(EMAIL, 3, "already_emailed");
    desk.pass(60);
    let issued = desk.say(GENERATE);
    assert_eq!(issued.out, "");
    let text = &server.received()[1].text;
    let is_code = |word: &&str| word.len() == 41 && word.matches('-').count() == 5;
    let codes = text.split_whitespace().filter(is_code).take(10);
    let codes: Vec<String> = codes.map(str::to_owned).collect();
    assert_no_secret("the message", issued.err.as_bytes(), &codes);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[9]).exit, 0);
    desk.pass(60);
    let issued = desk.json(GENERATE);
    assert_eq!(issued["codes"], Value::Null);
    let shown = "SELECT group_concat(shown_at IS NOT NULL) FROM batches";
    assert_eq!(desk.query(shown), "1,0,0");
}

#[test]
fn the_site_chooses_what_is_said() {
    let server = server(Fault::None);
    let desk = desk(server.address.port())
        .with("RECOVERY_CODES_MAIL_SUCCESS_MESSAGE", "It is on its way.");
    desk.issue_to("alice");
    assert_eq!(desk.say(EMAIL).err, "It is on its way.\n");
}

#[test]
fn mail_that_waits_is_sealed_and_outlives_the_session() {
    let server = server(Fault::None);
    let desk = desk(server.address.port()).with_queue();
    let codes = desk.issue_to("alice");
    assert_eq!(
        desk.say(EMAIL).err,
        "The mail is queued; the worker sends it.\n"
    );
    assert_eq!(desk.query(EMAILED), "0");
    let refused = desk.refuses(EMAIL, 3, "already_emailed");
    assert!(
        refused.contains("is in the mail queue as task 1"),
        "{refused}"
    );
    assert_no_secret_below(desk.home(), &codes);
    desk.pass(3600);
    desk.run(&["logout"]);
    assert_eq!(desk.query("SELECT COUNT(*) FROM sessions"), "0");
    assert_eq!(server.received().len(), 0);
    let worked = desk.say(&["worker", "--once"]);
    assert_eq!((worked.out.as_str(), worked.err.as_str()), ("", ""));
    assert!(server.received()[0].text.contains(codes[0].as_str()));
    assert_eq!(
        (desk.query(EMAILED), desk.query(DEEDS)),
        ("1".into(), "1".into())
    );
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM letters WHERE sealed IS NOT NULL"),
        "0"
    );
    desk.assert_sound();
}

#[test]
fn without_address_or_server_nothing_happens() {
    let desk = desk(dead_port());
    let codes = desk.issue("alice");
    desk.pass(60);
    let no_address = desk.refuses(EMAIL, 3, "no_email");
    assert!(no_address.contains("`recovery-codes user edit --email ADDR alice`"));
    desk.refuses(GENERATE, 3, "no_email");
    let new = ["generate", "bob", "--create-user", "--email"];
    desk.refuses(&new, 3, "no_email");
    desk.refuses(&["email", "nobody"], 3, "unknown_user");
    desk.say(&["user", "edit", "alice", "--email", "alice@example.org"]);
    let desk = desk.with("RECOVERY_CODES_MAIL_BACKEND", "none");
    let no_backend = desk.refuses(EMAIL, 4, "mail");
    assert!(no_backend.contains("mail is not set up"), "{no_backend}");
    desk.refuses(GENERATE, 4, "mail");
    assert_eq!(desk.query("SELECT COUNT(*) FROM tasks"), "0");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
fn without_codes_or_session_there_is_nothing_to_mail() {
    let desk = desk(dead_port());
    desk.add("alice");
    desk.refuses(EMAIL, 3, "no_session");
    desk.issue("alice");
    desk.say(&["logout"]);
    desk.refuses(EMAIL, 3, "no_session");
    assert_eq!(desk.query("SELECT COUNT(*) FROM tasks"), "0");
}

#[test]
fn where_the_server_is_dead_the_codes_wait_in_the_queue() {
    let desk = desk(dead_port());
    desk.add("alice");
    for word in [GENERATE, EMAIL] {
        if word == EMAIL {
            desk.pass(60);
            desk.issue("alice");
        }
        let tried = desk.run(word);
        assert_eq!(tried.exit, 4);
        assert!(tried.err.contains("cannot be reached"), "{}", tried.err);
        assert!(
            tried.err.contains("the mail stays queued as task "),
            "{}",
            tried.err
        );
        assert!(
            tried.err.contains("tries again after 2026-09-21"),
            "{}",
            tried.err
        );
        assert_eq!(desk.query(EMAILED), "0");
        let in_queue = "SELECT COUNT(*) FROM letters WHERE sealed IS NOT NULL";
        assert_eq!(desk.query(in_queue), "1");
        assert_eq!(tried.out, "");
    }
    desk.pass(60);
    let tried = desk.run(&[GENERATE, &["--print"]].concat());
    assert_eq!(tried.exit, 4);
    assert_eq!(tried.lines().len(), 10);
    assert_no_secret("the message", tried.err.as_bytes(), &tried.lines());
    assert_no_secret_below(desk.home(), &tried.lines());
    let works = desk.pipe(&["verify", "alice"], &tried.lines()[0]);
    assert_eq!(works.exit, 0);
    desk.pass(60);
    let json = desk.run(&["generate", "alice", "--email", "--print", "--yes", "--json"]);
    assert_eq!(json.exit, 4);
    assert_eq!(json.json()["codes"].as_array().unwrap().len(), 10);
    assert_eq!(json.error()["kind"], "mail");
}

#[test]
fn what_is_refused_for_good_is_not_tried_again_by_itself() {
    for at in [At::Recipient, At::End] {
        let server = server(Fault::Answer(at, "550 5.1.1 no"));
        let desk = desk(server.address.port());
        desk.issue_to("alice");
        let refused = desk.run(EMAIL);
        assert_eq!(refused.exit, 4, "{}", refused.err);
        assert!(
            refused.err.contains("`recovery-codes task retry 1`"),
            "{}",
            refused.err
        );
        assert_eq!(desk.task(1), ("failed".into(), 1));
        assert_eq!(desk.query(EMAILED), "0");
    }
}

#[test]
fn what_is_refused_for_now_is_tried_again() {
    let server = server(Fault::Greylisting);
    let desk = desk(server.address.port());
    desk.issue_to("alice");
    assert_eq!(desk.run(EMAIL).exit, 4);
    assert_eq!(desk.task(1), ("queued".into(), 1));
    desk.say(&["worker", "--once"]);
    assert_eq!(server.received().len(), 0, "it is not due yet");
    desk.pass(600);
    desk.say(&["worker", "--once"]);
    assert_eq!(server.received().len(), 1);
    assert_eq!(desk.task(1), ("done".into(), 2));
    assert_eq!(desk.query(EMAILED), "1");
}

#[test]
fn codes_that_may_have_arrived_are_sent_again_only_when_somebody_says_so() {
    for fault in [
        Fault::HangUp(At::Letter),
        Fault::HangUp(At::End),
        Fault::Silence(At::End),
    ] {
        let bad = server(fault);
        // The wait for an answer is a part of the time a task may take.
        let desk = desk(bad.address.port()).with("RECOVERY_CODES_TASK_TIMEOUT", "4");
        let codes = desk.issue_to("alice");
        let tried = desk.run(EMAIL);
        assert_eq!(tried.exit, 4);
        let doubt = "it may have arrived all the same";
        assert!(tried.err.contains(doubt), "{}", tried.err);
        assert!(tried.err.contains("ask whether it did"), "{}", tried.err);
        assert_no_secret("the message", tried.err.as_bytes(), &codes);
        assert_eq!(desk.task(1), ("failed".into(), 1));
        let again = desk.refuses(EMAIL, 3, "already_emailed");
        assert!(again.contains("`task retry 1`"), "{again}");

        let good = server(Fault::None);
        let desk = desk.with_mail(good.address.port());
        desk.pass(86_400);
        desk.say(&["worker", "--once"]);
        assert_eq!(good.received().len(), 0);
        let sent = desk.say(&["task", "retry", "1"]);
        assert!(
            sent.err.ends_with("Success! Your email has been sent.\n"),
            "{}",
            sent.err
        );
        assert!(good.received()[0].text.contains(codes[9].as_str()));
        if let Some(first) = bad.received().first() {
            let id = "Message-ID";
            assert_eq!(header(first, id), header(&good.received()[0], id));
        }
        assert_eq!(
            (desk.query(EMAILED), desk.query(DEEDS)),
            ("1".into(), "1".into())
        );
    }
}

#[test]
fn codes_that_no_longer_work_are_not_mailed() {
    let server = server(Fault::None);
    let ends: [&dyn Fn(&Desk) -> Ended; 3] = [
        &|desk| desk.run(&["generate", "alice", "--yes"]),
        &|desk| desk.run(&["batch", "delete", &desk.active_batch("alice"), "--yes"]),
        &|desk| desk.run(&["user", "remove", "alice", "--yes"]),
    ];
    for end in ends {
        let desk = desk(server.address.port()).with_queue();
        desk.issue_to("alice");
        desk.say(EMAIL);
        desk.pass(60);
        let ended = end(&desk);
        assert_eq!(ended.exit, 0, "{}", ended.err);
        assert_eq!(desk.query("SELECT COUNT(*) FROM letters"), "0");
        assert_eq!(desk.query("SELECT COUNT(*) FROM tasks"), "0");
        desk.say(&["worker", "--once"]);
        assert_eq!(server.received().len(), 0);
        desk.assert_sound();
    }
}

#[test]
fn of_eight_programs_one_mails() {
    let server = server(Fault::None);
    let desk = desk(server.address.port());
    let add = ["user", "add", "alice", "--email", &address("alice")];
    assert_eq!(desk.spawn(&add, "").exit, 0);
    assert_eq!(desk.spawn(&["generate", "alice"], "").exit, 0);
    let all = desk.race(&[(&["email", "alice", "--json"] as &[&str], ""); 8]);
    for ended in &all {
        assert!([0, 3].contains(&ended.exit), "{}", ended.err);
        if ended.exit == 3 {
            assert_eq!(ended.error()["kind"], "already_emailed");
        }
    }
    assert_eq!(all.iter().filter(|ended| ended.exit == 0).count(), 1);
    assert_eq!(server.received().len(), 1);
    assert_eq!(
        (desk.query(EMAILED), desk.query(DEEDS)),
        ("1".into(), "1".into())
    );
}

#[test]
fn where_the_queue_is_full_nothing_is_issued() {
    let desk = desk(dead_port())
        .with_queue()
        .with("RECOVERY_CODES_TASK_QUEUE_LIMIT", "1");
    desk.issue_to("bob");
    let codes = desk.issue_to("alice");
    desk.say(&["email", "bob"]);
    desk.refuses(EMAIL, 4, "mail");
    desk.pass(60);
    let full = desk.refuses(GENERATE, 4, "mail");
    assert!(full.contains("the mail queue is full"), "{full}");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
fn a_wrong_address_is_corrected_and_the_codes_arrive() {
    let strict = server(Fault::Answer(At::Recipient, "550 5.1.1 unknown"));
    let desk = desk(strict.address.port());
    let codes = desk.issue_to("alice");
    assert_eq!(desk.run(EMAIL).exit, 4);
    desk.say(&["user", "edit", "alice", "--email", "alice@example.net"]);
    let good = server(Fault::None);
    let desk = desk.with_mail(good.address.port());
    desk.say(&["task", "retry", "1"]);
    let received = good.received();
    assert_eq!(received[0].to, ["RCPT TO:<alice@example.net>"]);
    assert!(received[0].text.contains(codes[0].as_str()));
    assert_eq!(desk.audit()[0]["details"], "to a...@example.net");
}
