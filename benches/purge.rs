//! Purging a million dead codes: beside a bare DELETE, its grip on the lock, logins at the same
//! time, its memory, and the plan of every statement. `--full` makes that ten millions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use recovery_codes::model::location::Location;
use recovery_codes::model::time::from_millis;
use recovery_codes::store::Store;
use recovery_codes::store::dead::{Scope, take_chunk};
use recovery_codes::store::purges;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

use measure::crowd::CODES;
use measure::dead;
use measure::desk::{Desk, PROGRAM};
use measure::program::{PEAK, compile};
use measure::rounds::{Rounds, time};
use measure::table::{Table, show};

const PURGE: [&str; 4] = ["purge", "--retention-days", "0", "--json"];

/// Logins with and without a purge beside them.
const LOGINS: usize = 40;

fn main() {
    let is_full = std::env::args().any(|argument| argument == "--full");
    let codes: u64 = if is_full { 10_000_000 } else { 1_000_000 };
    let desk = Desk::new(&[]);
    dead::add(&desk.store(), 0..codes / CODES);
    let filled = desk.home().join("filled.db");
    dead::copy(&desk.store(), &filled);

    speed(&desk, &filled, if is_full { 1 } else { 3 }, codes);
    let chunk = grip(&desk, &filled);
    plans(&filled);
    memory(&desk, &filled);
    logins(codes, chunk);
}

fn speed(desk: &Desk, filled: &Path, times: usize, codes: u64) {
    let bare = desk.home().join("bare.db");
    let mut rounds = Rounds::default();
    rounds.add("bare DELETE", |_| {
        dead::copy(filled, &bare);
        dead::delete_bare(&bare)
    });
    rounds.add("purge", |_| {
        dead::copy(filled, &desk.store());
        desk.run(&PURGE)
    });
    let times = rounds.go(times);
    let mut table = Table::new("Purge: dead codes, whole process");
    table.row("dead codes", codes.to_string());
    table.times(&times);
    let a_second = codes as f64 / times.median("purge").as_secs_f64();
    table.row("purge, codes a second", format!("{a_second:.0}"));
    let ratio = times.ratio("bare DELETE", &["purge"]);
    table.promise(
        "speed of purge / speed of the bare DELETE",
        format!("{ratio:.2} x"),
        ">= 0.7 x".to_owned(),
        ratio >= 0.7,
    );
    table.print();
}

/// Every chunk as the program does it, from the turn at the gate to its end; says the longest.
fn grip(desk: &Desk, filled: &Path) -> Duration {
    dead::copy(filled, &desk.store());
    let mut store = Store::open(&Location::File(desk.store())).expect("the store is there");
    let now = from_millis(1_700_000_000_000);
    let mut scope = Scope {
        now,
        cutoff: now,
        from: from_millis(0),
        keep_empty: false,
    };
    let run = store
        .write(|tx| purges::insert(tx, now, "measurer", None, 0))
        .expect("it can be written");
    let mut chunks = Vec::new();
    let mut is_over = false;
    while !is_over {
        chunks.push(time(|| {
            let taken = store.write(|tx| take_chunk(tx, run, &mut scope, 1000));
            is_over = taken.expect("it can be written").is_none();
        }));
    }
    chunks.sort_unstable();
    let longest = chunks[chunks.len() - 1];
    let mut table = Table::new("Purge: how long a chunk of 1000 holds the lock");
    table.row("chunks", chunks.len().to_string());
    table.row("median", show(chunks[chunks.len() / 2]));
    table.row("99 of 100", show(chunks[chunks.len() * 99 / 100]));
    table.promise(
        "longest",
        show(longest),
        "<= 50 ms".to_owned(),
        longest <= Duration::from_millis(50),
    );
    table.print();
    longest
}

