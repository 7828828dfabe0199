//! What goes through the door, line by line.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::door::Connection;

fn verify(user: &str, code: &str) -> Value {
    json!({"word": "verify", "user": user, "code": code})
}

#[test]
fn many_questions_are_answered_in_their_order_on_one_connection() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let door = desk.serve();
    let mut connection = door.connect();
    let all: String = codes
        .iter()
        .map(|code| format!("{}\n", verify("alice", code)))
        .collect();
    connection.send(all);
    for left in (0..10).rev() {
        let answer = connection.answer();
        let yes = json!({
            "exit": 0, "accepted": true, "user": "alice", "remaining": left, "low": left <= 3,
            "temporary": false,
        });
        assert_eq!(answer, yes);
    }
    let no = connection.ask(&verify("nobody", &codes[0]));
    assert_eq!(no, json!({"exit": 1, "accepted": false}));
    // With JSON's escapes, a source and a reason.
    let code = &desk.issue("bob")[0];
    let escaped: String = code
        .chars()
        .map(|c| format!("\\u{:04x}", c as u32))
        .collect();
    connection.send(format!(
        "{{\"word\":\"verify\",\"user\":\"bob\",\"code\":\"{escaped}\",\"from\":\"::1\",\"reason\":\"web login\"}}\n"
    ));
    assert_eq!(connection.answer()["accepted"], true);
    let attempt = &desk.json(&["log", "verify-attempts", "--user", "bob"])["items"][0];
    assert_eq!(
        (&attempt["from"], &attempt["reason"]),
        (&json!("::1"), &json!("web login"))
    );
    door.close();
    desk.assert_sound();
}

#[test]
fn what_is_no_question_is_refused_and_the_next_is_answered() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let door = desk.serve();
    let mut connection = door.connect();
    let code = &codes[0];
    for line in [
        String::new(),
        "verify alice".to_owned(),
        json!(["verify", "alice", code, null, null]).to_string(),
        "{}".to_owned(),
        json!({"word": "verify", "user": "alice"}).to_string(),
        json!({"word": "generate", "user": "alice", "code": code}).to_string(),
        json!({"word": "verify", "user": "alice", "code": code, "yes": true}).to_string(),
        json!({"word": "verify", "user": ["alice"], "code": code}).to_string(),
        json!({"word": "verify", "user": "", "code": code}).to_string(),
        json!({"word": "verify", "user": code, "code": code}).to_string(),
        json!({"word": "verify", "user": "alice", "code": code, "from": ""}).to_string(),
        json!({"word": "verify", "user": "alice", "code": code, "reason": "\u{1b}[2J"}).to_string(),
        format!("{}{}", verify("alice", code), verify("alice", code)),
    ] {
        connection.send(format!("{line}\n"));
        let answer = connection.answer();
        assert_eq!(answer["exit"], 2, "{line}: {answer}");
        assert_eq!(answer["accepted"], Value::Null);
        assert!(!answer.to_string().contains(code.as_str()), "{answer}");
    }
    let malformed = connection.ask(&verify("alice", "torn"));
    assert_eq!(
        (&malformed["exit"], &malformed["accepted"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(malformed["error"]["kind"], "malformed_code");
    assert_eq!(connection.ask(&verify("alice", code))["accepted"], true);
    // Too long: answered, and the end.
    connection.send("x".repeat(8193));
    assert_eq!(connection.answer()["exit"], 2);
    assert_eq!(connection.answer(), Value::Null);
    // Cut off: not answered, and not tried.
    let mut cut = door.connect();
    cut.send(verify("alice", &codes[1]).to_string());
    drop(cut);
    door.close();
    assert_eq!(desk.json(&["user", "show", "alice"])["remaining"], 9);
    desk.assert_sound();
}

#[test]
fn one_account_does_not_take_all_connections() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let door = desk.serve();
    let mut all: Vec<Connection> = (0..64).map(|_| door.connect()).collect();
    // All of them are heard before the next comes.
    for connection in &mut all {
        connection.send("?\n");
        assert_eq!(connection.answer()["exit"], 2);
    }
    let refused = door.connect().answer();
    assert_eq!(
        (&refused["exit"], &refused["error"]["kind"]),
        (&json!(4), &json!("busy"))
    );
    assert_eq!(all[63].ask(&verify("alice", &codes[0]))["exit"], 0);
    assert_eq!(door.close().exit, 0);
    let desk = Desk::new().allowing("user=daemon words=verify");
    desk.issue("alice");
    let door = desk.serve();
    // Whom no rule names is told so, as often as they ask.
    for _ in 0..40 {
        let refused = door.connect().ask(&verify("alice", "?"));
        assert_eq!(
            (&refused["exit"], &refused["error"]["kind"]),
            (&json!(3), &json!("not_allowed"))
        );
    }
    assert_eq!(door.close().exit, 0);
}

/// Lines that are almost questions.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let field = prop_oneof![
        Just("word"),
        Just("user"),
        Just("code"),
        Just("from"),
        Just("reason"),
        Just("exit")
    ];
    let value = prop_oneof![
        Just("\"verify\"".to_owned()),
        Just("\"confirm\"".to_owned()),
        Just("\"alice\"".to_owned()),
        Just("\"CyVbYX-RHYryi-AAAAAA-BBBBBB-CCCCCC-DDDDDD\"".to_owned()),
        Just("null".to_owned()),
        Just("{\"a\":[1e999]}".to_owned()),
        "\"[ -~]{0,20}\"",
        any::<String>().prop_map(|text| json!(text).to_string()),
    ];
    let fields = proptest::collection::vec((field, value), 0..6);
    let object = fields.prop_map(|fields| {
        let fields: Vec<String> = fields
            .into_iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", fields.join(",")).into_bytes()
    });
    let bytes = proptest::collection::vec(any::<u8>(), 0..200);
    prop_oneof![3 => object, 1 => bytes].prop_map(|mut line| {
        line.retain(|byte| *byte != b'\n');
        line
    })
}

fn throw(cases: u32) {
    let desk = Desk::new()
        .open_to_us()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100");
    let codes = desk.issue("alice");
    let door = desk.serve();
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let connection = std::cell::RefCell::new(door.connect());
    let each = |line: Vec<u8>| {
        let mut connection = connection.borrow_mut();
        connection.send([&line[..], b"\n"].concat());
        let answer = connection.answer();
        let exit = answer["exit"].as_u64();
        prop_assert!(exit.is_some_and(|exit| exit != 0), "{:?}: {}", line, answer);
        prop_assert!(answer["accepted"] != true);
        Ok(())
    };
    runner.run(&lines(), each).unwrap();
    // Whatever was said before, a right code is right.
    desk.go_ahead();
    desk.say(&["limit", "reset", "alice"]);
    let answer = connection.borrow_mut().ask(&verify("alice", &codes[0]));
    assert_eq!(answer["exit"], 0, "{answer}");
    assert_eq!(door.close().exit, 0);
    desk.assert_sound();
}

#[test]
fn no_line_is_a_yes_by_chance_or_ends_the_door() {
    throw(300);
}

#[test]
#[ignore = "takes minutes; .ci/run starts it"]
fn nor_is_any_of_very_many() {
    throw(20_000);
}
