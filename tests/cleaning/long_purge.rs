//! Purges of many codes in processes of their own: interrupted at any moment, and beside logins.

use std::process::{Child, Command};

use recovery_codes::store::Store;

use crate::harness::asking::column;
use crate::harness::{Desk, ended};

const CODES: u64 = 3000;

/// A desk with this many codes that were superseded long ago, ten in a batch.
fn full(codes: u64) -> Desk {
    let desk = Desk::in_file();
    desk.say(&["user", "add", "old"]);
    let batches = codes / 10;
    desk.fill(&format!(
        "BEGIN;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {batches})
         INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by,
                              ended_at, ended_by, issued, invalidated, dead_from)
         SELECT printf('%016X', i), 1, i, 'superseded', 'full', 1, 1000, 'x', 1000, 'x', 10, 10, 1000 FROM n;
         WITH RECURSIVE p(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM p WHERE i < 10)
         INSERT INTO codes (batch_id, position, hint, hash, key_id, state, ended_at)
         SELECT b.id, p.i, printf('%06d', b.id * 10 + p.i), '$used$' || hex(zeroblob(32)), (SELECT id FROM keys), 'invalidated', 1000
         FROM batches b, p;
         COMMIT;"
    ));
    desk
}

fn number(desk: &Desk, sql: &str) -> u64 {
    desk.query(sql).parse().unwrap()
}

