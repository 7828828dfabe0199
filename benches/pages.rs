//! Pages: the thousandth of a long list beside the first, as a whole process; and the query
//! alone, to see where the time goes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use recovery_codes::model::id::UserId;
use recovery_codes::model::location::Location;
use recovery_codes::model::page::PageRequest;
use recovery_codes::model::time::from_millis;
use recovery_codes::store::users::Measure;
use recovery_codes::store::{Connection, Store, attempts, audit, batches, paging, users};

use measure::crowd;
use measure::desk::Desk;
use measure::rounds::{Rounds, Times, time};
use measure::table::{Table, show};

const ROWS: u64 = 100_000;

type List = fn(&Connection, PageRequest) -> usize;

/// Every list, by the word that shows it.
const LISTS: [(&str, List); 6] = [
    ("log audit", |connection, page| {
        audit::list(connection, &paging::Filter::default(), page)
            .expect("a list")
            .items
            .len()
    }),
    ("log verify-attempts", |connection, page| {
        attempts::list(connection, &paging::Filter::default(), page)
            .expect("a list")
            .items
            .len()
    }),
    ("user list", |connection, page| {
        let now = from_millis(1_790_000_000_000);
        let measure = Measure {
            now,
            low: 3,
            soon: now,
        };
        users::list(connection, &users::Filter::default(), &measure, page)
            .expect("a list")
            .items
            .len()
    }),
    ("batch list", |connection, page| {
        batches::list(connection, batches::Filter::default(), page)
            .expect("a list")
            .items
            .len()
    }),
    ("batch list alice", |connection, page| {
        let of_alice = batches::Filter {
            user: Some(ALICE),
            ..batches::Filter::default()
        };
        batches::list(connection, of_alice, page)
            .expect("a list")
            .items
            .len()
    }),
    ("history alice", |connection, page| {
        batches::history(connection, ALICE, ROWS, page)
            .expect("a list")
            .items
            .len()
    }),
];

/// The first user of the store.
const ALICE: UserId = UserId(1);

fn main() {
    let desk = Desk::new(&[("RECOVERY_CODES_HISTORY_MAX_VISIBLE", "100000")]);
    desk.issue("alice", 10);
    crowd::add(&desk.store(), 0..ROWS);
    crowd::add_history(&desk.store(), "alice", 2..ROWS);
    crowd::add_logs(&desk.store(), ROWS);

    let store = Store::open(&Location::File(desk.store())).expect("the store is there");
    let page = |list: List, number: u64| {
        let request = PageRequest { number, size: 10 };
        time(|| assert_eq!(list(store.read(), request), 10, "a page is full"))
    };
    let mut queries = Table::new("Pages: the query alone");
    let mut processes = Table::new("Pages: the whole process");
    for (word, list) in LISTS {
        let mut rounds = Rounds::default();
        rounds.add("first page", |_| page(list, 1));
        rounds.add("thousandth page", |_| page(list, 1000));
        let times = rounds.go(30);
        report(&mut queries, word, &times);

        let words = |number: &'static str| -> Vec<&str> {
            word.split(' ').chain(["--page", number]).collect()
        };
        let mut rounds = Rounds::default();
        rounds.add("first page", |_| desk.run(&words("1")));
        rounds.add("thousandth page", |_| desk.run(&words("1000")));
        let times = rounds.go(60);
        report(&mut processes, word, &times);
        let what = format!("{word}, thousandth / first");
        processes.against(&what, &times, "thousandth page", &["first page"], 1.1);
    }
    queries.print();
    processes.print();
}

fn report(table: &mut Table, word: &str, times: &Times) {
    let (first, thousandth) = (times.median("first page"), times.median("thousandth page"));
    table.row(
        &format!("{word}, first and thousandth page"),
        format!("{} and {}", show(first), show(thousandth)),
    );
}
