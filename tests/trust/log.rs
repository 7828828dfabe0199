//! `log …`: what was done and tried, and the proof that nobody rewrote it.

use std::fs;

use serde_json::{Value, json};

use recovery_codes::actions::trust::verify_audit::{Verdict, verify_newest};
use recovery_codes::secret::keyring::Keyring;
use recovery_codes::store::Store;

use crate::harness::Desk;
use crate::harness::asking::{column, hint};

/// A desk with eight audit entries.
fn busy() -> Desk {
    let desk = Desk::new();
    for name in ["alice", "bob", "carol"] {
        desk.issue_with(name, &["--count", "1"]);
    }
    desk.say(&["user", "disable", "bob"]);
    desk
}

#[test]
fn the_audit_log_says_who_did_what_to_whom() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let batch = desk.active_batch("alice");
    desk.pass(90);
    let args = ["code", "invalidate", "alice", hint(&codes[0])];
    let why = ["--actor", "root", "--reason", "seen by others"];
    desk.say(&[args.as_slice(), why.as_slice()].concat());
    let log = desk.json(&["log", "audit"]);
    assert_eq!(
        log["items"][0],
        json!({
            "number": 4, "at": "2026-09-21T14:14:50Z", "actor": "root",
            "action": "code.invalidated", "user": "alice", "batch": batch,
            "hint": hint(&codes[0]), "details": null, "reason": "seen by others",
        })
    );
    assert_eq!(
        column(&log, "action"),
        [
            "code.invalidated",
            "batch.generated",
            "user.added",
            "store.created"
        ]
    );
    assert_eq!(
        [&log["page"], &log["pages"], &log["total"]],
        [&json!(1), &json!(1), &json!(4)]
    );
    let text = desk.say(&["log", "audit"]);
    assert!(text.lines()[0].starts_with("No.  When"), "{}", text.out);
    assert!(text.out.contains("because: seen"), "{}", text.out);
    assert!(!text.out.contains(&codes[0][7..]), "{}", text.out);
}

#[test]
fn the_actor_is_named_or_taken_from_the_environment() {
    let desk = Desk::new().with("SUDO_USER", "anna");
    desk.say(&["user", "add", "one"]);
    desk.say(&["user", "add", "two", "--actor", "portal"]);
    let log = desk.json(&["log", "audit", "--action", "user.added"]);
    assert_eq!(column(&log, "actor"), ["portal", "anna"]);
    desk.refuses(
        &["user", "add", "x", "--actor", "a\u{202e}b"],
        2,
        "malformed_name",
    );
    desk.refuses(&["user", "add", "x", "--reason", "a\nb"], 2, "usage");
    desk.refuses(
        &["user", "add", "x", "--reason", &"x".repeat(501)],
        2,
        "usage",
    );
}

#[test]
fn the_audit_log_is_filtered_and_has_pages() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice"]);
    desk.pass(3600);
    desk.say(&["user", "disable", "alice"]);
    desk.pass(86_400);
    desk.say(&["user", "enable", "alice"]);
    desk.say(&["user", "add", "bob"]);
    let find =
        |more: &[&str]| column(&desk.json(&[&["log", "audit"], more].concat()), "number").join(" ");
    assert_eq!(find(&["--user", "alice"]), "4 3 2");
    assert_eq!(find(&["--user", "nobody"]), "");
    assert_eq!(find(&["--action", "user.added"]), "5 2");
    assert_eq!(find(&["--user", "bob", "--action", "user.added"]), "5");
    assert_eq!(find(&["--since", "2h"]), "5 4");
    assert_eq!(find(&["--until", "2h"]), "3 2 1");
    assert_eq!(
        find(&["--since", "2026-09-21T15:00", "--until", "2026-09-22"]),
        "3"
    );
    // The end does not belong to it, the beginning does.
    assert_eq!(
        find(&[
            "--since",
            "2026-09-21T15:13:20Z",
            "--until",
            "2026-09-22T15:13:20Z"
        ]),
        "3"
    );
    let beyond = desk.json(&["log", "audit", "--page", "7"]);
    assert_eq!(
        beyond,
        json!({"items": [], "page": 7, "pages": 1, "total": 5})
    );
    let filtered = [
        "log",
        "audit",
        "--user",
        "alice",
        "--page",
        "18446744073709551615",
    ];
    assert_eq!(desk.json(&filtered)["items"], json!([]));
    assert_eq!(
        desk.say(&["log", "audit", "--user", "nobody"]).err,
        "There is no such entry.\n"
    );
    assert_eq!(
        desk.say(&["log", "verify-attempts"]).err,
        "No attempts yet.\n"
    );
    desk.refuses(&["log", "audit", "--since", "soon"], 2, "usage");
    desk.refuses(&["log", "audit", "--until", "2026-13-01"], 2, "usage");
    assert_eq!(desk.run(&["log", "audit", "--action", "dance"]).exit, 2);
    for number in 0..8 {
        desk.say(&["user", "add", &format!("u{number}")]);
    }
    let pages = |page: &str| column(&desk.json(&["log", "audit", "--page", page]), "number");
    assert_eq!(pages("1").len(), 10);
    assert_eq!(pages("2"), ["3", "2", "1"]);
}

