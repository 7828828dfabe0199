//! Timing: does the time of a no tell why it is one? Every way to be refused as a whole process,
//! at the cost that hashes have by themselves. Figures without a verdict: how far apart two
//! medians lie says something only beside how far apart the rounds of one of them lie.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use std::fs::{self, File};
use std::time::Duration;

use measure::desk::{Desk, PROGRAM};
use measure::rounds::{Rounds, time};
use measure::table::{Table, show};

const ROUNDS: usize = 200;

/// What all others are compared with: the only one for which a stored hash is compared.
const BESIDE: &str = "right hint, wrong rest";

fn main() {
    let desk = Desk::new(&[]);
    let codes = desk.issue("alice", 10);
    let disabled = desk.issue("bob", 10);
    desk.run(&["user", "disable", "bob"]);
    assert!(refusal(&desk, "alice", &codes[0]).is_none());

    let (hint, rest) = (&codes[1][..6], &codes[2][6..]);
    let wrong_rest = format!("{hint}{rest}");
    let wrong_hint = format!("{}{rest}", &disabled[0][..6]);

    let tries: [(&'static str, &str, &str); 5] = [
        (BESIDE, "alice", &wrong_rest),
        ("wrong hint", "alice", &wrong_hint),
        ("used code", "alice", &codes[0]),
        ("disabled user", "bob", &disabled[1]),
        ("unknown user", "nobody", &codes[1]),
    ];
    let mut rounds = Rounds::default();
    for (name, user, code) in tries {
        let desk = &desk;
        rounds.add(name, move |_| {
            refusal(desk, user, code).expect("none of them is accepted")
        });
    }
    let times = rounds.go(ROUNDS);

    let mut table = Table::new("Timing: a no, whole process");
    table.row("rounds", ROUNDS.to_string());
    for (name, ..) in tries {
        let (median, noise) = (times.median(name), times.noise(name));
        let mut said = format!("{} (noise {})", show(median), show(noise));
        if name != BESIDE {
            let (apart, noise) = times.difference(name, BESIDE);
            let sign = if apart < 0.0 { "-" } else { "+" };
            let apart = Duration::from_secs_f64(apart.abs());
            said += &format!(", {sign}{} (noise {})", show(apart), show(noise));
        }
        table.row(name, said);
    }
    table.row(
        "",
        "median of the times, then of the differences".to_owned(),
    );
    table.row("", "to the first row in the same round".to_owned());
    table.print();
}

/// How long it takes to be refused; none if the code is accepted.
fn refusal(desk: &Desk, user: &str, code: &str) -> Option<Duration> {
    // Nobody is made to wait: every try is the first that fails.
    let store = rusqlite::Connection::open(desk.store()).expect("there is a store");
    store
        .execute("DELETE FROM limiters", [])
        .expect("it can be changed");
    drop(store);
    let path = desk.home().join("typed");
    fs::write(&path, code).expect("the home can be written");
    let typed = File::open(&path).expect("it was just written");
    let mut command = desk.command(PROGRAM);
    command.args(["verify", user]).stdin(typed);
    let mut status = None;
    let took = time(|| status = command.status().ok());
    match status.and_then(|status| status.code()) {
        Some(0) => None,
        Some(1) => Some(took),
        other => panic!("verify ended with {other:?}"),
    }
}
