//! Writers: many processes that write without a pause, each of which must get its turn.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use recovery_codes::model::id::UserId;
use recovery_codes::model::location::Location;
use recovery_codes::model::time::from_millis;
use recovery_codes::store::{Store, users};

use measure::desk::Desk;
use measure::rounds::time;
use measure::table::{Table, show};

/// How long they write.
const SPAN: Duration = Duration::from_secs(4);

/// The word by which this program calls itself as one of the writers.
const WRITER: &str = "--writer";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, store] = arguments.as_slice()
        && word == WRITER
    {
        return write(Path::new(store));
    }
    let mut table = Table::new("Writers: processes that commit without a pause");
    for count in [1, 4, 32] {
        let writers = let_write(count);
        let commits = || writers.iter().map(|writer| writer.commits);
        let (fewest, most) = (commits().min().unwrap_or(0), commits().max().unwrap_or(0));
        let longest = writers.iter().map(|writer| writer.longest).max();
        let a_second = commits().sum::<u64>() / SPAN.as_secs();
        table.row(
            &format!("{count} writers, commits a second"),
            a_second.to_string(),
        );
        table.promise(
            &format!("{count} writers, commits of each"),
            format!("{fewest} to {most}"),
            "a turn for each".to_owned(),
            fewest * 3 >= most,
        );
        table.row(
            &format!("{count} writers, longest wait"),
            show(longest.unwrap_or_default()),
        );
    }
    table.print();
}

/// What one writer did.
struct Written {
    commits: u64,
    longest: Duration,
}

/// Starts so many writers and waits for their ends.
fn let_write(count: usize) -> Vec<Written> {
    let desk = Desk::new(&[]);
    desk.issue("alice", 1);
    let me = std::env::current_exe().expect("this program lies somewhere");
    let writers: Vec<_> = (0..count)
        .map(|_| {
            Command::new(&me)
                .arg(WRITER)
                .arg(desk.store())
                .stdout(Stdio::piped())
                .spawn()
                .expect("it can be run")
        })
        .collect();
    writers
        .into_iter()
        .map(|writer| {
            let output = writer.wait_with_output().expect("it ends");
            let text = String::from_utf8(output.stdout).expect("it prints numbers");
            let numbers: Vec<u64> = text.split_whitespace().flat_map(str::parse).collect();
            let [commits, longest] = numbers[..] else {
                panic!("a writer failed: {text:?}");
            };
            Written {
                commits,
                longest: Duration::from_micros(longest),
            }
        })
        .collect()
}

/// One writer: commits as the program does until its time is over, then says how often, and the
/// longest it took in microseconds.
fn write(store: &Path) {
    let mut store = Store::open(&Location::File(store.to_owned())).expect("the store is there");
    let (mut commits, mut longest) = (0_i64, Duration::ZERO);
    let start = Instant::now();
    while start.elapsed() < SPAN {
        let took = time(|| {
            store
                .write(|tx| users::set_last_used(tx, UserId(1), from_millis(commits)))
                .expect("everybody gets a turn");
        });
        longest = longest.max(took);
        commits += 1;
    }
    println!("{commits} {}", longest.as_micros());
}
