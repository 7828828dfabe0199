//! `generate --temporary`: the help desk's one code, beside a sheet that stays as it is.

use serde_json::{Value, json};

use crate::harness::asking::{column, hint};
use crate::harness::delivery::{assert_no_secret, server};
use crate::harness::smtp::Fault;
use crate::harness::{Desk, Ended};

const HOUR: i64 = 3600;
const WHY: [&str; 2] = ["--reason", "lost the sheet, called back"];

fn temporary(desk: &Desk, user: &str, more: &[&str]) -> String {
    let given = desk.say(&[&["generate", user, "--temporary"], &WHY[..], more].concat());
    given.lines()[0].clone()
}

fn verify(desk: &Desk, user: &str, code: &str) -> Ended {
    desk.pipe(&["verify", user, "--json"], code)
}

fn accepted(desk: &Desk, user: &str, code: &str) -> Value {
    let ended = verify(desk, user, code);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    ended.json()
}

#[test]
fn it_works_once_and_the_sheet_stays_as_it_is() {
    let desk = Desk::new();
    let sheet = desk.issue_with("alice", &["--count", "5"]);
    let before = desk.active_batch("alice");
    let given = desk.say(&[&["generate", "alice", "--temporary"], &WHY[..]].concat());
    let code = given.lines()[0].clone();
    assert_eq!(given.lines().len(), 1);
    assert!(
        given.err.contains("until 2026-09-21 18:13 UTC"),
        "{}",
        given.err
    );
    assert!(
        given.err.contains("The sheet stays as it is."),
        "{}",
        given.err
    );
    let ends = format!(
        "`recovery-codes code invalidate alice {}` ends it",
        hint(&code)
    );
    assert!(given.err.contains(&ends), "{}", given.err);

    let shown = desk.json(&["user", "show", "alice"]);
    assert_eq!(
        (&shown["remaining"], &shown["low"]),
        (&json!(5), &json!(false))
    );
    assert_eq!(shown["active_batch"]["batch"], before);
    let beside = &shown["temporary_batch"];
    assert_eq!(
        (
            &beside["temporary"],
            &beside["remaining"],
            &beside["alphabet"]
        ),
        (&json!(true), &json!(1), &json!("typeable"))
    );
    let said = desk.say(&["user", "show", "alice"]);
    assert!(said.out.contains("Temporary code\n"), "{}", said.out);
    assert!(
        said.err
            .contains("has a temporary code until 2026-09-21 18:13 UTC, given by tester."),
        "{}",
        said.err
    );
    assert_eq!(desk.json(&["status"])["codes"]["temporary"], 1);
    let listed = desk.json(&["batch", "list", "alice"]);
    assert_eq!(column(&listed, "temporary"), ["true", "false"]);
    assert_eq!(desk.json(&["code", "list", "alice"])["total"], 6);
    assert_eq!(desk.json(&["history", "alice"])["total"], 2);

    let yes = accepted(&desk, "alice", &code);
    assert_eq!(
        yes,
        json!({"accepted": true, "user": "alice", "remaining": 5, "low": false, "temporary": true})
    );
    assert_eq!(verify(&desk, "alice", &code).exit, 1);
    assert_eq!(desk.json(&["status"])["codes"]["temporary"], 0);
    let yes = accepted(&desk, "alice", &sheet[0]);
    assert_eq!(
        (&yes["remaining"], &yes["temporary"]),
        (&json!(4), &json!(false))
    );
    desk.assert_sound();
}

#[test]
fn the_reason_is_recorded_and_there_is_none_without() {
    let desk = Desk::new();
    desk.issue("alice");
    let why = desk.refuses(&["generate", "alice", "--temporary"], 2, "usage");
    assert!(why.contains("--reason"), "{why}");
    desk.refuses(
        &["generate", "alice", "--temporary", "--reason", "  "],
        2,
        "usage",
    );
    temporary(&desk, "alice", &[]);
    let deed = desk.audit().swap_remove(0);
    assert_eq!(
        (&deed["action"], &deed["reason"], &deed["details"]),
        (
            &json!("batch.generated"),
            &json!(WHY[1]),
            &json!("1 code, typeable, expire 2026-09-21T18:13:20Z, temporary"),
        )
    );
}

