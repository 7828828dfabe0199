//! `worker`: once and as a service, beside others of its kind, killed, locked out, and alone.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command};

use recovery_codes::model::time;
use recovery_codes::store::Store;
use serde_json::json;

use crate::harness::asking::column;
use crate::harness::{Desk, ended};

/// A desk with a purge that keeps nothing and is not due, and this many used codes.
fn desk(codes: u64) -> Desk {
    let desk = Desk::new();
    desk.say(&["user", "add", "old"]);
    desk.say(&[
        "schedule",
        "add",
        "clean",
        "--run",
        "purge",
        "--every",
        "yearly",
        "--at",
        "2200-01-01",
        "--retention-days",
        "0",
    ]);
    if codes > 0 {
        desk.fill(&format!(
            "INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by,
                                  ended_at, ended_by, issued, used, dead_from)
             VALUES ('00000000DEADBEEF', 1, 1, 'superseded', 'full', 1, 1000, 'x', 1000, 'x', {codes}, {codes}, 1000);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {codes})
             INSERT INTO codes (batch_id, position, hint, hash, key_id, state, ended_at)
             SELECT 1, i, 'h' || i, 'x', (SELECT id FROM keys), 'used', 1000 FROM n"
        ));
    }
    desk
}

/// Queues this many runs of it, due since ever.
fn queue(desk: &Desk, tasks: u64) {
    desk.tamper(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {tasks})
         INSERT INTO tasks (kind, subject, state, created_at, due_at, schedule_id)
         SELECT 'purge', 'clean', 'queued', 1, 1, 1 FROM n"
    ));
}

fn number(desk: &Desk, sql: &str) -> i64 {
    desk.query(sql).parse().unwrap()
}

/// Waits until the store says so; the program must not end meanwhile.
fn until(desk: &Desk, child: &mut Child, condition: &str) {
    while number(desk, &format!("SELECT {condition}")) == 0 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before {condition}"
        );
        std::thread::yield_now();
    }
}

/// Asks the program to end, which it does, with 0 and in silence on standard output.
fn terminate(child: Child) -> String {
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-s", "TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let done = ended(child.wait_with_output().unwrap());
    assert_eq!((done.exit, done.out.as_str()), (0, ""), "{}", done.err);
    done.err
}

#[test]
fn where_nothing_is_due_it_ends_at_once_in_silence() {
    let desk = desk(0);
    let done = desk.spawn(&["worker", "--once"], "");
    assert_eq!(
        (done.exit, done.out.as_str(), done.err.as_str()),
        (0, "", "")
    );
    let before = desk.deeds();
    assert_eq!(
        desk.json(&["worker", "--once"]),
        json!({"done": 0, "later": 0, "failed": 0})
    );
    assert_eq!(desk.deeds(), before);
    queue(&desk, 2);
    assert_eq!(
        desk.say(&["worker", "--once", "-v"]).err,
        "Done: 2 tasks.\n"
    );
    for args in [["worker", "--once"].as_slice(), &["worker"]] {
        Desk::new().refuses(args, 4, "no_store");
    }
}

#[test]
fn what_does_not_succeed_is_told_with_its_task() {
    let desk = desk(0);
    desk.say(&["schedule", "edit", "clean", "--run", "prune"]);
    desk.tamper(
        "DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'nobody' WHERE number = 1",
    );
    queue(&desk, 3);
    let done = desk.run(&["--json", "worker", "--once"]);
    assert_eq!(done.exit, 4);
    let error = done.error();
    assert_eq!(error["kind"], "task");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("task 1 did not succeed: the audit chain"),
        "{message}"
    );
    assert!(message.ends_with(", and 2 tasks more"), "{message}");
}

#[test]
fn of_four_workers_at_once_no_two_run_the_same_task() {
    const TASKS: u64 = 40;
    let desk = desk(0);
    queue(&desk, TASKS);
    let args: &[&str] = &["--json", "worker", "--once"];
    let all = desk.race(&[(args, ""); 4]);
    let done: u64 = all
        .iter()
        .map(|ended| ended.json()["done"].as_u64().unwrap())
        .sum();
    assert_eq!(done, TASKS);
    assert_eq!(number(&desk, "SELECT COUNT(*) FROM purges"), 40);
    assert_eq!(number(&desk, "SELECT MAX(tries) FROM tasks"), 1);
    assert_eq!(
        column(&desk.json(&["task", "list", "--state", "done"]), "tries")[0],
        "1"
    );
    desk.assert_sound();
}

