//! What belongs together in a dump of the Django application, in whatever order and however often it stands there.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::import::{app, batch, batch_id, code, import, imported, record, user, verify, with};
use crate::harness::{Desk, Ended};

/// Documents one behind the other, as `cat` puts them.
fn concatenated(documents: &[Vec<Value>]) -> String {
    let documents = documents.iter().cloned().map(Value::from);
    documents.map(|document| document.to_string()).collect()
}

/// A batch as the history of batches has it.
fn history(number: u64, user: u64) -> Value {
    let mut record = with(batch(number, user), "batch_id", batch_id(number));
    record["model"] = "django_auth_recovery_codes.recoverycodesbatchhistory".into();
    record["pk"] = number.into();
    record
}

#[track_caller]
fn assert_nothing_was_made(desk: &Desk, said: &Ended) {
    assert_eq!(said.exit, 2, "{} {}", said.out, said.err);
    assert!(!desk.store().exists() && !desk.keys().exists());
}

#[test]
fn a_user_who_stands_in_a_dump_twice_is_refused_and_not_split() {
    let (alice, first, codes) = (
        || user(7, "alice", ""),
        || batch(1, 7),
        || vec![record(0, 1, 7), record(1, 1, 7), record(2, 1, 7)],
    );
    let again = || user(8, "alice", "");
    for (documents, places) in [
        (vec![vec![alice(), first(), alice()], codes()], (3, 1)),
        (
            vec![vec![alice()], [vec![alice(), first()], codes()].concat()],
            (2, 1),
        ),
        (vec![vec![alice(), first(), again()], codes()], (3, 1)),
        (
            vec![vec![
                alice(),
                first(),
                again(),
                record(0, 1, 8),
                record(1, 1, 7),
            ]],
            (3, 1),
        ),
    ] {
        let desk = Desk::new();
        let said = import(&desk, concatenated(&documents), &["--json"]);
        assert_nothing_was_made(&desk, &said);
        let (place, before) = places;
        let message = format!("the name alice stands in record {before} too");
        assert_eq!(
            said.json()["refused"],
            json!([{"record": place, "kind": "usage", "message": message}])
        );
    }
    // Who has no codes is nobody's clash.
    let desk = Desk::new();
    let documents = [vec![user(9, "codeless", "")], app()];
    assert_eq!(import(&desk, concatenated(&documents), &[]).exit, 0);
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
}

#[test]
fn a_key_that_comes_again_means_the_user_it_named_last() {
    let desk = Desk::new();
    let documents = [
        vec![user(7, "before", ""), batch(1, 7), record(0, 1, 7)],
        vec![user(7, "renamed", ""), record(1, 1, 7)],
    ];
    let done = import(&desk, concatenated(&documents), &["--json"]);
    assert_eq!(done.exit, 0, "{}", done.err);
    assert_eq!([&done.json()["added"], &done.json()["codes"]], [1, 2]);
    assert_eq!(verify(&desk, "renamed", &code(0)), 0);
    assert_eq!(verify(&desk, "renamed", &code(1)), 0);
}

#[test]
fn the_codes_say_whose_a_batch_is() {
    let desk = Desk::new();
    let done = imported(
        &desk,
        vec![
            user(7, "alice", ""),
            user(8, "bob", ""),
            // Of bob, says the first code; alice's stays behind.
            batch(1, 7),
            record(0, 1, 8),
            record(1, 1, 7),
            record(2, 1, vec!["bob"]),
            // Of nobody, as it stands there itself.
            with(batch(2, 0), "user", Value::Null),
            record(20, 2, 7),
        ],
    );
    assert_eq!(
        [&done["codes"], &done["codes_left"], &done["batches"]],
        [3, 1, 2]
    );
    for (user, number, exit) in [
        ("bob", 0, 0),
        ("alice", 1, 1),
        ("bob", 1, 1),
        ("bob", 2, 0),
        ("alice", 20, 0),
    ] {
        assert_eq!(verify(&desk, user, &code(number)), exit, "{user} {number}");
    }
    desk.assert_sound();
}

#[test]
fn codes_of_a_batch_of_the_history_come_with_it() {
    let desk = Desk::new();
    let records = vec![
        record(0, 1, 7),
        history(1, 8),
        user(7, "alice", ""),
        user(8, "bob", ""),
        // What the history says of a batch that is there does not count.
        history(2, 7),
        with(history(2, 8), "status", "p"),
        batch(2, 8),
        record(10, 2, 8),
    ];
    let done = imported(&desk, records);
    assert_eq!(
        [&done["codes"], &done["codes_left"], &done["batches"]],
        [2, 0, 2]
    );
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    assert_eq!(verify(&desk, "bob", &code(10)), 0);
    for user in ["alice", "bob"] {
        assert_eq!(desk.json(&["history", user])["total"], 1, "{user}");
    }
    desk.assert_sound();
}

