//! Verifying: a login with a right code as a whole process, beside the work that cannot be
//! spared; its memory; and a store in which others have millions of codes. `--full` makes that
//! ten millions instead of one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use std::process::Stdio;

use measure::bare::{Commits, Hash, MEMORY_KIB};
use measure::crowd;
use measure::desk::{Desk, PROGRAM, place, run};
use measure::program::{EMPTY, PEAK, compile};
use measure::rounds::{Rounds, time};
use measure::table::Table;

const ROUNDS: usize = 150;

/// The memory is asked for, wiped and given back, as a process has to that computes one.
const FRESH: &str = "bare hash in fresh memory";

fn main() {
    work();
    memory();
    let is_full = std::env::args().any(|argument| argument == "--full");
    many_codes(if is_full { 10_000_000 } else { 1_000_000 });
}

fn work() {
    let desk = Desk::new(&[]);
    let mut supply = desk.supply("user", ROUNDS + 1);
    let empty = compile(EMPTY, "empty", desk.home());
    let elsewhere = place();
    let commits = Commits::new(elsewhere.path());
    let mut plain = Hash::new(false);
    let mut huge = Hash::new(true);

    let mut rounds = Rounds::default();
    rounds.add("verify", |_| desk.verify(&mut supply));
    rounds.add("bare hash", |_| time(|| plain.compute()));
    rounds.add("bare hash, huge pages", |_| time(|| huge.compute()));
    rounds.add(FRESH, |_| time(Hash::compute_in_fresh_memory));
    rounds.add("two durable commits", |_| {
        time(|| {
            commits.commit();
            commits.commit();
        })
    });
    rounds.add("empty program", |_| run(&mut desk.command(&empty)));
    rounds.add("user show", |_| desk.run(&["user", "show", "user0"]));
    let times = rounds.go(ROUNDS);

    let mut table = Table::new("Verify: a right code, whole process");
    table.times(&times);
    let rest = ["two durable commits", "empty program"];
    for hash in ["bare hash", "bare hash, huge pages", FRESH] {
        let parts: Vec<&str> = [hash].into_iter().chain(rest).collect();
        let what = format!("verify / ({hash} + commits + start)");
        table.against(&what, &times, "verify", &parts, 1.15);
    }
    table.print();
}

fn memory() {
    let desk = Desk::new(&[]);
    let mut supply = desk.supply("user", 10);
    let peak = compile(PEAK, "peak", desk.home());
    let mut peaks: Vec<u64> = (0..10)
        .map(|_| {
            let (user, typed) = desk.next(&mut supply);
            let output = desk
                .command(&peak)
                .args([PROGRAM, "verify", &user])
                .stdin(typed)
                .stdout(Stdio::piped())
                .output()
                .expect("it can be run");
            let text = String::from_utf8(output.stdout).expect("it prints a number");
            text.trim().parse().expect("it prints a number")
        })
        .collect();
    peaks.sort_unstable();
    let most = peaks[peaks.len() - 1];
    let budget = u64::from(MEMORY_KIB) + 10 * 1024;

    let mut table = Table::new("Verify: memory at its peak");
    table.row("Argon2's own", format!("{MEMORY_KIB} KiB"));
    table.promise(
        "verify",
        format!("{most} KiB"),
        format!("<= {budget} KiB"),
        most <= budget,
    );
    table.print();
}

fn many_codes(codes: u64) {
    let small = Desk::new(&[]);
    let mut few = small.supply("user", ROUNDS + 1);
    let large = Desk::new(&[]);
    // Those who log in stand in the middle of the crowd.
    let users = codes / crowd::CODES;
    crowd::add(&large.store(), 0..users / 2);
    let mut many = large.supply("user", ROUNDS + 1);
    crowd::add(&large.store(), users / 2..users);

    let mut rounds = Rounds::default();
    rounds.add("few codes", |_| small.verify(&mut few));
    rounds.add("many codes", |_| large.verify(&mut many));
    let times = rounds.go(ROUNDS);

    let mut table = Table::new("Verify: others' codes in the store");
    table.row("many codes are", codes.to_string());
    table.times(&times);
    let what = "many codes / few codes";
    table.against(what, &times, "many codes", &["few codes"], 1.1);
    table.print();
}