#[test]
fn every_attempt_is_logged_with_the_real_reason() {
    let desk = Desk::new();
    let old = desk.issue("alice");
    let sheet = desk.active_batch("alice");
    desk.pass(60);
    let new = desk.issue("alice");
    let batch = desk.active_batch("alice");
    let attempts: [(&str, &str, &str, u8); 6] = [
        ("verify", "alice", &new[0], 0),
        ("verify", "alice", &new[0], 1),
        ("verify", "alice", &old[0], 1),
        (
            "verify",
            "alice",
            "aaaaaa-bbbbbb-cccccc-dddddd-eeeeee-ffffff",
            1,
        ),
        ("verify", "nobody", &new[1], 1),
        ("confirm", "alice", &new[2], 0),
    ];
    for (word, user, code, exit) in attempts {
        assert_eq!(desk.pipe(&[word, user], code).exit, exit, "{word} {code}");
    }
    let log = desk.json(&["log", "verify-attempts"]);
    let mut outcomes = column(&log, "outcome");
    outcomes.reverse();
    assert_eq!(
        outcomes,
        [
            "accepted",
            "used",
            "superseded",
            "wrong",
            "unknown_user",
            "confirmed"
        ]
    );
    assert_eq!(
        log["items"][3],
        json!({
            "at": "2026-09-21T14:14:20Z", "user": "alice", "purpose": "verify",
            "outcome": "superseded", "hint": hint(&old[0]), "from": null, "reason": null, "times": 1, "batch": sheet,
            "actor": "tester",
        })
    );
    assert_eq!(log["items"][5]["batch"], batch);
    assert_eq!(
        [&log["items"][2]["hint"], &log["items"][2]["batch"]],
        [&Value::Null, &Value::Null]
    );
    assert_eq!(log["items"][1]["user"], "nobody");
    let find =
        |more: &[&str]| desk.json(&[&["log", "verify-attempts"], more].concat())["total"].clone();
    assert_eq!(find(&["--user", "alice"]), 5);
    assert_eq!(find(&["--action", "confirm"]), 1);
    assert_eq!(find(&["--action", "wrong"]), 1);
    assert_eq!(find(&["--until", "1h"]), 0);
    assert_eq!(find(&["--since", "1h", "--action", "verify"]), 5);
    desk.refuses(
        &["log", "verify-attempts", "--user", "nobody"],
        3,
        "unknown_user",
    );
    let wide = desk.with_width(200);
    let text = wide.say(&["log", "verify-attempts"]);
    assert!(text.out.contains("is from an old sheet"), "{}", text.out);
    assert!(
        text.out.contains(" of 2026-09-21 14:13 UTC"),
        "{}",
        text.out
    );
}

#[test]
fn an_untouched_chain_holds() {
    let desk = busy();
    let text = desk.say(&["log", "verify"]);
    assert_eq!(
        (text.out.as_str(), text.err.as_str()),
        ("", "The chain holds: 8 entries.\n")
    );
    let verdict = desk.json(&["log", "verify"]);
    let head = verdict["head"].as_str().unwrap();
    assert_eq!(head.len(), 64);
    assert_eq!(
        verdict,
        json!({
            "holds": true, "entries": 8, "pruned": 0, "last": 8, "head": head,
            "anchor": format!("8:{head}"),
        })
    );
    let shown = desk.say(&["log", "verify", "--head"]);
    assert_eq!(shown.out, format!("8:{head}\n"));
}

#[test]
fn the_newest_entries_are_proven_alone_behind_whatever_stands_before_them() {
    let desk = busy();
    let ring = Keyring::parse(&fs::read_to_string(desk.keys()).unwrap()).unwrap();
    let newest = |most| {
        let store = Store::open(&desk.location()).unwrap();
        let mut seen = 0;
        let verdict = verify_newest(store.read(), &ring, most, &mut |n| seen = n).unwrap();
        match verdict {
            Verdict::Holds { entries, .. } => {
                assert_eq!(seen, entries);
                Ok(entries)
            }
            Verdict::Broken { entry, .. } => Err(entry.unwrap_or(0)),
        }
    };
    assert_eq!([newest(3), newest(8), newest(100)], [Ok(3), Ok(8), Ok(8)]);
    desk.tamper(&format!(
        "{DROP} UPDATE audit SET actor = 'x' WHERE number = 4"
    ));
    assert_eq!([newest(4), newest(5), newest(8)], [Ok(4), Err(4), Err(4)]);
    desk.tamper("DELETE FROM audit WHERE number = 6");
    assert_eq!([newest(1), newest(2), newest(3)], [Ok(1), Err(6), Err(6)]);
    desk.tamper("DELETE FROM audit WHERE number = 8");
    assert_eq!(newest(1), Err(8));
}

