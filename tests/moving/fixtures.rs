//! What the systems themselves wrote (tests/fixtures/moving/make.sh), and which codes worked there.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::Value;

use crate::harness::{Desk, Ended};

/// A file beside the script.
pub fn path(name: &str) -> String {
    let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/moving");
    place.join(name).to_str().unwrap().to_owned()
}

/// Every code of a system with its user, and whether it worked there.
pub fn codes(system: &str) -> Vec<(String, String, bool)> {
    let all = std::fs::read_to_string(path("codes.json")).unwrap();
    let all: Value = serde_json::from_str(&all).unwrap();
    let mut codes = Vec::new();
    for (user, own) in all[system].as_object().unwrap() {
        for (word, works) in [("live", true), ("dead", false)] {
            for code in own[word].as_array().unwrap() {
                codes.push((user.clone(), code.as_str().unwrap().to_owned(), works));
            }
        }
    }
    assert!(codes.iter().any(|code| code.2) && codes.iter().any(|code| !code.2));
    codes
}

/// The codes of a user that worked.
pub fn live(system: &str, whose: &str) -> Vec<String> {
    let all = codes(system).into_iter();
    all.filter(|(user, _, works)| user == whose && *works)
        .map(|(_, code, _)| code)
        .collect()
}

pub fn verify(desk: &Desk, user: &str, code: &str) -> u8 {
    desk.pipe(&["verify", user], code).exit
}

/// Imports with --accept-weak.
pub fn import(desk: &Desk, args: &[&str]) -> Ended {
    let done = desk.run(&[&["import"], args, &["--accept-weak"]].concat());
    assert_eq!(done.exit, 0, "{}", done.err);
    done
}

/// Tries all codes of a system: each that worked there works once, and no other ever.
pub fn each_live_once_each_dead_never(desk: &Desk, codes: &[(String, String, bool)]) {
    let mut tried = 0;
    for (user, code, works) in codes {
        assert_eq!(verify(desk, user, code) == 0, *works, "{user} {code}");
        assert_eq!(verify(desk, user, code), 1, "{user} {code}");
        // Refusals must not keep the next from being tried.
        if desk.run(&["limit", "reset", user]).exit != 0 {
            desk.pass(2 * 86_400);
        }
        tried += 1;
    }
    assert_eq!(tried, codes.len());
    desk.assert_sound();
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_stands_in_a_file_nothing_stumbles(
        which in 0_usize..5,
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (system, file) = [
            ("otp-static", "otp-static.json"),
            ("keycloak", "keycloak.json"),
            ("privacyidea", "privacyidea.jsonl"),
            ("privacyidea", "privacyidea.json"),
            ("csv", "codes.json"),
        ][which];
        let mut bytes = std::fs::read(path(file)).unwrap();
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let desk = Desk::new();
        let said = desk.pipe(&["import", system, "-", "--accept-weak", "--json"], bytes);
        if said.exit != 0 {
            prop_assert_eq!(said.exit, 2, "{}", said.err);
            prop_assert!(said.error()["hint"].is_string(), "{}", said.err);
            prop_assert!(!desk.store().exists());
        }
    }
}