/// A purge that runs as a process and has taken something already.
fn begun(desk: &Desk, args: &[&str]) -> Child {
    const TAKEN: &str = "SELECT COALESCE(SUM(codes), 0) FROM purges";
    let before = number(desk, TAKEN);
    let mut child = desk.process(args).spawn().unwrap();
    while number(desk, TAKEN) == before {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
    }
    child
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill")
        .args(["-s", name, &pid])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[test]
fn however_a_run_is_interrupted_nothing_is_lost_and_the_next_goes_on() {
    let desk = full(CODES);
    let purge = ["--json", "purge", "--retention-days", "0", "--chunk", "1"];
    for (interrupted, name) in ["INT", "TERM", "KILL"].into_iter().enumerate() {
        let child = begun(&desk, &purge);
        signal(&child, name);
        let done = ended(child.wait_with_output().unwrap());
        if name == "KILL" {
            assert_eq!(done.exit, 255);
        } else {
            assert_eq!(done.exit, 4, "{} {}", done.out, done.err);
            assert_eq!(done.error()["kind"], "interrupted");
            let details = desk.audit()[0]["details"].as_str().unwrap().to_owned();
            assert!(details.contains(", interrupted"), "{details}");
        }
        let left = number(&desk, "SELECT COUNT(*) FROM codes");
        assert!(left > 0, "it was not interrupted");
        assert_eq!(
            left + number(&desk, "SELECT SUM(purged) FROM batches"),
            CODES
        );
        assert_eq!(left + number(&desk, "SELECT SUM(codes) FROM purges"), CODES);
        let runs = desk.json(&["log", "purges", "--action", "interrupted"]);
        assert_eq!(runs["total"], interrupted as u64 + 1);
        assert!(
            column(&runs, "finished")
                .iter()
                .all(|finished| finished == "false")
        );
        desk.assert_sound();
    }
    let last = desk.spawn(&["--json", "purge", "--retention-days", "0"], "");
    assert_eq!(last.exit, 0, "{}", last.err);
    assert_eq!(last.json()["skipped"], 0);
    assert_eq!(number(&desk, "SELECT COUNT(*) FROM codes"), 0);
    assert_eq!(number(&desk, "SELECT SUM(codes) FROM purges"), CODES);
    assert_eq!(
        number(&desk, "SELECT SUM(codes) FROM purged_batches"),
        CODES
    );
    let purged = desk.json(&["batch", "list", "--state", "purged"]);
    assert_eq!(purged["total"], CODES / 10);
    assert_eq!(
        desk.json(&["log", "purges", "--action", "interrupted"])["total"],
        3
    );
    desk.assert_sound();
}

/// Batches are taken many at a time; whatever stands beside it, each keeps what is its own.
#[test]
fn a_batch_unlike_its_neighbours_is_counted_by_itself() {
    for (chunk, room) in [("1000", "unlimited"), ("7", "unlimited"), ("1000", "2345")] {
        let desk = full(CODES);
        desk.tamper(
            "UPDATE codes SET ended_at = 4000000000000 WHERE batch_id % 3 = 0 AND position <= 4;
             UPDATE batches SET expires_at = 900, dead_from = 900 WHERE id % 5 = 0;
             UPDATE codes SET ended_at = 4000000000000 WHERE batch_id % 7 = 0;",
        );
        desk.json(&["purge", "--chunk", chunk, "--max", room]);
        let wrong = "
            WITH b AS (SELECT id, state, issued, purged, dead_from, expires_at,
                              (SELECT COUNT(*) FROM codes c WHERE c.batch_id = batches.id) AS rows,
                              (SELECT MIN(ended_at) FROM codes c WHERE c.batch_id = batches.id) AS first,
                              (SELECT codes FROM purged_batches p WHERE p.batch_id = batches.id) AS noted
                       FROM batches)
            SELECT COUNT(*) FROM b WHERE purged <> issued - rows OR COALESCE(noted, 0) <> purged
                OR (rows = 0) <> (state = 'purged') OR (rows = 0 AND dead_from IS NOT NULL)
                OR (purged > 0 AND rows > 0 AND first > 1000 AND dead_from IS NOT first)";
        assert_eq!(number(&desk, wrong), 0, "chunk {chunk}, room {room}");
        let run = "SELECT codes || ' ' || batches FROM purges";
        let rows = "SELECT SUM(codes) || ' ' || COUNT(*) FROM purged_batches";
        assert_eq!(desk.query(run), desk.query(rows));
        let left = number(
            &desk,
            "SELECT COUNT(*) FROM codes c JOIN batches b ON b.id = c.batch_id
             WHERE c.ended_at = 1000 OR b.expires_at = 900",
        );
        let all = number(&desk, "SELECT SUM(codes) FROM purges") + left;
        let expected = match room {
            "unlimited" => 0,
            room => all - room.parse::<u64>().unwrap(),
        };
        assert_eq!(left, expected);
    }
}

#[test]
fn logins_get_through_while_a_purge_runs() {
    let desk = full(20_000);
    let codes = desk.issue("alice");
    let args = ["purge", "--retention-days", "0", "--chunk", "10"];
    let purge = begun(&desk, &args);
    for code in &codes[..3] {
        let verify = desk.spawn(&["verify", "alice"], code);
        assert_eq!(verify.exit, 0, "{}", verify.err);
        let running = "SELECT COUNT(*) FROM purges WHERE finished_at IS NULL";
        assert_eq!(
            number(&desk, running),
            1,
            "the login waited for the whole purge"
        );
    }
    let done = ended(purge.wait_with_output().unwrap());
    assert_eq!(
        (done.exit, done.out.as_str(), done.err.as_str()),
        (0, "", "")
    );
    // The process's clock is later than the desk's, so the used codes went as well, or not.
    let left = number(&desk, "SELECT COUNT(*) FROM codes");
    assert!((7..=10).contains(&left), "{left}");
    for code in &codes[3..] {
        assert_eq!(desk.spawn(&["verify", "alice"], code).exit, 0);
    }
    desk.assert_sound();
}

#[test]
fn who_waits_for_the_store_is_seen_and_let_through() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let mut lock = desk.store().into_os_string();
    lock.push(".lock");
    let lock = std::fs::File::open(lock).unwrap();
    lock.lock().unwrap();
    let store = Store::open(&desk.location()).unwrap();
    assert!(!store.is_awaited());
    let verify = std::thread::scope(|scope| {
        let verify = scope.spawn(|| desk.spawn(&["verify", "alice"], &codes[0]));
        while !store.is_awaited() {
            std::thread::yield_now();
        }
        lock.unlock().unwrap();
        verify.join().unwrap()
    });
    assert_eq!(verify.exit, 0, "{}", verify.err);
    assert!(!store.is_awaited());
}