/// With its triggers gone, the store obeys whoever can write the file.
const DROP: &str = "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_only_pruned;
                    DROP TRIGGER audit_grows_by_one; DROP TRIGGER audit_head_stays;";

const COPY: &str = "at, actor, reason, action, user_id, user, batch, hint, details, key_id, mac";

#[track_caller]
fn breaks(desk: &Desk, sql: &str, entry: Value, why: &str) {
    desk.tamper(&format!("{DROP}{sql}"));
    let json = desk.run(&["log", "verify", "--json"]);
    assert_eq!((json.exit, json.err.as_str()), (1, ""), "{sql}");
    assert_eq!(
        json.json(),
        json!({"holds": false, "entry": entry, "why": why}),
        "{sql}"
    );
    let text = desk.run(&["log", "verify"]);
    assert_eq!((text.exit, text.out.as_str()), (1, ""), "{sql}");
    assert_eq!(text.err, format!("The chain does not hold: {why}.\n"));
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1, "{sql}");
    assert!(check.out.contains(why), "{}", check.out);
}

#[test]
fn an_edited_entry_is_found() {
    let changed = "entry 3 was changed, inserted or moved";
    for set in [
        "actor = 'mallory'",
        "at = at + 1",
        "reason = ''",
        "action = 'user.removed'",
        "user = 'bob'",
        "user_id = NULL",
        "batch = NULL",
        "hint = 'AAAAAA'",
        "details = 'nothing'",
        "mac = zeroblob(32)",
    ] {
        let sql = format!("UPDATE audit SET {set} WHERE number = 3");
        breaks(&busy(), &sql, json!(3), changed);
    }
    let sql = "UPDATE audit SET key_id = '00000000' WHERE number = 3";
    let missing = "entry 3 needs the key 00000000, which is missing";
    breaks(&busy(), sql, json!(3), missing);
}

#[test]
fn a_deleted_entry_is_found() {
    let delete = "DELETE FROM audit WHERE number";
    breaks(
        &busy(),
        &format!("{delete} = 1"),
        json!(1),
        "entry 1 is missing",
    );
    breaks(
        &busy(),
        &format!("{delete} = 4"),
        json!(4),
        "entry 4 is missing",
    );
    let renumbered = format!("{delete} = 4; UPDATE audit SET number = number - 1 WHERE number > 4");
    breaks(
        &busy(),
        &renumbered,
        json!(4),
        "entry 4 was changed, inserted or moved",
    );
}

#[test]
fn a_lost_tail_is_found() {
    let delete = "DELETE FROM audit WHERE number";
    breaks(
        &busy(),
        &format!("{delete} = 8"),
        json!(8),
        "entry 8 is missing, the last one",
    );
    breaks(
        &busy(),
        &format!("{delete} > 5"),
        json!(6),
        "entries 6 to 8 are missing, the last ones",
    );
    breaks(
        &busy(),
        "DELETE FROM audit",
        json!(1),
        "entries 1 to 8 are missing, the last ones",
    );
}

#[test]
fn swapped_entries_are_found() {
    breaks(
        &busy(),
        "UPDATE audit SET number = 99 WHERE number = 4;
         UPDATE audit SET number = 4 WHERE number = 6;
         UPDATE audit SET number = 6 WHERE number = 99;",
        json!(4),
        "entry 4 was changed, inserted or moved",
    );
}

#[test]
fn an_inserted_entry_is_found() {
    breaks(
        &busy(),
        &format!("INSERT INTO audit SELECT 9, {COPY} FROM audit WHERE number = 8"),
        json!(9),
        "entry 9 lies behind the end that the head names",
    );
    breaks(
        &busy(),
        &format!(
            "UPDATE audit SET number = -number WHERE number > 4;
             UPDATE audit SET number = 1 - number WHERE number < 0;
             INSERT INTO audit SELECT 5, {COPY} FROM audit WHERE number = 4;"
        ),
        json!(5),
        "entry 5 was changed, inserted or moved",
    );
}

#[test]
fn a_head_that_was_set_back_is_found() {
    let desk = busy();
    let attach = format!("ATTACH '{}' AS old;", desk.home().join("old.db").display());
    desk.tamper(&format!(
        "{attach} CREATE TABLE old.head AS SELECT * FROM audit_head"
    ));
    desk.say(&["user", "enable", "bob"]);
    desk.say(&["user", "add", "dave"]);
    breaks(
        &desk,
        &format!("{attach} DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM old.head;"),
        json!(9),
        "entry 9 lies behind the end that the head names",
    );
}

