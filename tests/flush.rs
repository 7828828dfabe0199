//! `task flush`: what is cleared, and that somebody meant it.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::column;

/// A desk with tasks of each kind in each state: three failed runs, two that are done, a waiting
/// run, a waiting letter, a failed one, and a run and a letter in the hands of a worker.
fn full() -> Desk {
    let desk = Desk::new();
    desk.say(&["init"]);
    let task = |kind: &str, state: &str| {
        let lease = if state == "running" {
            "1790100000000"
        } else {
            "NULL"
        };
        desk.tamper(&format!(
            "INSERT INTO tasks (kind, subject, state, created_at, due_at, lease_until)
             VALUES ('{kind}', 'x', '{state}', 1, 9000000000000, {lease})"
        ));
    };
    for (kind, state) in [
        ("purge", "failed"),
        ("purge", "failed"),
        ("prune", "failed"),
        ("purge", "done"),
        ("prune", "done"),
        ("purge", "queued"),
        ("mail", "queued"),
        ("mail", "failed"),
        ("purge", "running"),
        ("mail", "running"),
    ] {
        task(kind, state);
    }
    desk
}

fn left(desk: &Desk) -> Vec<String> {
    column(&desk.json(&["task", "list"]), "task")
}

#[test]
fn each_word_clears_what_it_names_and_never_what_is_running() {
    for (which, said, numbers) in [
        (
            "--failed",
            "Cleared 4 failed tasks.\n",
            ["10", "9", "7", "6", "5", "4"].as_slice(),
        ),
        (
            "--scheduler",
            "Cleared 6 scheduler tasks.\n",
            &["10", "9", "8", "7"],
        ),
        ("--all", "Cleared 8 tasks.\n", &["10", "9"]),
    ] {
        for yes in ["--yes", "--noinput"] {
            let desk = full();
            let done = desk.say(&["task", "flush", which, yes]);
            assert_eq!((done.out.as_str(), done.err.as_str()), ("", said));
            assert_eq!(left(&desk), numbers, "{which}");
            assert_eq!(desk.last_deed()[0], "tasks.flushed");
            let before = desk.deeds();
            let again = desk.json(&["task", "flush", which, yes]);
            assert_eq!(again, json!({"cleared": 0, "which": &which[2..]}));
            assert_eq!(desk.deeds(), before, "nothing was done");
            assert_eq!(desk.run(&["log", "verify"]).exit, 0);
        }
    }
}

#[test]
fn one_task_is_one_task() {
    let desk = full();
    desk.tamper("DELETE FROM tasks WHERE id > 1");
    let done = desk.say(&["task", "flush", "--failed", "--yes"]);
    assert_eq!(done.err, "Cleared 1 failed task.\n");
}

#[test]
fn schedules_stay_when_their_runs_are_cleared() {
    let desk = full();
    desk.say(&[
        "schedule", "add", "x", "--run", "purge", "--every", "daily", "--at", "03:00",
    ]);
    desk.say(&["task", "flush", "--scheduler", "--yes"]);
    desk.pass(86_400);
    desk.say(&["worker", "--once"]);
    assert_eq!(desk.json(&["schedule", "show", "x"])["last_status"], "done");
}

#[test]
fn it_asks_in_these_very_words_and_only_a_yes_clears() {
    for (which, word) in [
        ("--failed", "failed"),
        ("--scheduler", "scheduler"),
        ("--all", "all"),
    ] {
        let desk = full();
        let question = format!("Are you sure you want to clear {word} tasks? ");
        for answers in [["n"].as_slice(), &[""], &[]] {
            let no = desk.talk(&["task", "flush", which], answers);
            assert_eq!(no.exit, 3, "{}", no.err);
            assert!(no.err.starts_with(&question), "{}", no.err);
            assert_eq!(left(&desk).len(), 10);
        }
        let yes = desk.talk(&["task", "flush", which], &["y"]);
        assert_eq!(yes.exit, 0, "{}", yes.err);
        assert!(
            yes.err.starts_with(&format!("{question}Cleared ")),
            "{}",
            yes.err
        );
    }
}

#[test]
fn without_a_terminal_or_a_choice_nothing_is_cleared() {
    let desk = full();
    for which in ["--failed", "--scheduler", "--all"] {
        desk.refuses(&["task", "flush", which], 3, "not_confirmed");
    }
    for args in [
        ["task", "flush"].as_slice(),
        &["task", "flush", "--yes"],
        &["task", "flush", "--failed", "--all", "--yes"],
    ] {
        assert_eq!(desk.run(args).exit, 2, "{args:?}");
    }
    assert_eq!(left(&desk).len(), 10);
    Desk::new().refuses(&["task", "flush", "--all"], 4, "no_store");
}
