//! `log prune` and the pruning by itself: what goes from the logs, and that the chain still holds.

use serde_json::Value;

use crate::harness::asking::column;
use crate::harness::{Desk, ended};

const DAY: i64 = 86_400;

/// The logs with their sizes as the answer names them.
const LOGS: [(&str, &str); 4] = [
    ("audit", "audit"),
    ("verify_attempts", "attempts"),
    ("email", "mail_log"),
    ("purges", "purges"),
];

/// A desk with something in every log.
fn busy() -> Desk {
    busy_at(Desk::new())
}

fn busy_at(desk: Desk) -> Desk {
    let desk = desk
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_LOG", "true");
    live(&desk, "alice");
    desk
}

/// Entries in every log.
fn live(desk: &Desk, user: &str) {
    let email = format!("{user}@example.org");
    desk.say(&["user", "add", user, "--email", &email]);
    let codes = desk.issue(user);
    assert_eq!(desk.pipe(&["verify", user], &codes[0]).exit, 0);
    assert_eq!(desk.pipe(&["verify", user], &codes[0]).exit, 1);
    desk.say(&["purge"]);
}

fn sizes(desk: &Desk) -> [u64; 4] {
    LOGS.map(|(_, table)| {
        let size = desk.query(&format!("SELECT COUNT(*) FROM {table}"));
        size.parse().unwrap()
    })
}

fn numbers(answer: &Value) -> [u64; 4] {
    LOGS.map(|(field, _)| answer[field].as_u64().unwrap())
}

#[test]
fn what_is_older_than_the_retention_goes_from_every_log_and_the_chain_holds() {
    let desk = busy();
    let old = sizes(&desk);
    assert!(old.iter().all(|size| *size > 0), "{old:?}");
    desk.pass(20 * DAY);
    live(&desk, "bob");
    let all = sizes(&desk);
    desk.pass(10 * DAY);
    assert_eq!(numbers(&desk.json(&["log", "prune"])), [0; 4]);
    assert_eq!(sizes(&desk), all, "no deed, no entry");
    desk.pass(1);
    let trial = desk.json(&["log", "prune", "--dry-run"]);
    assert_eq!(
        (numbers(&trial), &trial["dry_run"]),
        (old, &Value::Bool(true))
    );
    assert_eq!(sizes(&desk), all);
    let said = desk.say(&["log", "prune", "--dry-run"]);
    let total: u64 = old.iter().sum();
    assert_eq!(said.err, format!("Pruning would delete {total} entries.\n"));
    let done = desk.json(&["log", "prune"]);
    assert_eq!(
        (numbers(&done), &done["retention_days"]),
        (old, &Value::from(30))
    );
    // Its own entry is new.
    let left = [0, 1, 2, 3].map(|log| all[log] - old[log] + u64::from(log == 0));
    assert_eq!(sizes(&desk), left);
    assert_eq!(desk.last_deed()[0], "log.pruned");
    let chain = desk.json(&["log", "verify"]);
    assert_eq!(
        [&chain["entries"], &chain["pruned"]],
        [left[0], old[0]],
        "{chain}"
    );
    desk.assert_sound();
}

#[test]
fn no_retention_leaves_only_what_is_of_this_moment_and_silence() {
    let desk = busy();
    desk.pass(1);
    let silent = desk.run(&["log", "prune", "--retention-days", "0"]);
    assert_eq!(
        (silent.exit, silent.out.as_str(), silent.err.as_str()),
        (0, "", "")
    );
    assert_eq!(sizes(&desk), [1, 0, 0, 0]);
    let again = desk.say(&["log", "prune", "--retention-days", "0", "-v"]);
    assert_eq!(again.err, "Pruned 0 entries.\n");
    // The codes and what became of them are no log.
    assert_eq!(desk.json(&["history", "alice"])["total"], 1);
    live(&desk, "bob");
    desk.assert_sound();
}

#[test]
fn it_can_be_done_again_and_again_and_every_page_is_right() {
    let desk = busy().with("RECOVERY_CODES_HISTORY_PER_PAGE", "3");
    for round in 0..4 {
        desk.pass(10 * DAY);
        live(&desk, &format!("user{round}"));
        desk.say(&["log", "prune", "--retention-days", "15"]);
        desk.assert_sound();
        for (word, key, field) in [
            (
                "audit",
                "SELECT group_concat(number) FROM (SELECT number FROM audit ORDER BY number DESC) AS x",
                "number",
            ),
            (
                "purges",
                "SELECT group_concat(id) FROM (SELECT id FROM purges ORDER BY id DESC) AS x",
                "run",
            ),
            (
                "verify-attempts",
                "SELECT group_concat(outcome) FROM (SELECT outcome FROM attempts ORDER BY id DESC) AS x",
                "outcome",
            ),
        ] {
            let first = desk.json(&["log", word]);
            let mut found = column(&first, field);
            for page in 2..=first["pages"].as_u64().unwrap() {
                let next = desk.json(&["log", word, "--page", &page.to_string()]);
                assert_eq!(next["total"], first["total"]);
                found.extend(column(&next, field));
            }
            assert_eq!(found.len() as u64, first["total"].as_u64().unwrap());
            assert_eq!(found.join(","), desk.query(key), "{word}");
        }
    }
}

