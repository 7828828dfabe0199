//! What is mistyped is told before it counts, by the typed text alone.

use recovery_codes::secret::code::TypedCode;
use serde_json::json;

use crate::harness::Desk;

/// Codes with check characters.
fn checked(desk: &Desk) -> Vec<String> {
    let codes = desk.issue_with("alice", &["--alphabet", "typeable"]);
    assert!(codes.iter().all(|code| code.len() == 48), "{codes:?}");
    codes
}

/// The code with another character at this place.
fn other(code: &str, place: usize) -> String {
    let another = if &code[place..=place] == "7" {
        "9"
    } else {
        "7"
    };
    format!("{}{another}{}", &code[..place], &code[place + 1..])
}

fn why(text: &str) -> String {
    TypedCode::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_mistyped_group_is_named_and_no_attempt() {
    let desk = Desk::new();
    let code = &checked(&desk)[0];
    let groups: Vec<&str> = code.split('-').collect();
    let exchanged = [
        groups[0], groups[3], groups[2], groups[1], groups[4], groups[5], groups[6],
    ];
    let both = other(&other(code, 0), 47);
    for (typed, message) in [
        (other(code, 0), "the first group is mistyped"),
        (other(code, 15), "the third group is mistyped"),
        (
            other(code, 15).replace('-', ""),
            "the third group is mistyped",
        ),
        (
            other(code, 47).to_lowercase(),
            "the seventh group is mistyped",
        ),
        (
            format!("[ ]   3  {}", other(code, 22)),
            "the fourth group is mistyped",
        ),
        (
            format!("{}u{}", &code[..8], &code[9..]),
            "the second group is mistyped",
        ),
        (both, "the first and seventh groups are mistyped"),
        (
            exchanged.join("-"),
            "the second and fourth groups are mistyped",
        ),
    ] {
        let said = desk.pipe(&["verify", "alice"], &typed);
        assert_eq!((said.exit, said.out.as_str()), (1, ""));
        let hint = "compare it with the sheet and type it again; this did not count as an attempt";
        assert_eq!(said.err, format!("error: {message}\nhint: {hint}\n"));
        for (word, user) in [
            ("verify", "alice"),
            ("confirm", "alice"),
            ("verify", "nobody"),
        ] {
            let said = desk.pipe(&[word, user, "--json"], &typed);
            let yes = if word == "verify" {
                "accepted"
            } else {
                "confirmed"
            };
            assert_eq!((said.exit, said.json()), (1, json!({yes: false})));
            assert_eq!(said.error()["kind"], "malformed_code");
            assert_eq!(said.error()["message"], message);
        }
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "0");
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM limiters WHERE action = 'verify'"),
        "0"
    );
    assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
}

#[test]
fn each_slip_of_one_finger_is_found_and_each_two_that_changed_places() {
    let desk = Desk::new();
    for code in checked(&desk).iter().take(3) {
        for place in (0..48).filter(|place| &code[*place..=*place] != "-") {
            let message = why(&other(code, place));
            assert!(message.ends_with(" group is mistyped"), "{message}");
            let Some(next) = code[place + 1..].chars().next().filter(|c| *c != '-') else {
                continue;
            };
            let this = &code[place..=place];
            let swapped = format!("{}{next}{this}{}", &code[..place], &code[place + 2..]);
            match swapped == *code {
                true => assert!(TypedCode::parse(swapped.as_bytes()).is_ok()),
                false => assert!(why(&swapped).ends_with(" group is mistyped"), "{swapped}"),
            }
        }
    }
}