#[test]
fn a_purge_that_is_awaited_all_the_time_gives_way_and_still_comes_to_its_end() {
    let desk = full(200);
    let mut queue = desk.store().into_os_string();
    queue.push(".queue");
    let queue = std::fs::File::create(queue).unwrap();
    queue.lock_shared().unwrap();
    assert!(Store::open(&desk.location()).unwrap().is_awaited());
    let done = desk.spawn(
        &["--json", "purge", "--retention-days", "0", "--chunk", "10"],
        "",
    );
    assert_eq!(done.json()["codes"], 200);
}

#[test]
fn two_purges_at_once_take_each_code_once() {
    let desk = full(CODES);
    let args: &[&str] = &["--json", "purge", "--retention-days", "0", "--chunk", "7"];
    let both = desk.race(&[(args, ""), (args, "")]);
    let sum: u64 = both
        .iter()
        .map(|ended| ended.json()["codes"].as_u64().unwrap())
        .sum();
    assert_eq!(sum, CODES);
    assert_eq!(
        number(&desk, "SELECT SUM(codes) FROM purged_batches"),
        CODES
    );
    desk.assert_sound();
}

#[test]
fn what_a_purge_leaves_free_is_said_and_given_back_when_asked() {
    let desk = full(30_000);
    let size = |desk: &Desk| number(desk, "SELECT page_count FROM pragma_page_count");
    let before = size(&desk);
    let said = desk.say(&["purge", "--retention-days", "0", "-v"]);
    let free = "MiB are free inside the store's file, for what is written next; `recovery-codes purge --shrink` gives them back to the disk.\n";
    assert!(said.err.ends_with(free), "{}", said.err);
    let after = desk.json(&["purge"]);
    assert!(after["free"].as_u64().unwrap() > 2 << 20, "{after}");
    assert_eq!(after["given_back"], 0);
    assert!(size(&desk) >= before);
    let shrunk = desk.json(&["purge", "--shrink"]);
    assert_eq!([&shrunk["free"], &shrunk["codes"]], [0, 0]);
    // With the pages go those that told where pages are.
    assert!(shrunk["given_back"].as_u64() >= after["free"].as_u64());
    assert!(size(&desk) < before / 2);
    desk.assert_sound();
    assert_eq!(desk.run(&["purge", "--shrink", "--dry-run"]).exit, 2);
}

#[test]
fn the_file_of_an_earlier_version_is_written_anew_once_if_that_is_confirmed() {
    let desk = Desk::older();
    desk.say(&["init"]);
    let kind = |desk: &Desk| number(desk, "SELECT auto_vacuum FROM pragma_auto_vacuum");
    desk.refuses(&["purge", "--shrink"], 3, "not_confirmed");
    assert_eq!(kind(&desk), 0);
    desk.say(&["purge", "--shrink", "--yes"]);
    assert_eq!(kind(&desk), 2);
    desk.say(&["purge", "--shrink"]);
    desk.check().unwrap();
}

#[test]
fn a_new_store_and_one_from_a_backup_can_shrink_step_by_step() {
    let kind = |desk: &Desk| number(desk, "SELECT auto_vacuum FROM pragma_auto_vacuum");
    let desk = Desk::new();
    desk.say(&["init"]);
    assert_eq!(kind(&desk), 2);
    let older = Desk::older();
    let file = older.home().join("backup.db");
    older.say(&["backup", file.to_str().unwrap()]);
    assert_eq!(kind(&older), 0);
    older.say(&["restore", file.to_str().unwrap(), "--yes"]);
    assert_eq!(kind(&older), 2);
}
