//! `purge`: which codes go and when, what stays of them, and who is told.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::asking::{column, fields, hint, with_json};
use crate::harness::faults::under;

pub const DAY: i64 = 86_400;

/// A desk at which the limiter stays out of the way and one page holds everything.
pub fn desk() -> Desk {
    Desk::new()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100")
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "100")
        .with("RECOVERY_CODES_HISTORY_MAX_VISIBLE", "1000")
        .with("RECOVERY_CODES_HISTORY_PER_PAGE", "1000")
}

/// What a purge with these arguments says; it must end with 0.
#[track_caller]
pub fn purge(desk: &Desk, more: &[&str]) -> Value {
    desk.json(&[&["purge"], more].concat())
}

/// Codes and batches a purge with these arguments takes.
#[track_caller]
fn taken(desk: &Desk, more: &[&str]) -> [u64; 2] {
    let answer = purge(desk, more);
    ["codes", "batches"].map(|field| answer[field].as_u64().unwrap())
}

pub fn hints(desk: &Desk, batch: &str) -> Vec<String> {
    let shown = desk.json(&["batch", "show", batch]);
    let rows = shown["codes"].as_array().unwrap();
    rows.iter()
        .map(|row| row["hint"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn each_kind_of_dead_code_goes_when_its_end_is_old_enough_and_not_before() {
    type End = fn(&Desk, &str, &[String]);
    let ends: [(&str, End); 5] = [
        ("used", |desk, _, codes| {
            assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
        }),
        ("invalidated", |desk, _, codes| {
            desk.say(&["code", "invalidate", "alice", hint(&codes[0]), "--yes"]);
        }),
        ("deleted", |desk, _, codes| {
            desk.say(&["code", "delete", "alice", hint(&codes[0]), "--yes"]);
        }),
        ("deleted with its batch", |desk, batch, _| {
            desk.say(&["batch", "delete", batch, "--yes"]);
        }),
        ("superseded", |desk, _, _| {
            desk.issue_with("alice", &["--count", "2"]);
        }),
    ];
    for (kind, end) in ends {
        let desk = desk();
        let codes = desk.issue_with("alice", &["--count", "2"]);
        let batch = desk.active_batch("alice");
        desk.pass(200 * DAY);
        end(&desk, &batch, &codes);
        let ended = desk.query("SELECT COUNT(*) FROM codes WHERE ended_at IS NOT NULL");
        let ended: u64 = ended.parse().unwrap();
        // The batch is old; what counts is when the codes came to their end.
        assert_eq!(taken(&desk, &[]), [0, 0], "{kind}");
        desk.pass(90 * DAY - 1);
        assert_eq!(taken(&desk, &[]), [0, 0], "{kind}");
        desk.pass(1);
        assert_eq!(taken(&desk, &["--retention-days", "91"]), [0, 0], "{kind}");
        assert_eq!(taken(&desk, &[]), [ended, 1], "{kind}");
        assert_eq!(taken(&desk, &[]), [0, 0], "{kind}");
        if ended == 1 {
            assert_eq!(hints(&desk, &batch), [hint(&codes[1])], "{kind}");
            assert_eq!(desk.pipe(&["verify", "alice"], &codes[1]).exit, 0, "{kind}");
        } else {
            assert_eq!(desk.json(&["batch", "show", &batch])["state"], "purged");
        }
        desk.assert_sound();
    }
}

#[test]
fn an_expired_batch_goes_whole_once_its_expiry_is_old_enough() {
    let desk = desk();
    desk.issue_with("alice", &["--expires-in", "10d"]);
    desk.pass(10 * DAY - 1);
    assert_eq!(taken(&desk, &["--retention-days", "0"]), [0, 0]);
    desk.pass(1);
    assert_eq!(taken(&desk, &[]), [0, 0]);
    assert_eq!(taken(&desk, &["--retention-days", "0"]), [10, 1]);
    assert_eq!(desk.query("SELECT COUNT(*) FROM codes"), "0");
    desk.assert_sound();
}

#[test]
fn no_retention_means_now_and_still_takes_no_live_code() {
    let desk = desk();
    let codes = desk.issue("alice");
    for code in &codes[..3] {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    assert_eq!(taken(&desk, &["--retention-days", "0"]), [3, 1]);
    assert_eq!(hints(&desk, &desk.active_batch("alice")).len(), 7);
    for code in &codes[3..] {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    desk.assert_sound();
}

#[test]
fn a_reactivated_code_stays_and_hides_no_dead_code_behind_it() {
    let desk = desk();
    let brought_back = desk.issue("alice");
    let word = |word: &str| {
        desk.say(&["code", word, "alice", hint(&brought_back[0]), "--yes"]);
    };
    word("invalidate");
    desk.pass(60);
    word("reactivate");
    let used = desk.issue("bob");
    assert_eq!(desk.pipe(&["verify", "bob"], &used[0]).exit, 0);
    desk.pass(91 * DAY);
    assert_eq!(taken(&desk, &["--chunk", "1", "--dry-run"]), [1, 1]);
    assert_eq!(taken(&desk, &["--chunk", "1"]), [1, 1]);
    assert_eq!(desk.pipe(&["verify", "alice"], &brought_back[0]).exit, 0);
    desk.assert_sound();
}

#[test]
fn a_batch_with_fewer_rows_than_its_counts_say_is_closed_and_not_looked_at_for_ever() {
    let desk = desk();
    desk.issue_with("alice", &["--expires-in", "1d"]);
    desk.issue("bob");
    desk.pass(2 * DAY);
    desk.tamper("DELETE FROM codes WHERE batch_id = 1 AND position > 4");
    assert_eq!(
        taken(&desk, &["--retention-days", "0", "--chunk", "3"]),
        [4, 1]
    );
    assert_eq!(
        desk.query("SELECT dead_from FROM batches WHERE id = 1"),
        "null"
    );
    let check = desk.run(&["check"]);
    assert_eq!(check.exit, 1, "that rows are missing is still found");
}

#[test]
fn a_trial_run_counts_what_the_run_takes_and_changes_nothing() {
    let desk = desk();
    for user in ["alice", "bob", "carol"] {
        desk.issue_with(user, &["--count", "4", "--expires-in", "1d"]);
    }
    desk.pass(200 * DAY);
    for (more, want, left) in [
        (["--max", "6"].as_slice(), [6, 2], 6),
        (&["--max", "100"], [6, 2], 0),
    ] {
        let before = desk.query("SELECT group_concat(seq) FROM sqlite_sequence");
        let deeds = desk.deeds();
        let trial = purge(&desk, &[more, &["--dry-run"]].concat());
        assert_eq!(trial["dry_run"], true);
        assert_eq!(trial["skipped"], left);
        assert_eq!(
            [&trial["codes"], &trial["batches"]],
            [&json!(want[0]), &json!(want[1])]
        );
        assert_eq!(
            desk.query("SELECT group_concat(seq) FROM sqlite_sequence"),
            before
        );
        assert_eq!(desk.deeds(), deeds);
        let run = purge(&desk, more);
        for field in ["codes", "batches", "skipped"] {
            assert_eq!(run[field], trial[field], "{field}");
        }
    }
    let said = desk.say(&["purge", "--dry-run"]);
    assert_eq!(said.err, "A purge would delete 0 codes of 0 batches.\n");
}

#[test]
fn a_limit_is_exact_across_chunks_and_unlimited_has_two_spellings() {
    let desk = desk();
    desk.issue_with("alice", &["--count", "20", "--expires-in", "1d"]);
    desk.pass(100 * DAY);
    let max = |most: &str, chunk: &str| taken(&desk, &["--max", most, "--chunk", chunk])[0];
    assert_eq!(max("7", "3"), 7);
    assert_eq!(max("1", "5"), 1);
    assert_eq!(max("4", "4"), 4);
    assert_eq!(max("-1", "3"), 8);
    desk.issue_with("bob", &["--count", "5", "--expires-in", "1d"]);
    desk.pass(100 * DAY);
    assert_eq!(max("unlimited", "2"), 5);
    let limited = desk.with("RECOVERY_CODES_PURGE_MAX_PER_RUN", "2");
    limited.issue_with("carol", &["--count", "3", "--expires-in", "1d"]);
    limited.pass(100 * DAY);
    assert_eq!(taken(&limited, &[]), [2, 1]);
    assert_eq!(taken(&limited, &["--max=-1"]), [1, 1]);
    limited.assert_sound();
}

#[test]
fn emptied_batches_are_purged_or_keep_their_state_in_lists() {
    for (more, state) in [
        ([].as_slice(), "purged"),
        (&["--keep-empty-batches"], "superseded"),
    ] {
        let desk = desk();
        desk.issue("alice");
        let old = desk.active_batch("alice");
        desk.pass(61);
        desk.issue("alice");
        desk.pass(100 * DAY);
        assert_eq!(taken(&desk, more), [10, 1]);
        let shown = desk.json(&["batch", "show", &old]);
        assert_eq!(shown["state"], state);
        assert_eq!([&shown["purged"], &shown["issued"]], [10, 10]);
        let list = desk.json(&["batch", "list", "--state", state]);
        assert_eq!(column(&list, "batch"), [&*old]);
        let history = desk.json(&["history", "alice"]);
        assert!(column(&history, "batch").contains(&old));
        assert_eq!(taken(&desk, more), [0, 0]);
        desk.assert_sound();
    }
}

#[test]
fn a_user_whose_whole_batch_was_used_and_purged_goes_on_as_one_without_codes() {
    for more in [[].as_slice(), &["--keep-empty-batches"]] {
        let desk = desk();
        for code in desk.issue("alice") {
            assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
        }
        assert_eq!(
            taken(&desk, &[more, &["--retention-days", "0"]].concat()),
            [10, 1]
        );
        assert_eq!(desk.json(&["user", "show", "alice"])["remaining"], 0);
        let list = desk.json(&["user", "list", "--codes", "none"]);
        assert_eq!(column(&list, "user"), ["alice"]);
        desk.say(&["status"]);
        desk.say(&["code", "list", "alice"]);
        desk.pass(61);
        let codes = desk.issue("alice");
        assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
        assert_eq!(desk.json(&["history", "alice"])["total"], 2);
        desk.assert_sound();
    }
}

#[test]
fn a_run_leaves_a_row_of_history_an_audit_entry_and_its_numbers_by_batch() {
    let desk = desk();
    let (alice, bob) = (desk.issue("alice"), desk.issue("bob"));
    desk.issue("carol");
    for code in &alice[..3] {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    assert_eq!(desk.pipe(&["verify", "bob"], &bob[0]).exit, 0);
    let batches = [desk.active_batch("alice"), desk.active_batch("bob")];
    let answer = purge(&desk, &["--retention-days", "0", "--chunk", "2"]);
    assert_eq!(
        fields(&answer),
        [
            "batches",
            "codes",
            "dry_run",
            "free",
            "given_back",
            "interrupted",
            "retention_days",
            "seconds",
            "skipped"
        ]
    );
    assert_eq!(
        [&answer["codes"], &answer["batches"], &answer["skipped"]],
        [4, 2, 0]
    );
    assert_eq!(answer["dry_run"], false);
    assert!(answer["seconds"].is_number(), "{answer}");
    assert_eq!(desk.last_deed()[0], "codes.purged");
    let details = desk.audit()[0]["details"].as_str().unwrap().to_owned();
    for (batch, codes) in batches.iter().zip([3, 1]) {
        assert!(
            details.contains(&format!("{}: {codes}", &batch[..8])),
            "{details}"
        );
    }
    purge(&desk, &["--retention-days", "0"]);
    let runs = desk.json(&["log", "purges"]);
    assert_eq!(column(&runs, "codes"), ["0", "4"]);
    assert_eq!(column(&runs, "finished"), ["true", "true"]);
    assert_eq!(column(&runs, "actor"), ["tester", "tester"]);
    let first = runs["items"][1]["run"].to_string();
    let of_run = desk.json(&["log", "purges", "--run", &first]);
    assert_eq!(column(&of_run, "batch"), batches);
    assert_eq!(column(&of_run, "codes"), ["3", "1"]);
    let of_user = |user: &str| desk.json(&["log", "purges", "--user", user])["total"].clone();
    assert_eq!(
        [of_user("alice"), of_user("bob"), of_user("carol")],
        [1, 1, 0]
    );
    assert_eq!(
        desk.json(&["log", "purges", "--action", "interrupted"])["total"],
        0
    );
    desk.assert_sound();
}

#[test]
fn it_is_silent_for_cron_and_says_one_line_when_asked() {
    let desk = desk();
    desk.issue_with("alice", &["--expires-in", "1d"]);
    desk.pass(100 * DAY);
    let verbose = desk.say(&["purge", "-v", "--max", "4"]);
    assert_eq!(verbose.out, "");
    assert_eq!(verbose.err.lines().count(), 1, "{}", verbose.err);
    assert!(
        verbose.err.starts_with("Purged 4 codes of 1 batch in "),
        "{}",
        verbose.err
    );
    assert!(
        verbose.err.ends_with("; 6 codes left for the next run.\n"),
        "{}",
        verbose.err
    );
    for _ in 0..2 {
        let silent = desk.run(&["purge", "--retention-days", "0"]);
        assert_eq!(
            (silent.exit, silent.out.as_str(), silent.err.as_str()),
            (0, "", "")
        );
    }
}

/// The letters that left, in the order of their names.
fn letters(desk: &Desk) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(desk.store().with_file_name("mail")) else {
        return Vec::new();
    };
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn the_administrator_gets_the_report_that_the_settings_ask_for() {
    for (when, empty, full) in [("always", 1, 1), ("changes", 0, 1), ("never", 0, 0)] {
        let desk = desk()
            .with("RECOVERY_CODES_MAIL_BACKEND", "file")
            .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
            .with("RECOVERY_CODES_MAIL_REPORT_TO", "root@example.org")
            .with("RECOVERY_CODES_PURGE_REPORT", when);
        desk.issue_with("alice", &["--expires-in", "1d"]);
        desk.pass(100 * DAY);
        let silent = desk.say(&["purge", "--retention-days", "1000"]);
        assert_eq!((silent.out.as_str(), silent.err.as_str()), ("", ""));
        assert_eq!(letters(&desk).len(), empty, "{when}");
        assert!(letters(&desk).iter().all(|text| !text.contains("alice")));
        desk.say(&["purge"]);
        let sent = letters(&desk);
        assert_eq!(sent.len(), empty + full, "{when}");
        assert!(
            sent.iter()
                .all(|text| text.contains("To: root@example.org"))
        );
        let of_alice = sent.iter().filter(|text| text.contains("alice"));
        assert_eq!(of_alice.count(), full, "{sent:?}");
        // A trial run is nobody's news.
        desk.say(&["purge", "--dry-run"]);
        assert_eq!(letters(&desk).len(), empty + full, "{when}");
        desk.assert_sound();
    }
}

#[test]
fn a_run_is_written_to_the_log_file_when_the_settings_say_so() {
    for (log, lines) in [("true", 1), ("false", 0)] {
        let desk = desk();
        let file = desk.home().join("run.log");
        let desk = desk
            .with("RECOVERY_CODES_LOG_FILE", file.to_str().unwrap())
            .with("RECOVERY_CODES_PURGE_LOG", log);
        for code in &desk.issue("alice")[..2] {
            assert_eq!(desk.spawn(&["verify", "alice"], code).exit, 0);
        }
        let run = desk.spawn(&["purge", "--retention-days", "0"], "");
        assert_eq!((run.exit, run.err.as_str()), (0, ""));
        let text = std::fs::read_to_string(&file).unwrap();
        let purges: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("purge run="))
            .collect();
        assert_eq!(purges.len(), lines, "{text}");
        assert!(purges.iter().all(|line| line.contains("codes=2")), "{text}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = desk();
    desk.issue("alice");
    for args in [
        ["purge", "--max", "0"].as_slice(),
        &["purge", "--max", "-2"],
        &["purge", "--max", "some"],
        &["purge", "--chunk", "0"],
        &["purge", "--retention-days", "-1"],
        &["purge", "--retention-days", "36501"],
    ] {
        let said = desk.run(args);
        assert_eq!((said.exit, said.out.as_str()), (2, ""), "{args:?}");
        let json = desk.run(&with_json(args));
        assert_eq!(
            (json.exit, &json.error()["kind"]),
            (2, &json!("usage")),
            "{args:?}"
        );
    }
    desk.refuses(&["log", "purges", "--run", "7"], 3, "unknown_purge");
    Desk::new().refuses(&["purge"], 4, "no_store");
}

/// Nothing a purge asks of the store walks over all codes.
#[test]
fn every_statement_goes_by_the_index_of_dead_batches_or_by_primary_keys() {
    let desk = desk();
    desk.issue("alice");
    let connection = rusqlite::Connection::open(desk.store()).unwrap();
    let source = concat!(
        include_str!("../../src/store/dead.rs"),
        include_str!("../../src/store/purges.rs")
    );
    let dead = "(c.ended_at <= :cutoff OR b.expires_at <= :cutoff)";
    assert!(source.contains(&format!("\"{dead}\"")));
    // What is put into another statement is tried in it.
    let changes = source
        .split('"')
        .find(|text| text.starts_with(", dead_from = (SELECT"));
    let mut looked = 0;
    // Statements are the texts in quotation marks of the part that purges.
    let part = source.split("pub fn plan").nth(1).unwrap();
    let part = part.split("/// Begins a run.").next().unwrap();
    for text in part.split('"').skip(1).step_by(2) {
        if !["SELECT", "DELETE", "UPDATE", "INSERT"]
            .iter()
            .any(|word| text.starts_with(word))
        {
            continue;
        }
        looked += 1;
        let sql = format!(
            "EXPLAIN QUERY PLAN {}",
            text.replace("{DEAD}", dead)
                .replace("{IDS}", "?2, ?3")
                .replace("{and_state}", ", state = 'purged'")
                .replace("{changes}", changes.unwrap())
                .replace("{condition}", "AND ended_at <= ?1")
        );
        let mut statement = connection.prepare(&sql).unwrap();
        let mut rows = statement.raw_query();
        let mut steps: Vec<String> = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get(3).unwrap());
        }
        for step in &steps {
            let is_scan = step.starts_with("SCAN") && !step.contains("SCAN (subquery");
            assert!(
                !is_scan && !step.contains("TEMP B-TREE"),
                "{text}: {steps:?}"
            );
        }
        if text.contains("dead_from <= :cutoff") {
            assert!(steps[0].contains("USING INDEX batches_dead"), "{steps:?}");
        }
    }
    assert!(looked >= 9, "{looked} statements");
}

#[test]
fn chunks_do_not_wait_for_the_disk_and_the_end_of_the_run_does() {
    let desk = Desk::in_file();
    desk.issue("alice");
    desk.pass(DAY);
    desk.issue("alice");
    let args = ["purge", "--retention-days", "0", "--chunk", "1"];
    let (ended, calls) = under(None, || desk.run(&args));
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert_eq!(desk.query("SELECT COUNT(*) FROM codes"), "10");
    let waits = calls.iter().filter(|call| **call == c"fsync").count();
    assert!(
        (1..10).contains(&waits),
        "{waits} for ten chunks: {calls:?}"
    );
    let last = |name| calls.iter().rposition(|call| *call == name);
    assert!(last(c"fsync") > last(c"pwrite64"), "{calls:?}");
}