#[test]
fn a_group_of_another_length_is_named() {
    let desk = Desk::new();
    let typeable = checked(&desk)[0].clone();
    let full = desk.issue("bob")[0].clone();
    for (typed, message) in [
        (
            format!("{}{}", &typeable[..8], &typeable[9..]),
            "it has 41 letters and digits, not 36 or 42; the second group has 5, not 6",
        ),
        (
            format!("{}77{}", &typeable[..47], &typeable[47..]),
            "it has more than 42 letters and digits; the seventh group has 8, not 6",
        ),
        (
            format!("{}{}", &full[..22], &full[23..]),
            "it has 35 letters and digits, not 36 or 42; the fourth group has 5, not 6",
        ),
    ] {
        assert_eq!(why(&typed), format!("this cannot be a code: {message}"));
    }
    // What stands beside a code is no group of it.
    for line in [
        format!("1,{},{typeable}", &typeable[..6]),
        format!("Code: {full}"),
        format!("3 {full}"),
    ] {
        assert!(TypedCode::parse(line.as_bytes()).is_ok(), "{line}");
    }
}

#[test]
fn codes_of_earlier_builds_go_on_working_and_are_guesses_when_mistyped() {
    let desk = Desk::older();
    let codes = Desk::older_codes("bob");
    assert_eq!(codes[0].len(), 41);
    let count = || desk.query("SELECT COUNT(*) FROM attempts WHERE outcome = 'wrong'");
    let before: u64 = count().parse().unwrap();
    let mistyped = other(&codes[0], 40);
    let said = desk.pipe(&["verify", "bob"], mistyped);
    assert_eq!((said.exit, said.err.as_str()), (1, "Not accepted.\n"));
    assert_eq!(count(), (before + 1).to_string());
    let lower = codes[0].to_lowercase();
    assert_eq!(desk.pipe(&["verify", "bob"], lower).exit, 0);
    // The new ones stand beside them in the same store.
    let new = &checked(&desk)[0];
    assert_eq!(desk.pipe(&["verify", "bob"], new).exit, 1);
    assert_eq!(desk.pipe(&["verify", "alice"], new).exit, 0);
    assert_eq!(desk.run(&["check", "--deep"]).exit, 0);
}

#[test]
fn nothing_is_told_of_what_a_user_has() {
    let desk = Desk::new();
    let mistyped = other(&checked(&desk)[0], 20);
    desk.issue("bob");
    let said: Vec<_> = ["alice", "bob", "nobody"]
        .map(|user| {
            let said = desk.talk(&["verify", user], &[&mistyped, &mistyped, &mistyped]);
            (said.exit, said.err.replace(user, "USER"))
        })
        .into();
    assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "0");
}

#[test]
fn the_prompt_asks_again_and_says_which_group() {
    let desk = Desk::new();
    let codes = checked(&desk);
    let said = desk.talk(
        &["verify", "alice"],
        &[&other(&codes[0], 9), &codes[0][1..], &codes[0]],
    );
    assert_eq!(
        (said.exit, said.err.as_str()),
        (
            0,
            "Code for alice The second group is mistyped. Type it again.\n\
             Code for alice This cannot be a code: it has 41 letters and digits, not 36 or 42; \
             the first group has 5, not 6. Type it again.\n\
             Code for alice Accepted. 9 codes are left.\n"
        )
    );
    // Three times at the most, and not at all where nothing is typed.
    let wrong = other(&codes[1], 9);
    let said = desk.talk(&["confirm", "alice"], &[&wrong, &wrong, &wrong, &codes[1]]);
    assert_eq!(said.exit, 1);
    assert_eq!(said.err.matches("Code for alice").count(), 3);
    assert!(
        said.err.contains(" the second group is mistyped\n"),
        "{}",
        said.err
    );
    let said = desk.talk(&["confirm", "alice"], &["", &codes[1]]);
    assert!(said.err.contains("it is empty"), "{}", said.err);
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "1");
    assert_eq!(
        desk.talk(&["confirm", "alice"], &[&wrong, &codes[1]]).exit,
        0
    );
}

