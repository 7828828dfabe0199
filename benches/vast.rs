//! A store of ten million codes, a hundred thousand users and five million audit entries: what looks at
//! it, what changes it, and the bare statement that SQLite would need for the same. `--parts N` makes
//! it of N hundredths instead of a hundred; what was made stays under `target/tmp` for the next time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rusqlite::Connection;

use measure::dead;
use measure::desk::{Desk, PROGRAM};
use measure::program::{PEAK, compile};
use measure::rounds::time;
use measure::table::{Table, show};
use measure::vast;

/// Every list, at its first page, its thousandth, or a filter that finds little.
const LISTS: [&[&str]; 8] = [
    &["user", "list"],
    &["user", "list", "--page", "1000"],
    &["user", "list", "--search", "vast000099"],
    &["user", "list", "--codes", "low"],
    &["batch", "list", "--page", "1000"],
    &["history", "vast000000007"],
    &["log", "audit", "--page", "1000"],
    &["log", "verify-attempts", "--page", "1000"],
];

/// Runs of what is short.
const ROUNDS: usize = 5;

struct Bench {
    desk: Desk,
    peak: PathBuf,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let parts = arguments.iter().position(|argument| argument == "--parts");
    let parts = parts.map_or(100, |at| arguments[at + 1].parse().expect("a number"));
    let whole = Desk::lasting(&format!("vast-{parts}"));
    if !whole.store().exists() {
        whole.run(&["init"]);
        println!("filled in {}", show(time(|| vast::fill(&whole, parts))));
    }
    // What changes it is done to a copy.
    let desk = Desk::lasting("vast-copy");
    let _ = std::fs::remove_dir_all(desk.home());
    copy_home(whole.home(), desk.home());
    let peak = compile(PEAK, "peak", desk.home());
    let bench = Bench { desk, peak };
    looks(&bench);
    deep(&bench);
    changes(&bench);
}

fn copy_home(from: &Path, to: &Path) {
    let status = std::process::Command::new("cp")
        .arg("-a")
        .args([from, to])
        .status();
    assert!(status.expect("cp can be run").success());
}

impl Bench {
    /// Time and peak memory in MiB of a word, which must end well.
    fn measure(&self, args: &[&str]) -> (Duration, u64) {
        let mut text = Vec::new();
        let took = time(|| {
            let output = self
                .desk
                .command(&self.peak)
                .arg(PROGRAM)
                .args(args)
                .stdout(Stdio::piped())
                .output()
                .expect("it can be run");
            text = output.stdout;
        });
        let text = String::from_utf8(text).expect("it prints a number");
        let kib: u64 = text.trim().parse().expect("it prints a number");
        (took, kib >> 10)
    }

    /// The median of some runs.
    fn median(&self, args: &[&str]) -> (Duration, u64) {
        let mut runs: Vec<_> = (0..ROUNDS).map(|_| self.measure(args)).collect();
        runs.sort_unstable();
        runs[ROUNDS / 2]
    }

    /// How long SQLite takes for a statement, all rows of which are read.
    fn bare(&self, sql: &str) -> Duration {
        bare(&self.desk.store(), sql)
    }
}

fn bare(store: &Path, sql: &str) -> Duration {
    let connection = Connection::open(store).expect("the store is there");
    time(|| {
        let mut statement = connection.prepare(sql).expect("it is SQL");
        let mut rows = statement.raw_query();
        while rows.next().expect("it can be read").is_some() {}
    })
}

fn looks(bench: &Bench) {
    let mut table = Table::new("A vast store: what looks at it");
    for args in LISTS {
        let (took, mib) = bench.median(args);
        table.row(&args.join(" "), format!("{}, {mib} MiB", show(took)));
    }
    let (took, mib) = bench.median(&["status"]);
    table.promise(
        "status",
        format!("{}, {mib} MiB", show(took)),
        "<= 100 ms".to_owned(),
        took <= Duration::from_millis(100),
    );
    table.row(
        "bare: all batches added up",
        show(bench.bare("SELECT COUNT(*), SUM(issued), SUM(used) FROM batches")),
    );
    let (took, mib) = bench.median(&["check"]);
    table.promise(
        "check",
        format!("{}, {mib} MiB", show(took)),
        "<= 1 s".to_owned(),
        took <= Duration::from_secs(1),
    );
    table.print();
}

fn deep(bench: &Bench) {
    let mut table = Table::new("A vast store: what reads all of it");
    for (word, args, bare) in [
        (
            "check --deep",
            &["check", "--deep"][..],
            "PRAGMA integrity_check",
        ),
        (
            "log verify",
            &["log", "verify"],
            "SELECT * FROM audit ORDER BY number",
        ),
    ] {
        let limit = bench.bare(bare);
        let (took, mib) = bench.measure(args);
        let ratio = took.as_secs_f64() / limit.as_secs_f64();
        table.beside(
            &format!("{word}, {mib} MiB / {bare}"),
            (limit, took),
            ratio,
            None,
        );
    }
    table.print();
}

fn changes(bench: &Bench) {
    let mut table = Table::new("A vast store: what copies and changes it");
    let beside = |table: &mut Table, what: &str, limit: Duration, (took, mib): (Duration, u64)| {
        let ratio = took.as_secs_f64() / limit.as_secs_f64();
        table.beside(&format!("{what}, {mib} MiB"), (limit, took), ratio, None);
    };
    let home = bench.desk.home();
    let (file, copy) = (home.join("backup.db"), home.join("bare.db"));
    let text = |path: &Path| path.to_str().expect("a path of ours").to_owned();

    let limit = bench.bare(&format!("VACUUM INTO '{}'", text(&copy)));
    let took = bench.measure(&["backup", &text(&file)]);
    beside(&mut table, "backup / VACUUM INTO", limit, took);

    let limit = time(|| {
        dead::copy(&file, &copy);
        let connection = Connection::open(&copy).expect("it is there");
        let sound: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("it can be read");
        assert_eq!(sound, "ok");
    });
    let took = bench.measure(&["restore", &text(&file), "--yes", "--trust-codes"]);
    beside(&mut table, "restore / cp + integrity_check", limit, took);

    // As the program of format 11 left it.
    Connection::open(bench.desk.store())
        .and_then(|store| store.execute_batch("DROP TABLE totals; PRAGMA user_version = 11"))
        .expect("it can be changed");
    let (took, mib) = bench.measure(&["status"]);
    table.row("the newest migration", format!("{}, {mib} MiB", show(took)));

    dead::copy(&bench.desk.store(), &copy);
    let limit = dead::delete_superseded(&copy);
    let took = bench.measure(&["purge", "--retention-days", "0"]);
    beside(&mut table, "purge / DELETE in chunks", limit, took);

    let limit = bare(&copy, "PRAGMA incremental_vacuum");
    let took = bench.measure(&["purge", "--shrink"]);
    beside(
        &mut table,
        "purge --shrink / incremental_vacuum",
        limit,
        took,
    );
    table.print();
}
