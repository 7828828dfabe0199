//! `serve`: the local door, at which other accounts may ask about codes.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, Scope};
use std::time::Duration;

use clap::{Args, ValueHint};

use super::guest::Hall;
use super::queue::Queue;
use super::worker::{Opener, work};
use crate::actions::mail::deliver::Post;
use crate::actions::work::run_tasks::run_one;
use crate::cli::desk::{Call, Report};
use crate::error::{Error, Kind, Result};
use crate::model::id::TaskId;
use crate::model::user::Actor;
use crate::platform::door::{Arrival, Listener, require};
use crate::platform::hardening;
use crate::platform::journal::Logging;
use crate::platform::pace::{self, Deadline};
use crate::platform::signals::Stop;
use crate::render::record::Record;
use crate::render::words::count;

/// Answer other accounts of this machine at a local socket
///
/// Web back ends, and PAM in programs that are not root, ask here whether a code works, and can read
/// neither store nor key. Who may ask what is `[[serve.allow]]`; everybody else is refused. Takes the
/// socket that systemd hands over, else makes its own, and ends on SIGTERM.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen, if systemd hands no socket over [default: serve.socket]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    socket: Option<PathBuf>,
}

/// Questions that may wait.
const MOST_WAITING: usize = 64;

/// How long one notice may keep the next from leaving.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pause after the system could not give us a connection: all its descriptors may be in use.
const BREATH: Duration = Duration::from_millis(100);

impl Serve {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        // What is wrong from the start is told at once.
        drop(call.workspace()?);
        let settings = call.settings()?;
        let rules = settings.serve.allow.clone();
        if rules.is_empty() {
            return Err(Error::new(Kind::Config, "serve.allow names nobody, so nobody could ask")
                .hint(r#"write [[serve.allow]], user = "www-data" and words = ["verify"] into config.toml"#));
        }
        for rule in &rules {
            require(rule)?;
        }
        let socket = self.socket.unwrap_or_else(|| settings.serve.socket.clone());
        let listener = Listener::open(&socket)?;
        if !hardening::lock_memory() {
            tracing::warn!("memory cannot be locked (LimitMEMLOCK), so codes may get into swap");
        }
        let actor = call.origin()?.actor;
        let sends_now = settings.mail.is_sent_now();
        let opener = Opener {
            paths: call.loaded.paths.clone(),
            environment: call.platform.environment.clone(),
            settings,
            entropy: call.platform.entropy.clone(),
            runtime: call.platform.places.runtime.clone(),
            clock: call.platform.clock.clone(),
            printer: call.printer.clone(),
        };
        let queue = Queue::of(MOST_WAITING);
        let hall = Hall::new(rules, &queue, call.printer.clone());
        let logging = Logging::here();
        let (mail, letters) = channel();
        let guests = thread::scope(|scope| {
            for _ in 0..processors() {
                let (mail, logging) = (mail.clone(), logging.clone());
                scope.spawn({
                    let (queue, opener) = (&queue, &opener);
                    move || logging.with(|| work(queue, opener, &mail))
                });
            }
            drop(mail);
            let mut post = call.post();
            scope.spawn({
                let (opener, logging) = (&opener, logging.clone());
                move || logging.with(|| send(&letters, sends_now, opener, &actor, &mut post))
            });
            listener.tell_ready();
            receive(scope, &listener, &hall, &logging)
        });
        drop(listener);
        Ok(report(guests))
    }
}

/// Lets guests in until a signal asks for an end; says how many there were.
fn receive<'scope>(
    scope: &'scope Scope<'scope, '_>,
    listener: &Listener,
    hall: &'scope Hall<'_>,
    logging: &Logging,
) -> u64 {
    let mut guests = 0;
    loop {
        match listener.next() {
            Ok(Arrival::Stop) => break,
            Ok(Arrival::Stream(stream)) => {
                let Some(guest) = hall.admit(stream) else {
                    continue;
                };
                guests += 1;
                let logging = logging.clone();
                scope.spawn(move || logging.with(|| hall.hear(guest)));
            }
            Err(error) => {
                tracing::warn!("cannot let anybody in: {error}");
                pace::wait(&Stop::default(), BREATH);
            }
        }
    }
    hall.close();
    hall.queue.close();
    guests
}

/// Sends notices while others are answered; what does not leave waits for the worker.
fn send(
    letters: &Receiver<TaskId>,
    sends_now: bool,
    opener: &Opener,
    actor: &Actor,
    post: &mut Post<'_>,
) {
    for letter in letters {
        if !sends_now {
            continue;
        }
        post.deadline = Some(Deadline::after(PATIENCE));
        post.is_away = false;
        let sent = opener
            .open(actor.clone())
            .and_then(|mut workspace| run_one(&mut workspace, post, letter, &Stop::default()));
        if let Err(error) = sent {
            tracing::warn!(
                kind = error.kind().word(),
                "a notice did not leave: {error}"
            );
        }
    }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

fn report(guests: u64) -> Report {
    let record = Record::new().data("connections", guests);
    Report::done(record, format!("Heard {}.", count(guests, "connection")))
}