#[test]
fn the_task_of_a_killed_worker_is_taken_up_again_when_its_lease_is_over() {
    let desk = desk(3000).with("RECOVERY_CODES_PURGE_CHUNK", "1");
    queue(&desk, 1);
    let mut worker = desk.process(&["worker", "--once"]).spawn().unwrap();
    until(&desk, &mut worker, "purged > 0 FROM batches");
    worker.kill().unwrap();
    worker.wait().unwrap();
    let left = number(&desk, "SELECT COUNT(*) FROM codes");
    assert!(left > 0, "it was not interrupted");
    assert_eq!(desk.json(&["task", "show", "1"])["state"], "running");
    let lease = number(&desk, "SELECT lease_until FROM tasks");
    desk.set_clock(&time::from_millis(lease - 1).to_string());
    desk.say(&["worker", "--once"]);
    assert_eq!(
        number(&desk, "SELECT COUNT(*) FROM codes"),
        left,
        "it may still be at work"
    );
    desk.set_clock(&time::from_millis(lease).to_string());
    desk.say(&["worker", "--once"]);
    let task = desk.json(&["task", "show", "1"]);
    assert_eq!(
        [&task["state"], &task["tries"]],
        [&json!("done"), &json!(2)]
    );
    assert_eq!(number(&desk, "SELECT COUNT(*) FROM codes"), 0);
    assert_eq!(number(&desk, "SELECT SUM(codes) FROM purges"), 3000);
    desk.assert_sound();
}

#[test]
fn a_lease_longer_than_any_task_may_run_keeps_nobody_waiting() {
    let desk = desk(0);
    queue(&desk, 2);
    desk.tamper(
        "UPDATE tasks SET state = 'running', tries = 1,
                lease_until = 1790000000000 + CASE id WHEN 1 THEN 86400000 ELSE 86400001 END",
    );
    desk.say(&["worker", "--once"]);
    assert_eq!(
        column(&desk.json(&["task", "list"]), "state"),
        ["done", "running"]
    );
    assert_eq!(desk.json(&["task", "show", "2"])["tries"], 2);
}

#[test]
fn what_was_interrupted_too_often_has_failed_and_its_schedule_says_so() {
    let desk = desk(0).with("RECOVERY_CODES_TASK_MAX_TRIES", "2");
    queue(&desk, 1);
    desk.tamper("UPDATE tasks SET state = 'running', tries = 2, lease_until = 2");
    let done = desk.run(&["worker", "--once"]);
    assert_eq!(done.exit, 4, "{}", done.err);
    assert_eq!(desk.json(&["task", "show", "1"])["state"], "failed");
    let schedule = desk.json(&["schedule", "show", "clean"]);
    assert_eq!(
        [&schedule["last_status"], &schedule["last_error"]],
        ["failed", "interrupted"]
    );
    assert_eq!(desk.run(&["worker", "--once"]).exit, 0);
    desk.say(&["task", "retry", "1"]);
    desk.say(&["worker", "--once"]);
    assert_eq!(
        desk.json(&["schedule", "show", "clean"])["last_status"],
        "done"
    );
}

#[test]
fn a_run_longer_than_a_task_may_take_goes_on_until_all_is_done() {
    let desk = desk(5000)
        .with("RECOVERY_CODES_PURGE_CHUNK", "1")
        .with("RECOVERY_CODES_TASK_TIMEOUT", "1")
        .with("RECOVERY_CODES_TASK_MAX_TRIES", "1");
    queue(&desk, 1);
    let done = desk.spawn(&["worker", "--once"], "");
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
    assert_eq!(number(&desk, "SELECT COUNT(*) FROM codes"), 0);
    let schedule = desk.json(&["schedule", "show", "clean"]);
    assert_eq!(
        [&schedule["last_status"], &schedule["total_deleted"]],
        [&json!("done"), &json!(5000)]
    );
    // As many runs as tries.
    assert_eq!(
        desk.query("SELECT tries FROM tasks"),
        desk.query("SELECT COUNT(*) FROM purges")
    );
    desk.assert_sound();
}

#[test]
fn the_clock_is_read_anew_for_each_task() {
    // Each look at the clock is a minute later than the one before: every task takes its time.
    let desk = desk(0).with("RECOVERY_CODES_TASK_TIMEOUT", "60");
    queue(&desk, 3);
    desk.hurry(60);
    desk.say(&["worker", "--once"]);
    let ends = "SELECT COUNT(DISTINCT finished_at) || ' ' || (MAX(finished_at) - MIN(finished_at)) FROM tasks";
    assert_eq!(desk.query(ends), "3 120000");
}