#[test]
fn it_is_spelt_for_the_telephone() {
    let desk = Desk::new();
    desk.issue("alice");
    let given = desk.say(&[&["generate", "alice", "--temporary", "--spell"], &WHY[..]].concat());
    let lines = given.lines();
    let groups: Vec<&str> = lines[0].split('-').collect();
    assert_eq!((groups.len(), lines.len()), (7, 8));
    for (group, said) in groups.iter().zip(&lines[1..]) {
        let words: Vec<&str> = said.split(", ").collect();
        assert_eq!(words.len(), 6, "{said}");
        for (character, word) in group.chars().zip(words) {
            if character.is_ascii_digit() {
                assert!(word.chars().all(char::is_lowercase), "{word}");
            } else {
                let (letter, as_in) = word.split_once(" as in ").unwrap();
                assert_eq!(letter, character.to_string());
                assert!(as_in.starts_with(character), "{word}");
            }
        }
    }
    let other = Desk::new();
    other.issue("alice");
    let document =
        other.json(&[&["generate", "alice", "--temporary", "--spell"], &WHY[..]].concat());
    assert_eq!(document["spelled"].as_array().unwrap().len(), 7);
    assert_eq!(document["codes"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&document["temporary"], &document["user"]),
        (&json!(true), &json!("alice"))
    );
    assert_eq!(document["expires_at"], "2026-09-21T18:13:20Z");
}

#[test]
fn it_ends_by_the_next_one_by_its_time_and_by_hand() {
    let desk = Desk::new();
    let sheet = desk.issue("alice");
    let first = temporary(&desk, "alice", &[]);
    desk.pass(HOUR);
    let given = desk.say(&[&["generate", "alice", "--temporary"], &WHY[..]].concat());
    assert!(
        given.err.contains("from before no longer works"),
        "{}",
        given.err
    );
    let second = given.lines()[0].clone();
    assert_eq!(verify(&desk, "alice", &first).exit, 1);
    desk.say(&["code", "invalidate", "alice", hint(&second)]);
    assert_eq!(verify(&desk, "alice", &second).exit, 1);

    desk.pass(HOUR);
    let third = temporary(&desk, "alice", &["--expires-in", "1h"]);
    desk.pass(HOUR);
    assert_eq!(verify(&desk, "alice", &third).exit, 1);
    assert_eq!(desk.json(&["status"])["codes"]["temporary"], 0);
    let fourth = temporary(&desk, "alice", &["--expires-in", "1d"]);
    desk.pass(24 * HOUR - 1);
    accepted(&desk, "alice", &fourth);
    accepted(&desk, "alice", &sheet[0]);
    desk.pass(HOUR);
    for span in ["25h", "2d", "1y"] {
        let args = ["generate", "alice", "--temporary", "--expires-in", span];
        let why = desk.refuses(&[&args, &WHY[..]].concat(), 2, "usage");
        assert!(why.contains("24 hours at most"), "{why}");
    }
    desk.assert_sound();
}

#[test]
fn a_new_sheet_leaves_it_and_it_leaves_a_pending_one() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    desk.pass(HOUR);
    let pending = desk.issue_with("alice", &["--pending"]);
    desk.pass(HOUR);
    let code = temporary(&desk, "alice", &[]);
    let shown = desk.json(&["user", "show", "alice"]);
    assert!(shown["pending_batch"].is_object() && shown["active_batch"].is_object());
    assert_eq!(desk.pipe(&["confirm", "alice"], &pending[0]).exit, 0);
    assert_eq!(verify(&desk, "alice", &old[0]).exit, 1);
    desk.pass(HOUR);
    let new = desk.issue("alice");
    assert_eq!(verify(&desk, "alice", &pending[0]).exit, 1);
    let yes = accepted(&desk, "alice", &code);
    assert_eq!(yes["remaining"], 10);
    accepted(&desk, "alice", &new[0]);
    desk.assert_sound();
}

#[test]
fn it_is_no_sheet() {
    let desk = Desk::new().with_runtime();
    desk.say(&["user", "add", "alice"]);
    let code = temporary(&desk, "alice", &[]);
    assert_eq!(
        desk.json(&["user", "show", "alice"])["generate_limiter"]["failures"],
        0
    );
    // Nobody has codes by it, nothing can be exported of it, and it is no few codes.
    let document = desk.json(&["user", "list", "--codes", "none"]);
    assert_eq!(column(&document, "user"), ["alice"]);
    assert_eq!(desk.run(&["export", "alice", "--output", "-"]).exit, 3);
    assert_eq!(desk.json(&["user", "list", "--codes", "low"])["total"], 0);
    assert_eq!(desk.json(&["user", "show", "alice"])["remaining"], 0);
    let yes = accepted(&desk, "alice", &code);
    assert_eq!((&yes["remaining"], &yes["low"]), (&json!(0), &json!(true)));
    desk.pass(HOUR);
    let would = desk.json(&["generate", "--all-without-codes", "--dry-run"]);
    assert_eq!(column(&would, "user"), ["alice"]);
}

