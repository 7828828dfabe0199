//! Attempts that say from where they come: nobody is locked out by others, and what strangers can make
//! the store grow is bounded.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::column;

const WRONG: &str = "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF";

fn try_from(desk: &Desk, from: &str, code: &str) -> u8 {
    desk.pipe(&["verify", "alice", "--from", from], code).exit
}

fn one_source_keeps_nobody_out(attempts: usize) {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let mut locked = 0;
    for _ in 0..attempts {
        let exit = try_from(&desk, "198.51.100.1", WRONG);
        locked += usize::from(exit == 5);
        desk.pass(3601);
    }
    assert_eq!(locked, attempts - 100);
    assert_eq!(try_from(&desk, "198.51.100.1", &codes[0]), 5);
    assert_eq!(try_from(&desk, "203.0.113.5", &codes[0]), 0);
    // And where nobody says from where.
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[1]).exit, 0);
    assert_eq!(
        desk.pipe(&["confirm", "alice", "--from", "pts/1"], &codes[2])
            .exit,
        0
    );
    let shown = desk.json(&["limit", "show", "alice"]);
    assert_eq!(shown["verify"]["failures"], 0);
    let source = &shown["sources"][0];
    assert_eq!(
        (&source["from"], &source["failures"], &source["locked"]),
        (&json!("198.51.100.1"), &json!(100), &json!(true))
    );
    let list = desk.json(&["limit", "list"]);
    assert_eq!(column(&list, "from"), ["198.51.100.1"]);
    desk.say(&["limit", "reset", "alice"]);
    assert_eq!(try_from(&desk, "198.51.100.1", &codes[3]), 0);
    desk.assert_sound();
}

#[test]
fn who_tries_from_one_source_keeps_nobody_else_out() {
    one_source_keeps_nobody_out(150);
}

#[test]
#[ignore = "takes a minute; .ci/run starts it"]
fn ten_thousand_wrong_codes_from_one_source_keep_nobody_else_out() {
    one_source_keeps_nobody_out(10_000);
}

#[test]
fn addresses_of_one_subscriber_are_counted_together() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    for number in 1..=5 {
        assert_eq!(
            try_from(&desk, &format!("2001:db8:1:2::{number}"), WRONG),
            1
        );
    }
    assert_eq!(try_from(&desk, "2001:db8:1:2:ffff::1", &codes[0]), 5);
    assert_eq!(try_from(&desk, "2001:db8:1:3::1", &codes[0]), 0);
    for _ in 0..5 {
        assert_eq!(try_from(&desk, "192.0.2.1", WRONG), 1);
    }
    assert_eq!(try_from(&desk, "::ffff:192.0.2.1", &codes[1]), 5);
    // Names nobody has are told apart in the same way, so nothing gives them away.
    for _ in 0..5 {
        assert_eq!(
            desk.pipe(&["verify", "nobody", "--from", "192.0.2.1"], WRONG)
                .exit,
            1
        );
    }
    assert_eq!(
        desk.pipe(&["verify", "nobody", "--from", "192.0.2.1"], WRONG)
            .exit,
        5
    );
    assert_eq!(
        desk.pipe(&["verify", "nobody", "--from", "192.0.2.2"], WRONG)
            .exit,
        1
    );
}

#[test]
fn a_far_larger_number_may_limit_the_user_as_a_whole() {
    let desk = Desk::new().with("RECOVERY_CODES_LIMITER_USER_MAX", "8");
    let codes = desk.issue("alice");
    for number in 0..7 {
        assert_eq!(try_from(&desk, &format!("192.0.2.{number}"), WRONG), 1);
    }
    // A success begins anew.
    assert_eq!(try_from(&desk, "192.0.2.9", &codes[0]), 0);
    for number in 0..8 {
        assert_eq!(try_from(&desk, &format!("192.0.3.{number}"), WRONG), 1);
    }
    let said = desk.pipe(
        &["verify", "alice", "--from", "192.0.2.9", "--json"],
        &codes[1],
    );
    assert_eq!((said.exit, &said.json()["locked"]), (5, &json!(true)));
    let entry = &desk.json(&["log", "audit"])["items"][0];
    assert_eq!(entry["action"], "limiter.locked");
    assert_eq!(
        entry["details"],
        "8 attempts without success; from 192.0.3.7"
    );
    let list = desk.json(&["limit", "list"]);
    assert!(column(&list, "from").contains(&"all sources".to_owned()));
    desk.say(&["limit", "reset", "alice"]);
    assert_eq!(try_from(&desk, "192.0.2.9", &codes[1]), 0);
}

/// Who has to wait is not checked, and keeps nobody else out by insisting.
#[test]
fn attempts_during_a_wait_do_not_count_for_the_user_as_a_whole() {
    let desk = Desk::new().with("RECOVERY_CODES_LIMITER_USER_MAX", "8");
    let codes = desk.issue("alice");
    for _ in 0..5 {
        assert_eq!(try_from(&desk, "192.0.2.1", WRONG), 1);
    }
    for _ in 0..20 {
        assert_eq!(try_from(&desk, "192.0.2.1", WRONG), 5);
    }
    assert_eq!(try_from(&desk, "192.0.2.2", &codes[0]), 0);
    // A success that does not say from where begins anew as well.
    for number in 0..7 {
        assert_eq!(try_from(&desk, &format!("192.0.3.{number}"), WRONG), 1);
    }
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[1]).exit, 0);
    for number in 0..7 {
        assert_eq!(try_from(&desk, &format!("192.0.4.{number}"), WRONG), 1);
    }
    assert_eq!(try_from(&desk, "192.0.2.9", &codes[2]), 0);
}