#[test]
fn only_the_newest_finished_tasks_are_remembered() {
    let desk = desk(0).with("RECOVERY_CODES_TASK_KEEP", "2");
    queue(&desk, 5);
    desk.say(&["worker", "--once"]);
    assert_eq!(column(&desk.json(&["task", "list"]), "task"), ["5", "4"]);
    let forgetful = desk.with("RECOVERY_CODES_TASK_KEEP", "0");
    queue(&forgetful, 1);
    forgetful.say(&["worker", "--once"]);
    assert_eq!(forgetful.json(&["task", "list"])["total"], 0);
}

#[test]
fn a_full_queue_drops_a_report_and_nothing_else() {
    let desk = desk(10)
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
        .with("RECOVERY_CODES_MAIL_REPORT_TO", "root@example.org")
        .with("RECOVERY_CODES_TASK_QUEUE_LIMIT", "1");
    desk.tamper(
        "INSERT INTO tasks (kind, subject, state, created_at, due_at)
         VALUES ('purge', 'x', 'queued', 1, 1791000000000)",
    );
    assert_eq!(desk.json(&["purge", "--retention-days", "0"])["codes"], 10);
    assert_eq!(desk.json(&["task", "list"])["total"], 1);
    desk.assert_sound();
}

/// A service whose next work is due in about two seconds.
fn service(desk: &Desk) -> Child {
    desk.tamper(
        "UPDATE schedules SET next_at = 2000 + (SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))",
    );
    desk.process(&["worker"]).spawn().unwrap()
}

const RAN: &str = "COUNT(*) FROM purges WHERE finished_at IS NOT NULL";

#[test]
fn as_a_service_it_does_what_becomes_due_and_ends_when_it_is_asked_to() {
    let desk = desk(30);
    let mut worker = service(&desk);
    until(&desk, &mut worker, RAN);
    assert_eq!(terminate(worker), "");
    assert_eq!(number(&desk, "SELECT COUNT(*) FROM codes"), 0);
    assert_eq!(desk.query("SELECT state FROM tasks"), "done");
}

#[test]
fn a_service_that_is_ended_at_work_leaves_it_for_the_next() {
    let desk = desk(3000).with("RECOVERY_CODES_PURGE_CHUNK", "1");
    queue(&desk, 1);
    let mut worker = desk.process(&["worker"]).spawn().unwrap();
    until(&desk, &mut worker, "purged > 0 FROM batches");
    assert_eq!(terminate(worker), "");
    let left = number(&desk, "SELECT COUNT(*) FROM codes");
    assert!(left > 0, "it was not interrupted");
    assert_eq!(desk.query("SELECT state FROM tasks"), "queued");
    let next = desk.spawn(&["worker", "--once"], "");
    assert_eq!((next.exit, next.err.as_str()), (0, ""));
    assert_eq!(number(&desk, "SELECT COUNT(*) FROM codes"), 0);
    desk.assert_sound();
}

#[test]
fn a_service_outlives_a_store_that_is_locked_for_a_while() {
    let desk = desk(10);
    let mut lock = desk.store().into_os_string();
    lock.push(".lock");
    let lock = std::fs::File::create(lock).unwrap();
    lock.lock().unwrap();
    let mut worker = service(&desk);
    let store = Store::open(&desk.location()).unwrap();
    while !store.is_awaited() {
        assert!(worker.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    // First by the queue of this program, then by one that does not queue.
    let mut other = rusqlite::Connection::open(desk.store()).unwrap();
    let held = other
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .unwrap();
    lock.unlock().unwrap();
    let mut said = BufReader::new(worker.stderr.take().unwrap()).lines();
    let line = said.next().unwrap().unwrap();
    assert!(
        line.starts_with("error: ") && line.ends_with("; trying again"),
        "{line}"
    );
    held.rollback().unwrap();
    until(&desk, &mut worker, RAN);
    assert_eq!(terminate(worker), "");
}

#[test]
fn a_service_outlives_a_store_that_is_away_for_a_while() {
    let desk = desk(10);
    queue(&desk, 1);
    let mut worker = service(&desk);
    until(
        &desk,
        &mut worker,
        "COUNT(*) FROM tasks WHERE state = 'done'",
    );
    let place = desk.store().parent().unwrap().to_owned();
    let away = place.with_extension("away");
    std::fs::rename(&place, &away).unwrap();
    let mut said = BufReader::new(worker.stderr.take().unwrap()).lines();
    // It may have had the store open; then it says first that this is not the one any more.
    let is_told = said.any(|line| line.unwrap().contains("there is no store"));
    assert!(is_told);
    std::fs::rename(&away, &place).unwrap();
    until(
        &desk,
        &mut worker,
        "COUNT(*) = 2 FROM tasks WHERE state = 'done'",
    );
    assert_eq!(terminate(worker), "");
}
