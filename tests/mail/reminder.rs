//! Reminders: who may have lost their sheet is asked, without a code and not again and again.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::column;
use crate::harness::delivery::{address, assert_no_secret, dead_port, server};
use crate::harness::smtp::{Fault, Server};

const DAY: i64 = 86_400;

/// alice never confirmed; bob confirmed and has two left; carol confirmed and has enough; dora has no
/// address, erin no codes, and frank is disabled.
fn desk(server: &Server) -> (Desk, Vec<String>) {
    let desk = Desk::new().with_mail(server.address.port());
    let mut all = desk.issue_to("alice");
    desk.add("bob");
    let codes = desk.issue_with("bob", &["--count", "3"]);
    assert_eq!(desk.pipe(&["confirm", "bob"], &codes[0]).exit, 0);
    assert_eq!(desk.pipe(&["verify", "bob"], &codes[0]).exit, 0);
    all.extend(codes);
    let codes = desk.issue_to("carol");
    assert_eq!(desk.pipe(&["confirm", "carol"], &codes[0]).exit, 0);
    desk.say(&["user", "add", "dora"]);
    desk.issue("dora");
    desk.add("erin");
    desk.issue_to("frank");
    desk.say(&["user", "disable", "frank"]);
    (desk, all)
}

fn recipients(server: &Server) -> Vec<String> {
    let received = server.received();
    received.iter().map(|letter| letter.to[0].clone()).collect()
}

fn to(user: &str) -> String {
    format!("RCPT TO:<{}>", address(user))
}

#[test]
fn who_never_confirmed_or_has_few_left_is_reminded_once_in_a_while() {
    let server = server(Fault::None);
    let (desk, codes) = desk(&server);
    let remind = ["email", "--reminder", "--yes"];
    assert_eq!(
        column(&desk.json(&["email", "--reminder", "--dry-run"]), "user"),
        ["alice", "bob"]
    );
    assert_eq!(recipients(&server), [""; 0]);
    let done = desk.say(&remind);
    assert!(done.err.contains("Reminded 2 users."), "{}", done.err);
    assert_eq!(recipients(&server), [to("alice"), to("bob")]);
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM audit WHERE action = 'user.reminded'"),
        "2"
    );
    let letters = server.received();
    for (letter, want) in letters.iter().zip([
        [
            "Do you still have your recovery codes",
            "Left:    10 on",
            "confirm one of its codes",
        ],
        [
            "2 recovery codes are left",
            "Left:    2 on",
            "Get new codes before you need the last",
        ],
    ]) {
        let text = letter.text.replace("=\r\n", "").replace("\r\n ", " ");
        for want in want {
            assert!(text.contains(want), "{want}: {text}");
        }
        assert_no_secret("the reminder", letter.text.as_bytes(), &codes);
        for code in &codes {
            assert!(!letter.text.contains(&code[..6]));
        }
    }

    desk.pass(89 * DAY);
    let again = desk.say(&remind);
    assert!(
        again.err.contains("Nobody needs a reminder now."),
        "{}",
        again.err
    );
    assert_eq!(desk.json(&remind)["reminded"], 0);
    desk.pass(2 * DAY);
    assert_eq!(
        desk.json(&remind),
        json!({"reminded": 2, "queued": 0, "left": 0, "failed": []})
    );
    assert_eq!(recipients(&server).len(), 4);
    desk.assert_sound();
}

#[test]
fn how_often_is_a_setting() {
    let server = server(Fault::None);
    let (desk, _) = desk(&server);
    let desk = desk.with("RECOVERY_CODES_MAIL_REMIND_EVERY", "7");
    let remind = ["email", "--reminder", "alice"];
    let one = desk.json(&remind);
    assert_eq!(
        (&one["user"], &one["email"]),
        (&json!("alice"), &json!("alice@example.org"))
    );
    desk.pass(6 * DAY);
    assert!(
        desk.refuses(&remind, 3, "wrong_state")
            .contains("mail.remind_every")
    );
    desk.pass(DAY);
    desk.say(&remind);
    assert_eq!(recipients(&server), [to("alice"), to("alice")]);
}

