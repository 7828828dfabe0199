//! `verify`: each code works once, however it is written, and only where it belongs.

use serde_json::json;

use crate::harness::{Desk, Ended};

fn verify(desk: &Desk, code: impl AsRef<[u8]>) -> Ended {
    desk.pipe(&["verify", "alice"], code)
}

#[test]
fn a_code_is_accepted_once() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let first = verify(&desk, &codes[0]);
    assert_eq!(
        (first.exit, first.err.as_str()),
        (0, "Accepted. 9 codes are left.\n")
    );
    let second = verify(&desk, &codes[0]);
    assert_eq!((second.exit, second.err.as_str()), (1, "Not accepted.\n"));
    desk.assert_sound();
}

#[test]
fn programs_are_told_yes_or_no_in_json() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--count", "4"]);
    let answer = |code: &String| desk.pipe(&["verify", "alice", "--json"], code).json();
    for (code, remaining) in codes.iter().zip([3, 2, 1, 0]) {
        assert_eq!(
            answer(code),
            json!({"accepted": true, "user": "alice", "remaining": remaining, "low": true, "temporary": false})
        );
    }
    assert_eq!(answer(&codes[0]), json!({"accepted": false}));
}

#[test]
fn the_last_codes_are_announced() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--count", "2"]);
    assert_eq!(
        verify(&desk, &codes[0]).err,
        "Accepted. 1 code is left; issue new ones soon.\n"
    );
    assert_eq!(
        verify(&desk, &codes[1]).err,
        "Accepted. No code is left; issue new ones soon.\n"
    );
}

#[test]
fn a_code_is_read_however_it_is_written() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--count", "9"]);
    let writings: [fn(&str) -> String; 9] = [
        |code| format!("{code}\n"),
        |code| format!("  {code}\t\r\n"),
        // As PAM hands it over.
        |code| format!("{code}\0"),
        |code| code.replace('-', ""),
        |code| code.replace('-', " "),
        |code| code.replace('-', " \u{2013} "),
        |code| code.replace('-', "\u{2011}"),
        |code| code.replace('-', "\n"),
        |code| code.replace('-', "").replace("", "\u{a0}"),
    ];
    for (code, write) in codes.iter().zip(writings) {
        let written = write(code);
        let said = verify(&desk, &written);
        assert_eq!(said.exit, 0, "{written:?}: {}", said.err);
    }
}

#[test]
fn a_full_code_is_not_read_in_another_case() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let other = codes[0].to_lowercase();
    assert_eq!(verify(&desk, other).exit, 1);
    assert_eq!(verify(&desk, &codes[0]).exit, 0);
}

#[test]
fn a_typeable_code_is_read_in_any_case_and_with_look_alikes() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--alphabet", "typeable", "--count", "40"]);
    let look_alikes: [fn(&str) -> String; 4] = [
        |code| code.to_lowercase(),
        |code| code.replace('0', "O").replace('1', "I"),
        |code| code.replace('0', "o").replace('1', "l"),
        |code| code.replace('1', "L").to_lowercase(),
    ];
    for (number, code) in codes.iter().enumerate() {
        let written = look_alikes[number % 4](code);
        assert_eq!(verify(&desk, &written).exit, 0, "{written}");
    }
    let sheet = codes.concat();
    assert!(sheet.contains('0') && sheet.contains('1'));
}

#[test]
fn what_cannot_be_a_code_is_refused_with_a_hint_and_not_counted() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let megabyte = "A".repeat(1 << 20);
    let inputs: [(&[u8], &str); 7] = [
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (b"\0", "it is empty"),
        (megabyte.as_bytes(), "it is far too long"),
        (b"\xff\xfe\xfd", "it is not UTF-8 text"),
        (
            &codes[0].as_bytes()[1..],
            "it has 35 letters and digits, not 36 or 42; the first group has 5, not 6",
        ),
        (
            b"!!!!!!-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF",
            "it holds a character that no code has, in the first group",
        ),
    ];
    for (input, why) in inputs {
        let message = format!("this cannot be a code: {why}");
        let said = verify(&desk, input);
        assert_eq!((said.exit, said.out.as_str()), (1, ""));
        assert!(
            said.err
                .starts_with(&format!("error: {message}\nhint: a code has "))
        );
        let said = desk.pipe(&["verify", "alice", "--json"], input);
        assert_eq!((said.exit, said.json()), (1, json!({"accepted": false})));
        assert_eq!(said.error()["kind"], "malformed_code");
        assert_eq!(said.error()["message"], message);
        assert!(said.error()["hint"].is_string());
        let said = desk.pipe(&["confirm", "alice", "--json"], input);
        assert_eq!((said.exit, said.json()), (1, json!({"confirmed": false})));
        // Nor does it tell whether there is such a user.
        let said = desk.pipe(&["verify", "nobody"], input);
        assert_eq!(said.exit, 1);
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "0");
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM limiters WHERE action = 'verify'"),
        "0"
    );
    assert_eq!(verify(&desk, &codes[0]).exit, 0);
}