#[test]
fn codes_without_a_batch_are_counted_and_those_of_strangers_refused() {
    let desk = Desk::new();
    let mut records = app();
    records.extend([
        record(30, 99, 7),
        with(record(31, 99, 7), "look_up_hash", "x"),
    ]);
    let dump = Value::from(records.clone()).to_string();
    let note = "2 codes left behind: there is no batch of that user for them.";
    for more in [&["--dry-run"][..], &[]] {
        let said = import(&desk, &dump, more);
        assert_eq!(said.exit, 0, "{}", said.err);
        assert!(said.err.contains(note), "{}", said.err);
    }
    assert_eq!(verify(&desk, "alice", &code(30)), 1);
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    let desk = Desk::new();
    records.push(record(32, 99, vec!["mallory"]));
    let said = import(&desk, Value::from(records).to_string(), &[]);
    assert_nothing_was_made(&desk, &said);
    let message = r#"the dump does not hold the user ["mallory"]"#;
    assert!(said.err.contains(message), "{}", said.err);
}

#[test]
fn a_batch_of_nobody_may_have_any_number() {
    let desk = Desk::new();
    let mut records = app();
    let mut odd = with(batch(3, 0), "user", Value::Null);
    odd["pk"] = "three".into();
    records.extend([odd, with(history(4, 55), "batch_id", "four")]);
    assert_eq!(imported(&desk, records)["batches"], 2);
    // But not one that comes.
    for odd in [0, 1] {
        let desk = Desk::new();
        let mut records = app();
        let mut one = batch(3, 7);
        one["pk"] = "three".into();
        records.push(match odd {
            0 => one,
            _ => with(history(3, 7), "batch_id", "three"),
        });
        let said = import(&desk, Value::from(records).to_string(), &[]);
        assert_nothing_was_made(&desk, &said);
        assert!(said.err.contains("has no UUID"), "{}", said.err);
    }
}

#[test]
fn what_a_dump_alone_tells_to_be_wrong_is_refused_before_anything_is_made() {
    let desk = Desk::new();
    let mut records = app();
    let mut alike = batch(1, 7);
    alike["pk"] = batch_id(1).replace("-000000000000", "-000000000001").into();
    records.push(alike);
    let said = import(&desk, Value::from(records).to_string(), &[]);
    assert_nothing_was_made(&desk, &said);
    let message = "two batches of the application have one id";
    assert!(said.err.contains(message), "{}", said.err);
}

#[test]
fn a_code_that_was_used_in_any_document_does_not_work() {
    let used = with(with(record(0, 1, 7), "is_used", true), "status", "p");
    let off = with(record(1, 1, 7), "is_deactivated", true);
    for is_older_first in [true, false] {
        let desk = Desk::new();
        let mut documents = [app(), vec![used.clone(), off.clone()]];
        if !is_older_first {
            documents.reverse();
        }
        let done = import(&desk, concatenated(&documents), &["--json"]);
        assert_eq!(done.exit, 0, "{}", done.err);
        assert_eq!([&done.json()["codes"], &done.json()["dead"]], [3, 4]);
        for (number, exit) in [(0, 1), (1, 1), (2, 0)] {
            assert_eq!(verify(&desk, "alice", &code(number)), exit, "{number}");
        }
        desk.assert_sound();
    }
}

#[test]
fn of_what_was_tried_the_last_success_counts() {
    let setup = |success: bool, hour: u8| {
        json!({"model": "django_auth_recovery_codes.recoverycodesetup", "pk": 1, "fields": {
            "user": 7, "success": success, "verified_at": "2026-08-20T10:00:00Z",
            "created_at": "2026-08-20T10:00:00Z", "modified_at": format!("2026-08-20T{hour}:00:00Z"),
        }})
    };
    let desk = Desk::new();
    let mut records = app();
    records.extend([setup(true, 13), setup(true, 12), setup(false, 15)]);
    imported(&desk, records);
    let alice = desk.json(&["history", "alice"]);
    assert_eq!(alice["items"][0]["confirmed_at"], "2026-08-20T12:00:00Z");
}

#[test]
fn the_first_wrong_records_are_named_and_all_are_counted() {
    let desk = Desk::new();
    let wrong = (1..=1100).flat_map(|number| {
        let name = format!("nobody\u{7}{number}");
        [user(number, &name, ""), batch(number, number)]
    });
    let said = import(&desk, Value::from_iter(wrong).to_string(), &["--json"]);
    assert_eq!(said.exit, 2, "{}", said.err);
    let said = said.json();
    let refused = said["refused"].as_array().unwrap();
    assert_eq!((refused.len(), &said["refused_more"]), (1000, &json!(100)));
    assert_eq!(refused[999]["record"], json!(1999));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn records_may_stand_in_any_order(
        records in Just({
            let mut records = app();
            records.extend([
                user(21, "carol", ""),
                history(5, 21),
                record(21, 5, vec!["carol"]),
                with(batch(6, 0), "user", json!(["carol"])),
                record(22, 6, 21),
            ]);
            records
        }).prop_shuffle(),
        cut in any::<prop::sample::Index>(),
    ) {
        let desk = Desk::new();
        let (first, second) = records.split_at(cut.index(records.len() - 1) + 1);
        let dump = concatenated(&[first.to_vec(), second.to_vec()]);
        let done = import(&desk, dump, &["--json"]);
        prop_assert_eq!(done.exit, 0, "{}", done.err);
        let done = done.json();
        prop_assert_eq!(
            ["added", "codes", "dead", "batches", "codes_left"].map(|field| done[field].clone()),
            [3, 6, 3, 4, 0].map(Value::from)
        );
        for (user, number) in [("alice", 2), ("bob", 10), ("carol", 22)] {
            prop_assert_eq!(verify(&desk, user, &code(number)), 0);
        }
    }
}