#[test]
fn what_is_for_sheets_is_refused_with_it() {
    let desk = Desk::new();
    desk.issue("alice");
    for more in [
        &["--count", "2"][..],
        &["--alphabet", "full"],
        &["--pending"],
        &["--save", "x.txt"],
        &["--email"],
        &["--print"],
        &["--create-user"],
        &["--format", "pdf"],
    ] {
        let args = [&["generate", "alice", "--temporary"], &WHY[..], more].concat();
        assert_eq!(desk.run(&args).exit, 2, "{more:?}");
    }
    assert_eq!(desk.run(&["generate", "--all-low", "--temporary"]).exit, 2);
    assert_eq!(desk.run(&["generate", "alice", "--spell"]).exit, 2);
    let nobody = [&["generate", "nobody", "--temporary"], &WHY[..]].concat();
    desk.refuses(&nobody, 3, "unknown_user");
    desk.say(&["user", "disable", "alice"]);
    let disabled = [&["generate", "alice", "--temporary"], &WHY[..]].concat();
    desk.refuses(&disabled, 3, "user_disabled");
}

#[test]
fn the_user_hears_of_it_and_not_of_the_code() {
    let server = server(Fault::None);
    let desk = Desk::new()
        .with_mail(server.address.port())
        .with_notices("generated,used");
    desk.issue_to("alice");
    desk.pass(HOUR);
    let code = temporary(&desk, "alice", &[]);
    accepted(&desk, "alice", &code);
    let received = server.received();
    let subject = "Subject: A temporary recovery code was made for";
    let letter = &received[1];
    assert!(letter.text.contains(subject), "{}", letter.text);
    assert!(
        letter.text.contains("2026-09-21 19:13 UTC"),
        "{}",
        letter.text
    );
    assert_no_secret(
        "the notice",
        letter.text.as_bytes(),
        std::slice::from_ref(&code),
    );
    assert!(!letter.text.contains(hint(&code)) && !letter.text.contains(WHY[1]));
    assert!(
        received[2].text.contains("Left:    10"),
        "{}",
        received[2].text
    );
    assert_eq!(received.len(), 3);
}

#[test]
fn of_many_at_once_one_is_let_in_and_one_code_is_left() {
    let desk = Desk::new().with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100");
    let login: &[&str] = &["verify", "alice"];
    // Processes read the real clock, so all is done by processes.
    let made = desk.spawn(&["generate", "alice", "--create-user"], "");
    assert_eq!(made.exit, 0, "{}", made.err);
    let args = [&["generate", "alice", "--temporary"], &WHY[..]].concat();
    let code = desk.spawn(&args, "").lines()[0].clone();
    let ended = desk.race(&[(login, code.as_str()); 8]);
    assert_eq!(ended.iter().filter(|ended| ended.exit == 0).count(), 1);
    let given = desk.race(&[(args.as_slice(), ""); 4]);
    assert!(given.iter().all(|ended| ended.exit == 0), "{given:?}");
    let open = "SELECT COUNT(*) FROM batches WHERE state = 'active' AND is_temporary = 1";
    assert_eq!(desk.query(open), "1");
    assert_eq!(desk.spawn(&["check", "--deep"], "").exit, 0);
}

#[test]
fn whoever_writes_to_the_store_makes_no_sheet_of_it_and_it_of_no_sheet() {
    for (has_sheet, how) in [
        (false, "is_temporary = 0"),
        (
            false,
            "is_temporary = 0, expires_at = NULL, dead_from = NULL",
        ),
        (false, "expires_at = expires_at + 900000000"),
        (true, "is_temporary = 1"),
    ] {
        let desk = Desk::new();
        desk.say(&["user", "add", "alice"]);
        let code = match has_sheet {
            true => desk.issue("alice").swap_remove(0),
            false => temporary(&desk, "alice", &[]),
        };
        desk.tamper(&format!("UPDATE batches SET {how}"));
        assert_eq!(verify(&desk, "alice", &code).exit, 1, "{how}");
        let tried = desk.json(&["log", "verify-attempts"]);
        assert_eq!(column(&tried, "outcome"), ["forged"], "{how}");
        assert_eq!(desk.run(&["check", "--deep"]).exit, 1, "{how}");
    }
}

#[test]
fn a_restore_ends_it_as_everything_else() {
    let desk = Desk::new();
    desk.issue("alice");
    let code = temporary(&desk, "alice", &[]);
    let file = desk.home().join("backup.db");
    let file = file.to_str().unwrap();
    desk.say(&["backup", file]);
    desk.say(&["restore", file, "--yes"]);
    assert_eq!(verify(&desk, "alice", &code).exit, 1);
    assert_eq!(desk.json(&["status"])["codes"]["temporary"], 0);
}
