//! What became of a batch's plaintext: shown, exported, mailed, and the last change.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::asking::{column, hint};
use crate::harness::delivery::server;
use crate::harness::smtp::Fault;

const MARKS: [&str; 5] = [
    "shown_at",
    "exported_at",
    "export_format",
    "emailed_at",
    "changed_at",
];

/// The clock after this many minutes.
fn minute(minutes: u32) -> Value {
    json!(format!("2026-09-21T14:{:02}:20Z", 13 + minutes))
}

/// The marks of alice's newest batch, which every word tells alike.
#[track_caller]
fn marks(desk: &Desk) -> [Value; 5] {
    let history = desk.json(&["history", "alice"])["items"][0].clone();
    let of = |batch: &Value| MARKS.map(|mark| batch[mark].clone());
    let batch = history["batch"].as_str().unwrap();
    assert_eq!(of(&desk.json(&["batch", "show", batch])), of(&history));
    let list = desk.json(&["batch", "list", "alice"]);
    assert_eq!(of(&list["items"][0]), of(&history));
    let shown = desk.json(&["user", "show", "alice"]);
    let newest = ["pending_batch", "active_batch"].map(|name| &shown[name]);
    if let Some(newest) = newest.iter().find(|found| found["batch"] == batch) {
        assert_eq!(of(newest), of(&history));
    }
    of(&history)
}

#[test]
fn each_way_of_the_plaintext_leaves_its_mark_for_good() {
    let server = server(Fault::None);
    let desk = Desk::new().with_runtime().with_mail(server.address.port());
    desk.add("alice");
    let codes = desk.issue("alice");
    let (at, none) = (minute, Value::Null);
    assert_eq!(
        marks(&desk),
        [at(0), none.clone(), none.clone(), none.clone(), at(0)]
    );
    desk.pass(60);
    desk.say(&["email", "alice"]);
    assert_eq!(
        marks(&desk),
        [at(0), none.clone(), none.clone(), at(1), at(1)]
    );
    desk.pass(60);
    let file = desk.home().join("sheet.pdf");
    desk.say(&["export", "alice", "--output", file.to_str().unwrap()]);
    let all = |changed| [at(0), at(2), json!("pdf"), at(1), at(changed)];
    assert_eq!(marks(&desk), all(2));
    // Whatever changes the batch or one of its codes is its last change.
    let other = hint(&codes[1]);
    for (minutes, args) in [
        (3, &["code", "invalidate", "alice", other][..]),
        (4, &["code", "reactivate", "alice", other]),
        (5, &["code", "delete", "alice", other, "--yes"]),
    ] {
        desk.pass(60);
        desk.say(args);
        assert_eq!(marks(&desk), all(minutes));
    }
    for (minutes, word, code) in [(6, "verify", &codes[0]), (7, "confirm", &codes[2])] {
        desk.pass(60);
        assert_eq!(desk.pipe(&[word, "alice"], code).exit, 0);
        assert_eq!(marks(&desk), all(minutes));
    }
    let refused = ["code", "invalidate", "alice", hint(&codes[0])];
    desk.pass(60);
    desk.refuses(&refused, 3, "wrong_state");
    assert_eq!(marks(&desk), all(7));
    desk.say(&["logout"]);
    assert_eq!(marks(&desk), all(7));
    desk.pass(60);
    let batch = desk.active_batch("alice");
    desk.say(&["batch", "delete", &batch, "--yes"]);
    assert_eq!(marks(&desk), all(9));
    desk.pass(60);
    desk.say(&["purge", "--retention-days", "0"]);
    assert_eq!(marks(&desk), all(10));
    let text = desk.say(&["batch", "show", &batch]).out;
    for line in [
        "Shown        2026-09-21 14:13Z",
        "Exported     2026-09-21 14:15Z",
        "Exported as  pdf",
        "Mailed       2026-09-21 14:14Z",
        "Last change  2026-09-21 14:23Z",
    ] {
        let [label, value] = line.split_once("  ").map(|(a, b)| [a, b.trim()]).unwrap();
        let is_it = |found: &str| found.trim().starts_with(label) && found.ends_with(value);
        assert!(text.lines().any(is_it), "{line}: {text}");
    }
    let text = desk.with_width(200).say(&["batch", "list"]).out;
    let said = "shown 2026-09-21, pdf 2026-09-21, mailed 2026-09-21, confirmed 2026-09-21, changed 2026-09-21";
    assert!(text.contains(said), "{text}");
}

#[test]
fn an_export_that_nobody_got_leaves_no_mark() {
    let desk = Desk::new().with_runtime();
    assert_eq!(desk.spawn(&["init"], "").exit, 0);
    desk.spawn(&["generate", "alice", "--create-user"], "");
    let args = ["export", "alice", "--output", "-"];
    let full = desk.shell("exec \"$0\" \"$@\" > /dev/full", &args);
    assert!(!{ full }.output().unwrap().status.success());
    let [_, exported, format, ..] = marks(&desk);
    assert_eq!([exported, format], [Value::Null, Value::Null]);
    assert_eq!(
        desk.spawn(&[&args[..], &["--format", "csv"]].concat(), "")
            .exit,
        0
    );
    assert_eq!(marks(&desk)[2], "csv");
}

#[test]
fn whose_codes_nobody_is_known_to_hold_can_be_listed() {
    let server = server(Fault::None);
    let desk = Desk::new().with_runtime().with_mail(server.address.port());
    let file = desk.home().join("sheet.txt");
    for user in ["bob", "carol", "dave", "erin", "frank"] {
        desk.add(user);
    }
    let codes = desk.issue("bob");
    desk.issue("erin");
    desk.issue("frank");
    desk.say(&["user", "disable", "frank"]);
    let save = ["generate", "carol", "--save", file.to_str().unwrap()];
    desk.say(&save);
    desk.say(&["generate", "dave", "--email"]);
    desk.pass(60);
    desk.issue_with("erin", &["--pending"]);
    let batches = || column(&desk.json(&["batch", "list", "--undelivered"]), "user");
    let users = || {
        column(
            &desk.json(&["user", "list", "--codes", "undelivered"]),
            "user",
        )
    };
    assert_eq!(batches(), ["erin", "frank", "erin", "bob"]);
    assert_eq!(users(), ["bob", "erin", "frank"]);
    assert_eq!(desk.json(&["status"])["users"]["undelivered"], 2);
    assert_eq!(desk.pipe(&["confirm", "bob"], &codes[0]).exit, 0);
    assert_eq!(users(), ["erin", "frank"]);
    desk.say(&["export", "erin", "--output", "-"]);
    assert_eq!(batches(), ["frank", "erin"]);
    let pending = desk.json(&[
        "batch",
        "list",
        "erin",
        "--undelivered",
        "--state",
        "pending",
    ]);
    assert_eq!(pending["total"], 0);
    let nothing = desk.say(&["batch", "list", "bob", "--undelivered"]);
    assert_eq!(nothing.err, "There is no such batch.\n");
}

#[test]
fn a_store_of_an_earlier_version_learns_what_its_audit_log_knows() {
    let desk = Desk::older();
    desk.tamper(
        "ALTER TABLE batches DROP COLUMN shown_at; ALTER TABLE batches DROP COLUMN export_format;
         ALTER TABLE batches DROP COLUMN changed_at; PRAGMA user_version = 4;",
    );
    let none = Value::Null;
    assert_eq!(
        marks(&desk),
        [
            none.clone(),
            minute(1),
            json!("csv"),
            none.clone(),
            minute(4)
        ]
    );
    desk.assert_sound();
}