#[test]
fn who_needs_none_or_cannot_get_one_is_named() {
    let server = server(Fault::None);
    let (desk, _) = desk(&server);
    for (user, exit, kind) in [
        ("carol", 3, "wrong_state"),
        ("dora", 3, "no_email"),
        ("erin", 3, "no_session"),
        ("frank", 3, "user_disabled"),
        ("nobody", 3, "unknown_user"),
    ] {
        desk.refuses(&["email", "--reminder", user], exit, kind);
    }
    assert_eq!(desk.run(&["email"]).exit, 2);
    assert_eq!(desk.run(&["email", "alice", "--dry-run"]).exit, 2);
    assert_eq!(desk.run(&["email", "--reminder"]).exit, 3);
    let mute = desk.twin().with("RECOVERY_CODES_MAIL_BACKEND", "none");
    mute.refuses(&["email", "--reminder", "alice"], 4, "mail");
    mute.refuses(&["email", "--reminder", "--yes"], 4, "mail");
    assert_eq!(recipients(&server), [""; 0]);
}

#[test]
fn codes_that_no_longer_work_are_not_worth_a_reminder() {
    let server = server(Fault::None);
    let desk = Desk::new().with_mail(server.address.port());
    desk.add("alice");
    desk.issue_with("alice", &["--expires-in", "1d"]);
    desk.pass(2 * DAY);
    desk.refuses(&["email", "--reminder", "alice"], 3, "wrong_state");
    assert_eq!(desk.json(&["email", "--reminder", "--dry-run"])["total"], 0);
    // New codes that wait to be confirmed are the ones that count.
    desk.issue_with("alice", &["--pending"]);
    assert_eq!(
        column(&desk.json(&["email", "--reminder", "--dry-run"]), "user"),
        ["alice"]
    );
    desk.say(&["email", "--reminder", "alice"]);
}

#[test]
fn a_server_that_is_away_is_met_once_and_the_queue_keeps_the_rest() {
    let server = server(Fault::None);
    let (desk, _) = desk(&server);
    let away = desk.twin().with_mail(dead_port());
    let done = away.json(&["email", "--reminder", "--yes"]);
    assert_eq!(
        done,
        json!({"reminded": 2, "queued": 2, "left": 0, "failed": []})
    );
    // A queue that is full stops it; what was claimed for nobody can be claimed again.
    let full = desk
        .twin()
        .with_queue()
        .with("RECOVERY_CODES_TASK_QUEUE_LIMIT", "1");
    let stopped = full.run(&["email", "--reminder", "--yes"]);
    assert_eq!(stopped.exit, 4, "{}", stopped.err);
    assert!(stopped.err.contains("1 user left"), "{}", stopped.err);
    let full = full.with("RECOVERY_CODES_TASK_QUEUE_LIMIT", "9");
    assert_eq!(full.json(&["email", "--reminder", "--yes"])["reminded"], 1);
}

#[test]
fn of_many_at_once_one_reminds() {
    let server = server(Fault::None);
    let (desk, _) = desk(&server);
    let desk = desk.with_queue();
    let remind: &[&str] = &["email", "--reminder", "alice"];
    let ended = desk.race(&[(remind, ""); 6]);
    let done = ended.iter().filter(|ended| ended.exit == 0).count();
    assert_eq!(done, 1, "{ended:?}");
    assert_eq!(desk.query("SELECT COUNT(*) FROM letters"), "1");
}

#[test]
fn a_forged_address_gets_no_reminder() {
    let server = server(Fault::None);
    let (desk, _) = desk(&server);
    desk.tamper(
        "UPDATE users SET email = 'm@example.net', email_folded = 'm@example.net' WHERE name = 'alice'",
    );
    desk.refuses(&["email", "--reminder", "alice"], 4, "forged");
    let all = desk.run(&["email", "--reminder", "--yes", "--json"]);
    assert_eq!(all.exit, 4, "{}", all.err);
    let all = all.json();
    assert_eq!(
        (&all["reminded"], &all["failed"][0]["user"]),
        (&json!(1), &json!("alice"))
    );
    assert_eq!(recipients(&server), [to("bob")]);
}