#[test]
fn a_group_that_was_left_out_is_told_before_it_counts() {
    let desk = Desk::new();
    let codes = checked(&desk);
    for (place, name) in [(0, "first"), (3, "fourth"), (6, "seventh")] {
        let mut groups: Vec<&str> = codes[0].split('-').collect();
        groups.remove(place);
        let typed = groups.join("-");
        let said = desk.talk(&["verify", "alice"], &[&typed, "", &codes[0]]);
        let expected = format!("Code for alice The {name} group is missing. Type it as ");
        assert!(said.err.starts_with(&expected), "{}", said.err);
        assert!(said.err.contains("it is empty"), "{}", said.err);
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "0");
    let last = &codes[0][..41];
    let said = desk.talk(&["verify", "alice"], &[last, last]);
    assert_eq!(said.exit, 1);
    let told = said.err.matches("The seventh group is missing.").count();
    assert_eq!(told, 2, "{}", said.err);
    // Piped, it is tried at once: it may be a code of an earlier build.
    let said = desk.pipe(&["verify", "alice"], last);
    assert_eq!((said.exit, said.err.as_str()), (1, "Not accepted.\n"));
}

/// In small letters, one of which is only in the alphabet `full`.
const SMALL: &str = "uuuuuu-bbbbbb-cccccc-dddddd-eeeeee-ffffff";
const CASE: &str =
    "Its letters are all capital or all small; in a code with both they are different.";

#[test]
fn who_forgets_the_capitals_is_reminded_before_it_counts() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let again = "Type it as it stands on the sheet; the same again is tried.";
    let said = desk.talk(&["verify", "alice"], &[SMALL, &codes[0]]);
    assert_eq!(
        said.err,
        format!("Code for alice {CASE} {again}\nCode for alice Accepted. 9 codes are left.\n")
    );
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "1");
    let said = desk.talk(&["verify", "alice"], &[SMALL, SMALL]);
    assert_eq!(
        (said.exit, said.err),
        (
            1,
            format!("Code for alice {CASE} {again}\nCode for alice Not accepted.\n{CASE}\n")
        )
    );
    // Piped, it is tried at once: it may be right.
    let said = desk.pipe(&["verify", "alice"], SMALL);
    assert_eq!((said.exit, said.err.as_str()), (1, "Not accepted.\n"));
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "3");
}

#[test]
fn what_may_be_of_either_alphabet_is_tried_and_the_capitals_told_afterwards() {
    let desk = Desk::new();
    desk.issue("alice");
    let either = SMALL.replace('u', "a");
    for user in ["alice", "nobody"] {
        let said = desk.talk(&["confirm", user], &[&either]);
        let expected = format!("Code for {user} Not accepted.\n{CASE}\n");
        assert_eq!((said.exit, said.err), (1, expected));
    }
    let mixed = format!("{}A", &either[..40]);
    let said = desk.talk(&["verify", "alice"], &[&mixed]);
    assert_eq!(said.err, "Code for alice Not accepted.\n");
}

#[test]
fn a_mistyped_code_is_never_written_down() {
    let desk = Desk::new();
    let codes = checked(&desk);
    let code = &codes[0];
    for typed in [other(code, 30), other(&other(code, 1), 8).replace('-', "")] {
        for args in [
            &["verify", &typed][..],
            &["verify", "alice", &typed],
            &["user", "add", &typed],
            &["code", "show", "alice", &typed],
        ] {
            let said = desk.run(args);
            assert_eq!(said.exit, 2, "{args:?}: {}", said.err);
            assert!(!said.err.contains(&typed[9..]), "{}", said.err);
            assert!(
                said.err.contains("a code was given as an argument"),
                "{}",
                said.err
            );
        }
    }
    // Nor are two at once.
    let two = desk.run(&["verify", &format!("{code} {}", codes[1])]);
    assert_eq!(two.exit, 2, "{}", two.err);
    assert!(!two.err.contains(&code[9..]), "{}", two.err);
    // Other words of 42 characters are names as before.
    desk.say(&["user", "add", &format!("0x{}", "3f5CE5FBFe".repeat(4))]);
}