#[test]
fn a_changed_or_missing_head_is_found() {
    let changed = "the head of the chain was changed without the key";
    for set in [
        "count = 7",
        "pruned = 1",
        "last_mac = zeroblob(32)",
        "pruned_mac = mac",
    ] {
        let sql = format!("UPDATE audit_head SET {set}");
        breaks(&busy(), &sql, Value::Null, changed);
    }
    let desk = busy();
    breaks(
        &desk,
        "DELETE FROM audit_head",
        Value::Null,
        "the head of the chain is gone",
    );
    // A deed that cannot be recorded does not happen.
    desk.refuses(&["user", "add", "dave"], 4, "forged");
}

#[test]
fn the_triggers_keep_honest_programs_from_rewriting() {
    let desk = busy();
    for sql in [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit WHERE number = 3",
        "DELETE FROM audit_head",
        &format!("INSERT INTO audit SELECT 20, {COPY} FROM audit WHERE number = 3"),
    ] {
        let connection = rusqlite::Connection::open(desk.store()).unwrap();
        assert!(connection.execute_batch(sql).is_err(), "{sql}");
    }
    desk.assert_sound();
}

/// What is to be written down elsewhere.
fn head(desk: &Desk) -> String {
    desk.say(&["log", "verify", "--head"]).out.trim().to_owned()
}

/// `log verify` with these anchors: how it ends, what it says, and whether the chain holds.
#[track_caller]
fn held(desk: &Desk, anchors: &[&str]) -> (u8, String, Value) {
    let mut args = vec!["log", "verify"];
    args.extend(anchors.iter().flat_map(|anchor| ["--anchor", anchor]));
    let text = desk.run(&args);
    args.push("--json");
    let json = desk.run(&args);
    assert_eq!((json.exit, json.err.as_str()), (text.exit, ""));
    (text.exit, text.err, json.json()["holds"].clone())
}

#[test]
fn an_old_copy_of_the_whole_store_lacks_what_was_written_down() {
    let desk = busy();
    let early = head(&desk);
    let old = desk.home().join("old.db");
    desk.say(&["backup", old.to_str().unwrap()]);
    desk.say(&["user", "enable", "bob"]);
    let late = head(&desk);
    assert_eq!(held(&desk, &[&early, &late]).0, 0);
    let log = desk.store().with_extension("db-wal");
    let _ = std::fs::remove_file(log);
    std::fs::copy(old, desk.store()).unwrap();
    assert_eq!(held(&desk, &[]).0, 0, "an old copy proves itself");
    assert_eq!(held(&desk, &[&early]).0, 0);
    let (exit, said, holds) = held(&desk, &[&early, &late]);
    assert_eq!((exit, holds), (1, json!(false)));
    assert!(said.contains("the store may be an old copy"), "{said}");
    // It goes on, and has as many entries again.
    for name in ["x", "y", "z"] {
        desk.say(&["user", "add", name]);
    }
    let (exit, said, _) = held(&desk, &[&late]);
    assert_eq!(exit, 1);
    assert!(
        said.contains("is not the one that was written down"),
        "{said}"
    );
}

#[test]
fn of_a_pruned_entry_only_the_last_can_be_compared() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice"]);
    let first = head(&desk);
    desk.say(&["user", "disable", "alice"]);
    let last = head(&desk);
    desk.pass(10 * 86_400);
    desk.say(&["user", "enable", "alice"]);
    let newest = head(&desk);
    desk.say(&["log", "prune", "--retention-days", "5"]);
    assert_eq!(held(&desk, &[&last, &newest]).0, 0);
    let (exit, said, holds) = held(&desk, &[&first, &newest]);
    assert_eq!((exit, holds), (1, Value::Null));
    assert!(
        said.starts_with("That cannot be told: entry 2 was pruned"),
        "{said}"
    );
    let forged = format!("3:{}", "a".repeat(64));
    let (exit, _, holds) = held(&desk, &[&first, &forged]);
    assert_eq!((exit, holds), (1, json!(false)), "what is wrong goes first");
}

#[test]
fn an_anchor_is_what_head_printed() {
    let desk = busy();
    let nothing = format!("0:{}", "0".repeat(64));
    let loud = head(&desk).to_uppercase();
    assert_eq!(held(&desk, &[&nothing, &loud]).0, 0);
    let digest = "a".repeat(64);
    for text in [
        "",
        "8",
        "8:",
        ":",
        "8:abc",
        &digest,
        &format!(":{digest}"),
        &format!("-1:{digest}"),
        &format!("+1:{digest}"),
        &format!("9223372036854775808:{digest}"),
    ] {
        let anchor = format!("--anchor={text}");
        desk.refuses(&["log", "verify", &anchor], 2, "usage");
    }
}
