//! Whoever connects: heard line by line, and let ask what the rules allow.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::queue::{Job, Queue};
use super::worker::{busy, refusal, word};
use crate::cli::desk::Printer;
use crate::error::{Error, Kind, Result};
use crate::model::door::Rule;
use crate::platform::door::{Account, Caller, Handle, Line};
use crate::platform::pace::Deadline;
use crate::render::wire::{LONGEST, Question};

/// A connection may say nothing for so long.
const IDLE: Duration = Duration::from_secs(300);
/// What began must be whole, and an answer must be taken, within this.
const BRIEF: Duration = Duration::from_secs(5);
/// A question may wait so long for a processor.
const QUEUED: Duration = Duration::from_secs(5);
/// Longer than any answer takes that waits for its turn at the store.
const ANSWERED: Duration = Duration::from_secs(25);

/// Connections in all, and of one account that may ask, and of one that may not.
const MOST: usize = 256;
const MOST_OF_ONE: usize = 64;
const MOST_OF_STRANGER: usize = 4;

/// How often a stranger is logged.
const LOGGED: Duration = Duration::from_secs(60);

/// What all connections share.
pub struct Hall<'a> {
    pub rules: Vec<Rule>,
    pub queue: &'a Queue,
    pub printer: Printer,
    guests: Mutex<Guests>,
}

#[derive(Default)]
struct Guests {
    last: u64,
    handles: BTreeMap<u64, (u32, Handle)>,
    logged: BTreeMap<u32, Deadline>,
    is_closed: bool,
}

/// A connection that was let in.
pub struct Guest {
    caller: Caller,
    account: Account,
    number: u64,
}

impl<'a> Hall<'a> {
    /// An empty one.
    pub fn new(rules: Vec<Rule>, queue: &'a Queue, printer: Printer) -> Self {
        Self {
            rules,
            queue,
            printer,
            guests: Mutex::default(),
        }
    }

    /// Lets a connection in, if there is room; else it is told so.
    pub fn admit(&self, stream: UnixStream) -> Option<Guest> {
        let mut caller = Caller::new(stream, LONGEST);
        let account = caller.account().ok()?;
        let mut guests = self.guests();
        let of_it = guests.handles.values().filter(|(id, _)| *id == account.id);
        let most = match account.is_known(&self.rules) {
            true => MOST_OF_ONE,
            false => MOST_OF_STRANGER,
        };
        let has_room = of_it.count() < most && guests.handles.len() < MOST && !guests.is_closed;
        let handle = caller.handle().ok().filter(|_| has_room);
        let Some(handle) = handle else {
            drop(guests);
            let _ = caller.answer(
                refusal(&self.printer, &busy()).as_bytes(),
                Duration::from_millis(1),
            );
            return None;
        };
        guests.last += 1;
        let number = guests.last;
        guests.handles.insert(number, (account.id, handle));
        drop(guests);
        Some(Guest {
            caller,
            account,
            number,
        })
    }

    /// Hears a connection to its end.
    pub fn hear(&self, mut guest: Guest) {
        while let Some(answer) = self.next(&mut guest) {
            let (answer, is_last) = answer;
            if guest.caller.answer(answer.as_bytes(), BRIEF).is_err() || is_last {
                break;
            }
        }
        self.guests().handles.remove(&guest.number);
    }

    /// Lets nobody in any more, and hears nothing more of those who are; what was asked is answered.
    pub fn close(&self) {
        let mut guests = self.guests();
        guests.is_closed = true;
        for (_, handle) in guests.handles.values() {
            handle.end();
        }
    }

    /// The answer to the next line, and whether nothing is heard after it.
    fn next(&self, guest: &mut Guest) -> Option<(Zeroizing<String>, bool)> {
        let idle = match guest.account.is_known(&self.rules) {
            true => IDLE,
            false => BRIEF,
        };
        let line = match guest.caller.line(idle, BRIEF).ok()? {
            Line::Text(line) => line,
            Line::End | Line::TooSlow => return None,
            Line::TooLong => {
                let error = Error::new(Kind::Usage, "the question is too long")
                    .hint("a question is one line of JSON of 8192 bytes at the most");
                return Some((refusal(&self.printer, &error), true));
            }
        };
        match self.ask(&guest.account, line) {
            Ok(answer) => Some((answer, false)),
            Err(error) => {
                let is_stranger = error.kind() == Kind::NotAllowed;
                if is_stranger {
                    self.log(&guest.account);
                }
                Some((refusal(&self.printer, &error), is_stranger))
            }
        }
    }

    fn ask(&self, account: &Account, line: Zeroizing<Vec<u8>>) -> Result<Zeroizing<String>> {
        let actor = account.name.clone();
        let actor = actor.unwrap_or_else(|| format!("account {}", account.id));
        let not_allowed = || {
            Error::new(
                Kind::NotAllowed,
                format!("{actor} may not ask this at the door"),
            )
            .hint("whom an administrator names in serve.allow may; nothing was checked")
        };
        // Strangers learn nothing of how questions are read.
        if !account.is_known(&self.rules) {
            return Err(not_allowed());
        }
        let question = Question::parse(&line)?;
        if !account.may(&self.rules, word(&question)?, &question.user) {
            return Err(not_allowed());
        }
        drop(question);
        let (answer, answered) = sync_channel(1);
        let job = Job {
            line,
            actor,
            until: Deadline::after(QUEUED),
            answer,
        };
        if !self.queue.push(job) {
            return Err(busy());
        }
        answered.recv_timeout(ANSWERED).map_err(|_| {
            Error::new(Kind::InDoubt, "the answer took too long")
                .hint("nobody is let in; the code may be used up: see `recovery-codes log verify-attempts`")
        })
    }

    /// Logs that somebody asked who may not; not each time, for they could fill the disk with it.
    fn log(&self, account: &Account) {
        let mut guests = self.guests();
        let last = guests.logged.get(&account.id);
        if last.is_none_or(|logged| logged.left().is_zero()) {
            guests.logged.insert(account.id, Deadline::after(LOGGED));
            drop(guests);
            tracing::warn!(
                account = account.id,
                name = account.name,
                "refused at the door"
            );
        }
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
