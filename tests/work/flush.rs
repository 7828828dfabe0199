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
    schedule(&desk, "nightly");
    schedule(&desk, "weekly");
    desk
}

fn schedule(desk: &Desk, name: &str) {
    desk.say(&[
        "schedule", "add", name, "--run", "purge", "--every", "daily", "--at", "03:00",
    ]);
}

fn left(desk: &Desk) -> Vec<String> {
    column(&desk.json(&["task", "list"]), "task")
}

fn schedules(desk: &Desk) -> usize {
    column(&desk.json(&["schedule", "list"]), "schedule").len()
}

#[test]
fn each_word_clears_what_it_names_and_never_what_is_running() {
    for (which, said, numbers, schedules_left, counts) in [
        (
            "--failed",
            "Cleared 4 failed tasks.\n",
            ["10", "9", "7", "6", "5", "4"].as_slice(),
            2,
            [4, 0, 0, 4, 0],
        ),
        (
            "--scheduler",
            "Cleared 2 schedules, 1 waiting task, 3 failed tasks and 2 finished tasks.\n",
            &["10", "9", "8", "7"],
            0,
            [8, 2, 1, 3, 2],
        ),
        (
            "--all",
            "Cleared 2 schedules, 2 waiting tasks, 4 failed tasks and 2 finished tasks.\n",
            &["10", "9"],
            0,
            [10, 2, 2, 4, 2],
        ),
    ] {
        let json = |[cleared, schedules, waiting, failed, done]: [u64; 5]| {
            json!({
                "cleared": cleared, "which": &which[2..], "schedules": schedules,
                "waiting": waiting, "failed": failed, "done": done,
            })
        };
        for yes in ["--yes", "--noinput"] {
            let desk = full();
            let done = desk.say(&["task", "flush", which, yes]);
            assert_eq!((done.out.as_str(), done.err.as_str()), ("", said));
            assert_eq!(left(&desk), numbers, "{which}");
            assert_eq!(schedules(&desk), schedules_left, "{which}");
            let last = desk.audit()[0].clone();
            assert_eq!(last["action"], "tasks.flushed");
            let details = format!(
                "{}, {}",
                &which[2..],
                &said["Cleared ".len()..said.len() - 2]
            );
            assert_eq!(last["details"], details);
            let removed = "SELECT COUNT(*) FROM audit WHERE action = 'schedule.removed'";
            assert_eq!(desk.query(removed), (2 - schedules_left).to_string());
            let before = desk.deeds();
            // With nothing to clear there is nothing to ask.
            assert_eq!(desk.json(&["task", "flush", which]), json([0; 5]));
            let again = desk.say(&["task", "flush", which]).err;
            assert_eq!(again, "Cleared nothing.\n");
            assert_eq!(desk.deeds(), before, "nothing was done");
            assert_eq!(desk.run(&["log", "verify"]).exit, 0);
            let other = full();
            assert_eq!(other.json(&["task", "flush", which, yes]), json(counts));
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
fn a_run_in_hand_ends_after_its_schedule_was_cleared() {
    let desk = full();
    desk.tamper("UPDATE tasks SET schedule_id = (SELECT MIN(id) FROM schedules) WHERE id = 9");
    desk.say(&["task", "flush", "--scheduler", "--yes"]);
    let task = desk.json(&["task", "show", "9"]);
    assert_eq!(task["state"], "running");
    // Its worker died; the next one takes it up when the lease is over.
    desk.pass(1_000_000_000);
    desk.run(&["worker", "--once"]);
    assert_ne!(desk.json(&["task", "show", "9"])["state"], "running");
    // The name is free again.
    schedule(&desk, "nightly");
    assert_eq!(schedules(&desk), 1);
    assert_eq!(desk.run(&["log", "verify"]).exit, 0);
}

#[test]
fn it_asks_in_these_very_words_and_only_a_yes_clears() {
    for (which, word, there) in [
        ("--failed", "failed", "4 failed tasks"),
        (
            "--scheduler",
            "scheduler",
            "2 schedules, 1 waiting task, 3 failed tasks and 2 finished tasks",
        ),
        (
            "--all",
            "all",
            "2 schedules, 2 waiting tasks, 4 failed tasks and 2 finished tasks",
        ),
    ] {
        let desk = full();
        let question =
            format!("This clears {there}. Are you sure you want to clear {word} tasks? ");
        for answers in [["n"].as_slice(), &[""], &[]] {
            let no = desk.talk(&["task", "flush", which], answers);
            assert_eq!(no.exit, 3, "{}", no.err);
            assert!(no.err.starts_with(&question), "{}", no.err);
            assert_eq!((left(&desk).len(), schedules(&desk)), (10, 2));
        }
        let yes = desk.talk(&["task", "flush", which], &["y"]);
        assert_eq!(yes.exit, 0, "{}", yes.err);
        assert_eq!(yes.err, format!("{question}Cleared {there}.\n"));
    }
}

#[test]
fn without_a_terminal_or_a_choice_nothing_is_cleared() {
    let desk = full();
    for which in ["--failed", "--scheduler", "--all"] {
        let said = desk.refuses(&["task", "flush", which], 3, "not_confirmed");
        let word = &which[2..];
        assert!(
            said.contains(&format!("{word} tasks are cleared: ")),
            "{said}"
        );
    }
    for args in [
        ["task", "flush"].as_slice(),
        &["task", "flush", "--yes"],
        &["task", "flush", "--failed", "--all", "--yes"],
    ] {
        assert_eq!(desk.run(args).exit, 2, "{args:?}");
    }
    assert_eq!((left(&desk).len(), schedules(&desk)), (10, 2));
    Desk::new().refuses(&["task", "flush", "--all"], 4, "no_store");
}