#[test]
fn a_clock_that_went_back_loses_nothing_and_one_that_was_ahead_holds_nothing_up() {
    let desk = busy();
    // A start without a clock: everything says 1970.
    desk.pass(100 * DAY);
    desk.issue("recent");
    desk.tamper("UPDATE attempts SET at = 5 WHERE id = (SELECT MAX(id) FROM attempts)");
    let codes = desk.issue("later");
    assert_eq!(desk.pipe(&["verify", "later"], &codes[0]).exit, 0);
    desk.tamper("UPDATE attempts SET at = 5 WHERE id = (SELECT MAX(id) FROM attempts)");
    // A clock that was years ahead once.
    desk.tamper("UPDATE attempts SET at = 9000000000000 WHERE id = 1");
    let trial = desk.json(&["log", "prune", "--dry-run"]);
    assert_eq!(numbers(&desk.json(&["log", "prune"])), numbers(&trial));
    let outcomes = "SELECT COALESCE(group_concat(at), '') FROM attempts WHERE at > 10";
    assert_eq!(desk.query(outcomes), "");
    desk.assert_sound();

    // What was written ahead of everything recent stays until something after it is old.
    let desk = busy();
    desk.pass(-10 * DAY);
    desk.accept_clock();
    live(&desk, "back");
    let all = sizes(&desk);
    assert_eq!(
        numbers(&desk.json(&["log", "prune", "--retention-days", "0"])),
        [0; 4]
    );
    assert_eq!(sizes(&desk), all);
    desk.pass(1);
    let gone = numbers(&desk.json(&["log", "prune", "--retention-days", "0"]));
    assert_eq!(gone, all, "those from the future stood before old ones");
    desk.say(&["log", "verify"]);
}

#[test]
fn a_chain_that_does_not_hold_is_not_touched() {
    let desk = busy();
    desk.pass(40 * DAY);
    desk.tamper(
        "DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'nobody' WHERE number = 2",
    );
    for args in [["log", "prune"].as_slice(), &["log", "prune", "--dry-run"]] {
        let said = desk.refuses(args, 3, "wrong_state");
        assert!(said.contains("entry 2"), "{said}");
    }
    Desk::new().refuses(&["log", "prune"], 4, "no_store");
}

#[test]
fn the_worker_prunes_once_a_day_if_the_settings_say_so() {
    const PRUNED: &str = "SELECT COUNT(*) FROM audit WHERE action = 'log.pruned'";
    let desk = busy();
    desk.pass(40 * DAY);
    desk.say(&["worker", "--once"]);
    assert_eq!(desk.query(PRUNED), "0", "nobody asked for it");
    let desk = desk.with("RECOVERY_CODES_AUDIT_AUTO_PRUNE", "true");
    let silent = desk.say(&["worker", "--once"]);
    assert_eq!((silent.out.as_str(), silent.err.as_str()), ("", ""));
    assert_eq!(desk.query(PRUNED), "1");
    // Something is old again before the day is over.
    live(&desk, "bob");
    let desk = desk.with("RECOVERY_CODES_AUDIT_RETENTION_DAYS", "0");
    desk.pass(DAY - 1);
    desk.say(&["worker", "--once"]);
    assert_eq!(desk.query(PRUNED), "1");
    desk.pass(1);
    for _ in 0..3 {
        desk.say(&["worker", "--once"]);
    }
    assert_eq!(desk.query(PRUNED), "1", "its own entry is all there is");
    assert_eq!(sizes(&desk), [1, 0, 0, 0]);
    // A clock that went back does not keep it waiting.
    desk.pass(-300 * DAY);
    assert_eq!(desk.run(&["worker", "--once"]).exit, 4);
    desk.accept_clock();
    desk.say(&["worker", "--once"]);
    desk.pass(2);
    live(&desk, "carol");
    desk.pass(2 * DAY);
    desk.say(&["worker", "--once"]);
    assert_eq!(sizes(&desk), [1, 0, 0, 0]);
    desk.say(&["log", "verify"]);
}

#[test]
fn a_broken_chain_ends_the_pruning_by_itself_as_a_failure() {
    let desk = busy().with("RECOVERY_CODES_AUDIT_AUTO_PRUNE", "true");
    desk.pass(40 * DAY);
    desk.tamper(
        "DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'nobody' WHERE number = 2",
    );
    let all = sizes(&desk);
    let worker = desk.run(&["worker", "--once"]);
    assert_eq!(worker.exit, 4);
    assert!(worker.err.contains("entry 2"), "{}", worker.err);
    assert_eq!(sizes(&desk), all);
}

#[test]
fn killed_in_the_middle_it_leaves_a_chain_that_holds_and_goes_on() {
    const MANY: u64 = 60_000;
    let desk = busy_at(Desk::in_file());
    desk.tamper(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
         INSERT INTO attempts (at, purpose, outcome, actor) SELECT 2000, 'verify', 'wrong', 'x' FROM n;
         UPDATE attempts SET at = 1000"
    ));
    let left = || {
        desk.query("SELECT COUNT(*) FROM attempts")
            .parse::<u64>()
            .unwrap()
    };
    let all = left();
    let prune = ["log", "prune", "--retention-days", "0"];
    let mut child = desk.process(&prune).spawn().unwrap();
    while left() == all {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
    }
    child.kill().unwrap();
    let killed = ended(child.wait_with_output().unwrap());
    assert_eq!(killed.exit, 255);
    assert!((1..all).contains(&left()), "it was not interrupted");
    desk.assert_sound();
    let page = desk.json(&["log", "verify-attempts"]);
    assert_eq!(page["total"], left());
    desk.go_ahead();
    desk.say(&prune);
    assert_eq!(left(), 0);
    desk.assert_sound();
}