#[test]
fn the_real_program_reads_a_megabyte_and_bytes_that_are_no_text() {
    let desk = Desk::new();
    desk.issue("alice");
    for input in [vec![b'A'; 1 << 20], vec![0xff; 36], vec![0; 36], Vec::new()] {
        let said = desk.spawn(&["verify", "alice"], input);
        assert_eq!(said.exit, 1, "{}", said.err);
        assert!(said.err.contains("hint: "), "{}", said.err);
    }
}

#[test]
fn a_code_is_asked_for_at_the_prompt() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let said = desk.talk(&["verify", "alice"], &[&codes[0]]);
    assert_eq!(
        (said.exit, said.err.as_str()),
        (0, "Code for alice Accepted. 9 codes are left.\n")
    );
    assert_eq!(desk.talk(&["verify", "alice"], &[""]).exit, 1);
}

#[test]
fn a_code_among_the_arguments_is_refused_and_not_repeated() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let code = codes[0].as_str();
    let named = format!("--code={code}");
    let tight = code.replace('-', "");
    let commands: [&[&str]; 16] = [
        &["verify", "alice", code],
        &["verify", "alice", "--", code],
        &["verify", "alice", &tight],
        &["verify", "alice", "--code", code],
        &["verify", "alice", &named],
        &["verify", code],
        &["verify", code, "alice"],
        &["confirm", "alice", code],
        &["confirm", code],
        &["generate", code, "--create-user"],
        &["generate", "alice", code],
        &["user", "add", code],
        &["user", "edit", "alice", "--name", code],
        &["code", "invalidate", "alice", code],
        &["limit", "reset", "alice", code],
        &[code],
    ];
    for args in commands {
        for json in [&[] as &[&str], &["--json"]] {
            let args = [json, args].concat();
            let said = desk.pipe(&args, code);
            assert_eq!(said.exit, 2, "{args:?}: {}", said.err);
            for part in [&code[7..], &tight[6..]] {
                assert!(!said.err.contains(part), "{args:?}: {}", said.err);
                assert!(!said.out.contains(part), "{args:?}: {}", said.out);
            }
            assert!(said.err.contains("treat this one as seen"), "{}", said.err);
        }
    }
    // The one on standard input was not even looked at.
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "0");
    assert_eq!(desk.query("SELECT COUNT(*) FROM users"), "1");
}

#[test]
fn the_address_works_as_well_as_the_name_and_in_any_case() {
    let desk = Desk::new();
    desk.run(&["user", "add", "alice", "--email", "Alice@Example.org"]);
    let codes = desk.issue("alice");
    let names = [
        "alice",
        "Alice@Example.org",
        "alice@example.org",
        "ALICE@EXAMPLE.ORG",
    ];
    for (code, name) in codes.iter().zip(names) {
        let said = desk.pipe(&["verify", name, "--json"], code);
        assert_eq!((said.exit, &said.json()["user"]), (0, &json!("alice")));
    }
    // Names have a case.
    assert_eq!(desk.pipe(&["verify", "Alice"], &codes[9]).exit, 1);
}

#[test]
fn a_code_works_until_its_batch_expires() {
    let desk = Desk::new();
    let codes = desk.issue_with("alice", &["--expires-in", "12h"]);
    desk.pass(12 * 3600 - 1);
    assert_eq!(verify(&desk, &codes[0]).exit, 0);
    desk.pass(1);
    assert_eq!(verify(&desk, &codes[1]).exit, 1);
    desk.assert_sound();
}

#[test]
fn a_reactivated_code_works_again_but_a_used_one_never() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let change = |word| {
        desk.run(&["code", word, "alice", &codes[0][..6], "--yes"])
            .exit
    };
    assert_eq!(change("invalidate"), 0);
    assert_eq!(verify(&desk, &codes[0]).exit, 1);
    assert_eq!(change("reactivate"), 0);
    assert_eq!(verify(&desk, &codes[0]).exit, 0);
    assert_eq!(change("reactivate"), 3);
    assert_eq!(verify(&desk, &codes[0]).exit, 1);
    desk.assert_sound();
}

#[test]
fn a_user_who_is_enabled_again_has_the_codes_again() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    desk.run(&["user", "disable", "alice"]);
    assert_eq!(verify(&desk, &codes[0]).exit, 1);
    desk.run(&["user", "enable", "alice"]);
    assert_eq!(verify(&desk, &codes[0]).exit, 0);
}

#[test]
fn without_a_store_there_is_no_answer() {
    let desk = Desk::new();
    let said = verify(&desk, "x");
    assert_eq!(said.exit, 4);
    assert!(said.err.contains("recovery-codes init"), "{}", said.err);
    assert!(!desk.store().exists());
}
