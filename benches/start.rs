//! Starting: what a word that only looks costs, beside an empty program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use measure::desk::{Desk, run};
use measure::program::{EMPTY, compile};
use measure::rounds::Rounds;
use measure::table::Table;

fn main() {
    let desk = Desk::new(&[]);
    desk.issue("alice", 10);
    let empty = compile(EMPTY, "empty", desk.home());

    let mut rounds = Rounds::default();
    rounds.add("empty program", |_| run(&mut desk.command(&empty)));
    rounds.add("--version", |_| desk.run(&["--version"]));
    rounds.add("user show", |_| desk.run(&["user", "show", "alice"]));
    rounds.add("user show --json", |_| {
        desk.run(&["--json", "user", "show", "alice"])
    });
    let times = rounds.go(300);

    let mut table = Table::new("Start: whole processes");
    table.times(&times);
    for word in ["--version", "user show"] {
        let what = format!("{word} / empty program");
        table.against(&what, &times, word, &["empty program"], 2.0);
    }
    table.print();
}
