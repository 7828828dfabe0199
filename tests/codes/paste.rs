//! A code is accepted the way people paste it: every line that holds one, of every sheet, letter and
//! document we make, whole.

use std::fs;

use proptest::prelude::*;
use recovery_codes::model::alphabet::Alphabet;
use recovery_codes::model::check_character::check_character;
use recovery_codes::secret::code::TypedCode;

use crate::harness::Desk;

/// The code that is read in a line, as it is shown.
fn read(line: &str, alphabet: Alphabet) -> Option<String> {
    let typed = TypedCode::parse(line.as_bytes()).ok()?;
    let code = typed.in_alphabet(alphabet)?;
    Some(code.expose().to_string())
}

/// Pastes each line that holds one of these codes; says how many did.
fn pasted(text: &str, codes: &[String], alphabet: Alphabet) -> usize {
    let mut seen = 0;
    for line in text.lines() {
        // Who reads a PDF puts a space wherever the face changes.
        let shown = line.replace(" -", "-");
        let held: Vec<&String> = codes.iter().filter(|code| shown.contains(*code)).collect();
        if let [code] = held[..] {
            assert_eq!(read(line, alphabet).as_ref(), Some(code), "{line:?}");
            seen += 1;
        }
    }
    seen
}

fn every_way_out(alphabet: Alphabet) {
    let desk = Desk::new()
        .with_runtime()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_NOTIFY", "");
    let word = alphabet.word();
    let issue = |user: &str, more: &[&str]| {
        let email = format!("{user}@example.org");
        desk.say(&["user", "add", user, "--email", &email]);
        let words = [
            "--json",
            "generate",
            user,
            "--alphabet",
            word,
            "--yes",
            "--print",
        ];
        let document = desk.json(&[&words[1..], more].concat());
        let codes = document["codes"].as_array().unwrap().iter();
        let codes: Vec<String> = codes
            .map(|code| code.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(codes.len(), 10);
        (codes, document)
    };
    for format in ["txt", "csv"] {
        let file = desk.home().join(format!("sheet.{format}"));
        let (codes, document) = issue(format, &["--save", file.to_str().unwrap()]);
        let sheet = fs::read_to_string(&file).unwrap();
        assert_eq!(pasted(&sheet, &codes, alphabet), 10, "{sheet}");
        let pretty = serde_json::to_string_pretty(&document).unwrap();
        assert_eq!(pasted(&pretty, &codes, alphabet), 10, "{pretty}");
    }
    let file = desk.home().join("sheet.pdf");
    let (codes, _) = issue("pdf", &["--save", file.to_str().unwrap()]);
    let document = lopdf::Document::load(&file).unwrap();
    let text = document.extract_text(&[1]).unwrap();
    assert_eq!(pasted(&text, &codes, alphabet), 10, "{text}");
    let (codes, _) = issue("mail", &["--email"]);
    let letters = fs::read_dir(desk.store().with_file_name("mail")).unwrap();
    let letter = fs::read_to_string(letters.last().unwrap().unwrap().path()).unwrap();
    assert!(pasted(&letter, &codes, alphabet) >= 10, "{letter}");
}

#[test]
fn every_line_we_print_can_be_pasted() {
    every_way_out(Alphabet::Full);
    every_way_out(Alphabet::Typeable);
}

#[test]
fn a_pasted_line_lets_in_and_two_codes_do_not() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let verify = |text: &str| desk.pipe(&["verify", "alice"], text);
    assert_eq!(verify(&format!("[ ]   3  {}\n", codes[0])).exit, 0);
    assert_eq!(verify(&format!("\u{201c}{}\u{201d}.", codes[1])).exit, 0);
    let two = verify(&format!("{}\n{}\n", codes[2], codes[3]));
    assert_eq!(two.exit, 1);
    assert_eq!(
        two.err,
        "error: this is more than one code\nhint: give one of them\n"
    );
    // It is no attempt, and no name either.
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "2");
    let line = format!("3. {}", codes[2]);
    let said = desk.run(&["verify", &line]);
    assert_eq!(said.exit, 2, "{}", said.err);
    assert!(!said.err.contains(&codes[2][7..]), "{}", said.err);
}

/// What people and programs put before and behind a code.
fn around() -> impl Strategy<Value = (String, String)> {
    let before = prop_oneof![
        Just(String::new()),
        "[0-9]{1,3}[.):, ] ?",
        "\\[[ x]\\] {1,3}[0-9]{1,2} {1,3}",
        "[\"'`\u{201c}\u{201e}\u{ab}(<*\u{2022}> ]{1,3}",
        "[A-Za-z]{1,12}[:=,;|\t] ?",
        "[0-9]{1,2},[A-Za-z2-9]{6},",
    ];
    let behind = prop_oneof![
        Just(String::new()),
        "[\"'`\u{201d}\u{201c}\u{bb})>*.,;:!?| \r\n]{1,3}",
        "[,;|\t ] ?[a-z]{1,5}",
    ];
    (before, behind)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_surrounds_the_one_code_does_not_matter(
        groups in prop::collection::vec("[A-HJ-NP-Za-hj-km-z2-9]{6}", 6),
        (before, behind) in around(),
        dash in prop_oneof![Just("-"), Just("\u{2011}"), Just("\u{2013}"), Just("&#8209;"), Just("\u{ff0d}")],
    ) {
        let code = groups.join("-");
        let typed = TypedCode::parse(code.as_bytes()).unwrap();
        let expected = typed.in_alphabet(Alphabet::Full).map(|code| code.expose().to_string());
        let line = format!("{before}{}{behind}", groups.join(dash));
        prop_assert_eq!(read(&line, Alphabet::Full), expected, "{}", line);
    }

    #[test]
    fn nor_beside_a_code_with_check_characters(
        drawn in prop::collection::vec("[0-9A-HJKMNP-TV-Z]{5}", 7),
        (before, behind) in around(),
        dash in prop_oneof![Just("-"), Just("\u{2011}"), Just("&#8209;"), Just("\u{ff0d}")],
    ) {
        let checked = |(number, drawn): (u8, &String)| {
            format!("{drawn}{}", char::from(check_character(number, drawn.as_bytes())))
        };
        let groups: Vec<String> = (0..).zip(&drawn).map(checked).collect();
        let line = format!("{before}{}{behind}", groups.join(dash));
        prop_assert_eq!(read(&line, Alphabet::Typeable), Some(groups.join("-")), "{}", line);
    }
}
