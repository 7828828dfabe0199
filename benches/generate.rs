//! Generating: ten codes for a new user as a whole process, beside ten bare hashes one after
//! the other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use measure::bare::{Commits, Hash};
use measure::desk::{Desk, place};
use measure::rounds::{Rounds, time};
use measure::table::Table;

fn main() {
    let desk = Desk::new(&[]);
    let elsewhere = place();
    let commits = Commits::new(elsewhere.path());
    let mut plain = Hash::new(false);
    let mut huge = Hash::new(true);
    let (mut huge_here, mut huge_there) = (Hash::new(true), Hash::new(true));

    let mut rounds = Rounds::default();
    rounds.add("generate", |round| {
        desk.run(&["generate", &format!("user{round}"), "--create-user"])
    });
    rounds.add("ten bare hashes", |_| {
        time(|| (0..10).for_each(|_| plain.compute()))
    });
    rounds.add("ten bare hashes, huge pages", |_| {
        time(|| (0..10).for_each(|_| huge.compute()))
    });
    rounds.add("the same, five on each of two threads", |_| {
        time(|| {
            std::thread::scope(|scope| {
                for hash in [&mut huge_here, &mut huge_there] {
                    scope.spawn(|| (0..5).for_each(|_| hash.compute()));
                }
            });
        })
    });
    rounds.add("durable commit", |_| time(|| commits.commit()));
    let times = rounds.go(40);

    let mut table = Table::new("Generate: ten codes, whole process");
    table.times(&times);
    for hashes in ["ten bare hashes", "ten bare hashes, huge pages"] {
        let what = format!("generate / ({hashes} + commit)");
        let limits = [hashes, "durable commit"];
        table.against(&what, &times, "generate", &limits, 0.55);
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    table.row("processors (the budget is for two)", processors.to_string());
    table.print();
}
