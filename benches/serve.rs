//! The local door: one question at a time beside the hash and the commits that cannot be spared, and
//! as many as there can be beside the hashes that all processors allow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::Duration;

use measure::bare::{Commits, Hash};
use measure::desk::{Desk, PROGRAM, Supply, place};
use measure::rounds::{Rounds, time};
use measure::table::Table;

const ROUNDS: usize = 150;

/// Questions that each of the clients asks at once.
const CLIENTS: usize = 4;
const EACH: usize = 15;
const BURSTS: usize = 10;

/// `serve` as a process, for the account that measures.
struct Door {
    child: Child,
    socket: PathBuf,
}

impl Door {
    fn open(desk: &Desk) -> Self {
        let user = nix::unistd::User::from_uid(nix::unistd::geteuid());
        let user = user.unwrap().unwrap().name;
        let socket = desk.home().join("door");
        let child = desk
            .command(PROGRAM)
            .env(
                "RECOVERY_CODES_SERVE_ALLOW",
                format!("user={user} words=verify"),
            )
            .arg("serve")
            .arg("--socket")
            .arg(&socket)
            .spawn()
            .unwrap();
        while UnixStream::connect(&socket).is_err() {
            thread::sleep(Duration::from_millis(10));
        }
        Self { child, socket }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Client(BufReader<UnixStream>);

impl Client {
    fn at(socket: &Path) -> Self {
        Self(BufReader::new(UnixStream::connect(socket).unwrap()))
    }

    /// Asks about a right code.
    fn verify(&mut self, (user, code): &(String, String)) {
        let question = format!("{{\"word\":\"verify\",\"user\":\"{user}\",\"code\":\"{code}\"}}\n");
        self.0.get_mut().write_all(question.as_bytes()).unwrap();
        let mut answer = String::new();
        self.0.read_line(&mut answer).unwrap();
        assert!(
            answer.starts_with("{\"exit\":0,\"accepted\":true"),
            "{answer}"
        );
    }
}

fn main() {
    let desk = Desk::new(&[]);
    let burst = CLIENTS * EACH;
    let tries = ROUNDS + 1 + burst * (BURSTS + 1);
    let Supply(mut supply) = desk.supply("user", tries);
    let door = Door::open(&desk);
    let mut client = Client::at(&door.socket);
    let elsewhere = place();
    let commits = Commits::new(elsewhere.path());
    let (mut hash, mut hash_of_crate) = (Hash::new(true), Hash::new(true));
    let processors = thread::available_parallelism().map_or(1, usize::from);

    let mut rounds = Rounds::default();
    rounds.add("one question", |_| {
        let next = supply.pop_front().unwrap();
        time(|| client.verify(&next))
    });
    rounds.add("bare hash", |_| time(|| hash.compute()));
    rounds.add("bare hash of the crate", |_| {
        time(|| hash_of_crate.compute_by_crate())
    });
    rounds.add("two durable commits", |_| {
        time(|| {
            commits.commit();
            commits.commit();
        })
    });
    let times = rounds.go(ROUNDS);
    let mut table = Table::new("Serve: one question at a time");
    table.times(&times);
    for hash in ["bare hash", "bare hash of the crate"] {
        let what = format!("question / ({hash} + commits)");
        let limits = [hash, "two durable commits"];
        table.against(&what, &times, "one question", &limits, 1.1);
    }
    table.print();

    let mut rounds = Rounds::default();
    rounds.add("questions", |_| {
        let lots: Vec<Vec<_>> = (0..CLIENTS)
            .map(|_| supply.drain(..EACH).collect())
            .collect();
        time(|| {
            thread::scope(|scope| {
                for lot in &lots {
                    let mut client = Client::at(&door.socket);
                    scope.spawn(move || lot.iter().for_each(|next| client.verify(next)));
                }
            });
        })
    });
    for (name, compute) in [
        ("as many hashes", Hash::compute as fn(&mut Hash)),
        ("as many of the crate", Hash::compute_by_crate),
    ] {
        let mut hashes: Vec<Hash> = (0..processors).map(|_| Hash::new(true)).collect();
        rounds.add(name, move |_| {
            time(|| {
                thread::scope(|scope| {
                    for hash in &mut hashes {
                        let share = burst.div_ceil(processors);
                        scope.spawn(move || (0..share).for_each(|_| compute(hash)));
                    }
                });
            })
        });
    }
    let times = rounds.go(BURSTS);
    let mut table = Table::new("Serve: four clients at once");
    table.times(&times);
    let rate = burst as f64 / times.median("questions").as_secs_f64();
    table.row("questions a second", format!("{rate:.0}"));
    for hashes in ["as many hashes", "as many of the crate"] {
        let ratio = times.ratio(hashes, &["questions"]);
        table.promise(
            &format!("questions / {hashes}, in a second"),
            format!("{ratio:.2} x"),
            ">= 0.9 x".to_owned(),
            ratio >= 0.9,
        );
    }
    table.row("processors", processors.to_string());
    table.print();
}
