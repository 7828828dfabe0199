//! What is read as a code, and what is not.

use super::*;
use crate::error::Kind;
use crate::secret::random::system_entropy;
use proptest::prelude::*;

fn draw(alphabet: Alphabet) -> Code {
    let source = system_entropy();
    let mut random = Random::from(&source);
    let code = Code::draw(&mut random, alphabet);
    random.finish().unwrap();
    code
}

fn same(code: &Code, typed: &str) -> bool {
    TypedCode::parse(typed.as_bytes())
        .unwrap()
        .in_alphabet(code.alphabet())
        .is_some_and(|read| read.characters == code.characters)
}

#[test]
fn a_code_is_read_however_it_is_spaced() {
    for alphabet in Alphabet::ALL {
        let code = draw(*alphabet);
        let shown = code.expose();
        let length = if *alphabet == Alphabet::Full { 41 } else { 48 };
        assert_eq!(shown.len(), length);
        assert!(shown.starts_with(code.hint()));
        for typed in [
            shown.to_string(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            shown.replace('-', " – "),
            shown.replace('-', "\u{ad}"),
            shown.replace('-', "--"),
            format!("  {}\r\n", *shown),
            format!("{}\0", *shown),
            format!("\u{feff}{}", *shown),
        ] {
            assert!(same(&code, &typed), "{alphabet:?}");
        }
    }
}

#[test]
fn typeable_codes_are_read_in_any_case_and_with_look_alikes() {
    let code = draw(Alphabet::Typeable);
    let shown = code.expose();
    assert!(same(&code, &shown.to_lowercase()));
    assert!(same(&code, &shown.replace('0', "O").replace('1', "l")));
}

#[test]
fn what_cannot_be_a_code_is_refused_without_repeating_it() {
    let long = "A".repeat(1_000_000);
    let cases: [&[u8]; 9] = [
        b"",
        b"\n",
        b"hunter2",
        long.as_bytes(),
        b"\xff\xfe\xfd",
        "ÄÖÜ345-ABCDEF-ABCDEF-ABCDEF-ABCDEF-ABCDEF".as_bytes(),
        b"AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFF",
        b"AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFFG",
        b"uuuuu0-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF",
    ];
    for input in cases {
        let error = TypedCode::parse(input).unwrap_err();
        assert_eq!(error.kind(), Kind::MalformedCode);
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn debug_shows_nothing() {
    let code = draw(Alphabet::Full);
    let shown = format!("{code:?}");
    assert_eq!(shown, "Code(secret)");
}

proptest! {
    #[test]
    fn no_input_makes_the_reader_stumble(input in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = TypedCode::parse(&input);
    }

    #[test]
    fn one_wrong_character_names_its_group(place in 0..CHECKED_LENGTH, other in "[0-9A-Za-z]") {
        let code = draw(Alphabet::Typeable);
        let plain = code.expose().replace('-', "");
        let mistyped = format!("{}{other}{}", &plain[..place], &plain[place + 1..]);
        match TypedCode::read(mistyped.as_bytes()) {
            Ok(_) => prop_assert!(same(&code, &mistyped)),
            Err(Flaw::Mistyped(groups)) => {
                prop_assert_eq!(groups, [place / GROUP]);
                prop_assert!(looks_like_a_code(&mistyped));
            }
            Err(flaw) => prop_assert!(false, "{:?}", flaw),
        }
    }

    #[test]
    fn noise_between_the_characters_never_matters(
        noise in proptest::collection::vec("[ \\-\u{2010}-\u{2015}\t\u{a0}]{0,3}", 37)
    ) {
        let code = draw(Alphabet::Full);
        let plain = code.expose().replace('-', "");
        let mut typed = noise[36].clone();
        for (c, noise) in plain.chars().zip(&noise) {
            typed.push(c);
            typed.push_str(noise);
        }
        prop_assert!(same(&code, &typed));
    }
}