#[test]
fn the_logs_keep_from_where_and_why() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let verify = |user: &str, code: &str| {
        let words = [
            "verify",
            user,
            "--from",
            "host.example.org",
            "--reason",
            "sshd",
        ];
        desk.pipe(&words, code).exit
    };
    assert_eq!(verify("alice", WRONG), 1);
    assert_eq!(verify("nobody", WRONG), 1);
    assert_eq!(verify("alice", &codes[0]), 0);
    let log = desk.json(&["log", "verify-attempts"]);
    assert_eq!(column(&log, "from"), ["host.example.org"; 3]);
    assert_eq!(column(&log, "reason"), ["sshd"; 3]);
    let entry = &desk.json(&["log", "audit"])["items"][0];
    assert_eq!(entry["details"], "9 left; from host.example.org");
    assert_eq!(entry["reason"], "sshd");
}

#[test]
fn a_source_that_is_none_is_refused() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    for from in ["", " ", "a\u{200b}b", &"x".repeat(129)] {
        for word in ["verify", "confirm"] {
            let ended = desk.pipe(&[word, "alice", "--from", from], &codes[0]);
            assert_eq!(ended.exit, 2, "{from}: {}", ended.err);
        }
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "0");
}

#[test]
fn who_is_tried_from_many_sources_gets_one_letter() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_NOTIFY", "locked");
    desk.say(&["user", "add", "alice", "--email", "a@example.org"]);
    desk.issue("alice");
    for number in 0..4 {
        for _ in 0..5 {
            try_from(&desk, &format!("192.0.2.{number}"), WRONG);
        }
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM tasks"), "1");
}

#[test]
fn what_strangers_can_make_the_store_grow_is_bounded() {
    let desk = Desk::new().with("RECOVERY_CODES_LIMITER_UNKNOWN_KEPT", "3");
    desk.issue("alice");
    for number in 0..100 {
        assert_eq!(
            desk.pipe(&["verify", &format!("name{number}")], WRONG).exit,
            1
        );
        desk.pass(1);
    }
    let log = desk.json(&["log", "verify-attempts"]);
    assert_eq!(log["total"], 4);
    let newest = &log["items"][0];
    assert_eq!(
        (&newest["times"], &newest["user"], &newest["outcome"]),
        (&json!(97), &json!(null), &json!("unknown_user"))
    );
    assert_eq!(column(&log, "user")[1..], ["name2", "name1", "name0"]);
    // A day's worth of names is remembered, those that were tried last.
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM limiters WHERE user_id IS NULL"),
        "72"
    );
    for _ in 0..4 {
        assert_eq!(desk.pipe(&["verify", "name99"], WRONG).exit, 1);
    }
    assert_eq!(desk.pipe(&["verify", "name99"], WRONG).exit, 5);
    // What is refused unchecked costs nothing either.
    for _ in 0..20 {
        desk.pipe(&["verify", "alice"], WRONG);
    }
    let limited = desk.json(&["log", "verify-attempts", "--action", "limited"]);
    assert_eq!(
        (&limited["total"], &limited["items"][0]["times"]),
        (&json!(4), &json!(13))
    );
    let wrong = desk.json(&["log", "verify-attempts", "--action", "wrong"]);
    assert_eq!(wrong["total"], 5);
    // The next hour begins anew.
    desk.pass(3600);
    desk.pipe(&["verify", "name"], WRONG);
    let log = desk.json(&["log", "verify-attempts"]);
    assert_eq!(
        (&log["items"][0]["user"], &log["items"][0]["times"]),
        (&json!("name"), &json!(1))
    );
    assert_eq!(desk.query("SELECT COUNT(*) FROM strangers"), "2");
    desk.assert_sound();
}

#[test]
fn sources_of_one_user_are_bounded() {
    let desk = Desk::new();
    desk.issue("alice");
    try_from(&desk, "192.0.2.1", WRONG);
    desk.tamper(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1050)
         INSERT INTO limiters (subject, action, user_id, failures, penalty, last_attempt, source)
             SELECT 'from:1:' || i, 'verify', 1, 1, 0, i, 'x' || i FROM n",
    );
    try_from(&desk, "192.0.2.2", WRONG);
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM limiters WHERE source IS NOT NULL"),
        "1000"
    );
    let kept = "SELECT COUNT(*) FROM limiters WHERE source LIKE '192%'";
    assert_eq!(desk.query(kept), "2");
}

/// A source is counted under any key, and under whatever it is called.
#[test]
fn a_wait_by_source_outlives_a_rotation_of_the_key() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    for _ in 0..5 {
        assert_eq!(try_from(&desk, "all sources", WRONG), 1);
    }
    desk.say(&["key", "rotate"]);
    assert_eq!(try_from(&desk, "all sources", &codes[0]), 5);
    assert_eq!(try_from(&desk, "192.0.2.1", &codes[0]), 0);
    let shown = desk.json(&["limit", "show", "alice"]);
    assert_eq!(shown["sources"].as_array().unwrap().len(), 1);
}
