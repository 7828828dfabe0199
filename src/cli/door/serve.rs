//! `serve`: the local door, at which other accounts may ask about codes.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, Scope};
use std::time::Duration;

use clap::{Args, ValueHint};

use super::guest::Hall;
use super::queue::Queue;
use super::worker::{Opener, work};
use crate::actions::mail::deliver::Post;
use crate::actions::work::run_tasks::run_one;
use crate::cli::desk::{Call, Report};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::model::id::TaskId;
use crate::model::user::Actor;
use crate::platform::door::{Arrival, Listener, require};
use crate::platform::hardening;
use crate::platform::journal::{self, Logging};
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

/// Questions of one account that may wait.
const MOST_WAITING: usize = 32;

/// Notices that may wait to be sent from here, how long one may take, and how long a mail server that is
/// away is left alone.
const MOST_LETTERS: usize = 1000;
const PATIENCE: Duration = Duration::from_secs(3);
const AWAY: Duration = Duration::from_secs(60);

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
        let socket = socket.display().to_string();
        let log = (settings.log.file.is_none()).then_some(&settings.log.level);
        let guests = match log {
            None => keep(call, (listener, &socket), settings)?,
            // Nobody is there whom it could tell what goes wrong.
            Some(level) => {
                let (file, clock) = (journal::standard_error()?, call.platform.clock.clone());
                let level = level.clone();
                journal::with_file(file, &level, clock, || {
                    keep(call, (listener, &socket), settings)
                })?
            }
        };
        Ok(report(guests))
    }
}

/// Answers until a signal asks for an end; says how many connections there were.
fn keep(
    call: &mut Call<'_>,
    (listener, socket): (Listener, &str),
    settings: Settings,
) -> Result<u64> {
    let rules = settings.serve.allow.clone();
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
    let (mail, letters) = sync_channel(MOST_LETTERS);
    thread::scope(|scope| {
        // Whatever goes wrong below, nobody is left waiting for the end.
        let _end = End(&hall);
        for _ in 0..processors() {
            let (mail, logging) = (mail.clone(), logging.clone());
            let (queue, opener) = (&queue, &opener);
            begin(scope, move || logging.with(|| work(queue, opener, &mail)))?;
        }
        drop(mail);
        let mut post = call.post();
        let (hall, opener, log) = (&hall, &opener, logging.clone());
        begin(scope, move || {
            log.with(|| {
                let going_on = || sends_now && !hall.is_closed();
                send(&letters, going_on, opener, &actor, &mut post);
            });
        })?;
        tracing::info!(socket, "listening");
        listener.tell_ready();
        Ok(receive(scope, listener, hall, &logging))
    })
}

/// Closes the hall, however its keeper goes.
struct End<'a>(&'a Hall<'a>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Begins a thread that ends before the scope does.
fn begin<'scope>(
    scope: &'scope Scope<'scope, '_>,
    deed: impl FnOnce() + Send + 'scope,
) -> Result<()> {
    thread::Builder::new()
        .spawn_scoped(scope, deed)
        .map(drop)
        .map_err(|error| Error::file("cannot begin a thread", error))
}

/// Lets guests in until a signal asks for an end; says how many there were. Then nobody is listened for
/// any more.
fn receive<'scope>(
    scope: &'scope Scope<'scope, '_>,
    listener: Listener,
    hall: &'scope Hall<'_>,
    logging: &Logging,
) -> u64 {
    let mut guests = 0;
    let mut is_told = false;
    loop {
        let arrived = match listener.next() {
            Ok(Arrival::Stop) => return guests,
            Ok(Arrival::Stream(stream)) => match hall.admit(stream) {
                None => continue,
                Some(guest) => {
                    let (number, logging) = (guest.number(), logging.clone());
                    let heard = begin(scope, move || logging.with(|| hall.hear(guest)));
                    heard.inspect_err(|_| hall.forget(number))
                }
            },
            Err(error) => Err(Error::file("cannot accept a connection", error)),
        };
        match arrived {
            Ok(()) => {
                guests += 1;
                is_told = false;
            }
            Err(error) => {
                if !is_told {
                    tracing::warn!("cannot let somebody in: {error}");
                }
                is_told = true;
                pace::wait(&Stop::default(), BREATH);
            }
        }
    }
}

/// Sends notices while others are answered; what does not leave waits for the worker.
fn send(
    letters: &Receiver<TaskId>,
    is_going_on: impl Fn() -> bool,
    opener: &Opener,
    actor: &Actor,
    post: &mut Post<'_>,
) {
    let mut away: Option<Deadline> = None;
    for letter in letters {
        let is_away = away.is_some_and(|until| !until.left().is_zero());
        if is_away || !is_going_on() {
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
        // A mail server that is away is met once in a while.
        away = post.is_away.then(|| Deadline::after(AWAY));
    }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

fn report(guests: u64) -> Report {
    let record = Record::new().data("connections", guests);
    Report::done(record, format!("Heard {}.", count(guests, "connection")))
}