/// How SQLite finds the rows of every statement, as they stand in the source.
fn plans(filled: &Path) {
    const SOURCE: &str = concat!(
        include_str!("../src/store/dead.rs"),
        include_str!("../src/store/purges.rs")
    );
    let connection = Connection::open(filled).expect("the store is there");
    let texts: Vec<&str> = SOURCE.split('"').skip(1).step_by(2).collect();
    let fill = |text: &str| {
        let value = |start| *texts.iter().find(|text| text.starts_with(start)).unwrap();
        text.replace("{DEAD}", value("(c.ended_at"))
            .replace("{IDS}", "?2")
            .replace("{condition}", "AND ended_at <= ?1")
            .replace("{COLUMNS}", value("id, at,"))
    };
    let mut table = Table::new("Purge: plans");
    let mut is_scanned = false;
    for text in &texts {
        let word = text.split(' ').next().unwrap_or_default();
        if !["SELECT", "INSERT", "UPDATE", "DELETE"].contains(&word) {
            continue;
        }
        let sql = fill(text);
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .expect("it is SQL");
        let mut rows = statement.raw_query();
        let line: Vec<&str> = sql.split_whitespace().collect();
        table.row(&line.join(" "), String::new());
        while let Some(row) = rows.next().expect("a plan can be read") {
            let step: String = row.get(3).expect("a step is text");
            is_scanned |= step.starts_with("SCAN c") && !step.starts_with("SCAN CONSTANT");
            table.row(&format!("    {step}"), String::new());
        }
    }
    table.promise(
        "codes are found, never searched through",
        String::new(),
        "no SCAN".to_owned(),
        !is_scanned,
    );
    table.print();
}

fn memory(desk: &Desk, filled: &Path) {
    let peak = compile(PEAK, "peak", desk.home());
    let small = Desk::new(&[]);
    dead::add(&small.store(), 0..100_000 / CODES);
    dead::copy(filled, &desk.store());
    let [few, many] = [&small, desk].map(|desk| {
        let output = desk
            .command(&peak)
            .arg(PROGRAM)
            .args(PURGE)
            .stdout(Stdio::piped())
            .output()
            .expect("it can be run");
        let text = String::from_utf8(output.stdout).expect("it prints a number");
        text.trim().parse::<u64>().expect("it prints a number")
    });
    let mut table = Table::new("Purge: memory at its peak");
    table.row("100000 dead codes", format!("{few} KiB"));
    table.row("all dead codes", format!("{many} KiB"));
    table.ratio("all / 100000", many as f64 / few as f64, 1.1);
    table.print();
}

fn logins(codes: u64, chunk: Duration) {
    let desk = Desk::new(&[]);
    let mut supply = desk.supply("user", 2 * (LOGINS + 1));
    dead::add(&desk.store(), 0..codes / CODES);
    let watch = Connection::open(desk.store()).expect("the store is there");
    let taken = || -> u64 {
        let sql = "SELECT codes FROM purges ORDER BY id DESC LIMIT 1";
        watch.query_row(sql, [], |row| row.get(0)).unwrap_or(0)
    };
    let supply = std::cell::RefCell::new(&mut supply);
    let mut rounds = Rounds::default();
    rounds.add("alone", |_| desk.verify(&mut supply.borrow_mut()));
    rounds.add("beside a purge", |_| {
        let runs = count_runs(&watch);
        let mut purge = desk.command(PROGRAM).args(PURGE).spawn().expect("it runs");
        while count_runs(&watch) == runs || taken() == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let took = desk.verify(&mut supply.borrow_mut());
        let is_over = purge.try_wait().expect("it is ours").is_some();
        assert!(!is_over, "the purge was over before the login");
        let id = Pid::from_child(&purge);
        kill_process(id, Signal::TERM).expect("it still runs");
        purge.wait().expect("it ends");
        took
    });
    let times = rounds.go(LOGINS);
    let mut table = Table::new("Purge: a login beside it");
    table.times(&times);
    let ratio = times.median("beside a purge").as_secs_f64() / times.median("alone").as_secs_f64();
    table.ratio("beside a purge / alone, medians", ratio, 1.2);
    let budget = times.longest("alone") + 3 * chunk;
    let longest = times.longest("beside a purge");
    table.row("longest alone", show(times.longest("alone")));
    table.promise(
        "longest beside a purge",
        show(longest),
        format!("<= {} (alone + 3 chunks)", show(budget)),
        longest <= budget,
    );
    table.print();
}

fn count_runs(watch: &Connection) -> u64 {
    watch
        .query_row("SELECT COUNT(*) FROM purges", [], |row| row.get(0))
        .expect("the table is there")
}
