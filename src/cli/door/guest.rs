//! Whoever connects: heard line by line, and let ask what the rules allow.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::queue::{Job, Queue};
use super::worker::{busy, refusal, word};
use crate::cli::desk::Printer;
use crate::error::{Error, Kind, Result};
use crate::model::door::Rule;
use crate::platform::door::{Account, Caller, Handle, Line, named};
use crate::platform::pace::{self, Deadline};
use crate::platform::signals::Stop;
use crate::render::wire::{LONGEST, Question};

/// A connection of an account that a rule names may say nothing for so long.
const IDLE: Duration = Duration::from_secs(300);
/// What began must be whole, and an answer must be taken, within this; and who is let in by a group
/// may say nothing for so long.
const BRIEF: Duration = Duration::from_secs(5);
/// A question may wait so long for a processor.
const QUEUED: Duration = Duration::from_secs(5);
/// What is being tried may wait twice for its turn at the store.
const ANSWERED: Duration = Duration::from_secs(60);
/// Who is told that too much waits, waits before the next question is heard.
const PAUSE: Duration = Duration::from_millis(50);

/// A stranger has so long to say what is refused.
const HEARD_OUT: Duration = Duration::from_secs(1);

/// Connections of an account that a rule names.
const MOST_OF_NAMED: usize = 64;
/// Of any other account, and of all of those together: they take nothing from whom a rule names.
const MOST_OF_OTHER: usize = 4;
const MOST_OF_OTHERS: usize = 32;

/// For so long a refused account is remembered, and not logged again.
const REMEMBERED: Duration = Duration::from_secs(60);
/// As many are; those beyond are not logged either, for they could fill the disk with it.
const MOST_REMEMBERED: usize = 1000;

/// What all connections share.
pub struct Hall<'a> {
    rules: Vec<Rule>,
    /// Whom a rule names itself.
    named: BTreeSet<u32>,
    queue: &'a Queue,
    printer: Printer,
    guests: Mutex<Guests>,
    is_closed: AtomicBool,
}

#[derive(Default)]
struct Guests {
    last: u64,
    handles: BTreeMap<u64, (u32, Handle)>,
    refused: BTreeMap<u32, Refused>,
}

/// An account that was refused something.
struct Refused {
    /// Until when it is remembered.
    until: Deadline,
    /// Whether it may ask nothing at all.
    is_stranger: bool,
}

/// A connection that was let in.
pub struct Guest {
    caller: Caller,
    /// The number of its account.
    id: u32,
    number: u64,
}

impl<'a> Hall<'a> {
    /// An empty one.
    pub fn new(rules: Vec<Rule>, queue: &'a Queue, printer: Printer) -> Self {
        Self {
            named: named(&rules),
            rules,
            queue,
            printer,
            guests: Mutex::default(),
            is_closed: AtomicBool::new(false),
        }
    }

    /// Lets a connection in, if there is room; else it is told so. Nothing is asked here that could
    /// take long.
    pub fn admit(&self, stream: UnixStream) -> Option<Guest> {
        let caller = Caller::new(stream, LONGEST);
        let id = caller.id().ok()?;
        let mut guests = self.guests();
        let refused = guests.refused(id);
        let is_stranger = refused.is_some_and(|refused| refused.is_stranger);
        let of_it = guests.handles.values().filter(|(other, _)| *other == id);
        let of_it = of_it.count();
        let is_other = |(other, _): &&(u32, Handle)| !self.named.contains(other);
        let has_room = match self.named.contains(&id) {
            true => of_it < MOST_OF_NAMED,
            false => {
                let others = guests.handles.values().filter(is_other).count();
                // A stranger is told properly, as long as that takes nothing from others.
                let most = match is_stranger {
                    true => MOST_OF_OTHERS / 2,
                    false => MOST_OF_OTHERS,
                };
                of_it < MOST_OF_OTHER && others < most
            }
        };
        let handle = caller
            .handle()
            .ok()
            .filter(|_| has_room && !self.is_closed());
        let Some(handle) = handle else {
            drop(guests);
            let why = match is_stranger {
                true => not_allowed(&format!("account {id}")),
                false => busy(),
            };
            self.turn_away(caller, &why);
            return None;
        };
        guests.last += 1;
        let number = guests.last;
        guests.handles.insert(number, (id, handle));
        drop(guests);
        Some(Guest { caller, id, number })
    }

    /// Forgets a guest who cannot be heard, and tells nobody: the connection just ends.
    pub fn forget(&self, number: u64) {
        self.guests().handles.remove(&number);
    }

    /// Hears a connection to its end.
    pub fn hear(&self, guest: Guest) {
        let Guest { caller, id, number } = guest;
        let account = Account::of(id, &self.rules);
        match account.is_known() {
            true => self.converse(caller, &account),
            false => {
                self.log(&account);
                self.refuse(caller, &account);
            }
        }
        self.forget(number);
    }

    fn converse(&self, mut caller: Caller, account: &Account) {
        while !self.is_closed() {
            let Some((answer, is_last)) = self.next(&mut caller, account) else {
                return;
            };
            if caller.answer(answer.as_bytes(), BRIEF).is_err() || is_last {
                return;
            }
        }
    }

    /// Lets nobody in any more, and hears nothing more of those who are; what is being tried is
    /// answered.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        for (_, handle) in self.guests().handles.values() {
            handle.end();
        }
        self.queue.close();
    }

    /// Whether it is to end.
    pub fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    /// The answer to the next line, and whether nothing is heard after it.
    fn next(&self, caller: &mut Caller, account: &Account) -> Option<(Zeroizing<String>, bool)> {
        let idle = match self.named.contains(&account.id) {
            true => IDLE,
            false => BRIEF,
        };
        let line = match caller.line(idle, BRIEF).ok()? {
            Line::Text(line) => line,
            Line::End | Line::TooSlow => return None,
            Line::TooLong => {
                let error = Error::new(Kind::Usage, "the question is too long").hint(format!(
                    "a question is one line of JSON of {LONGEST} bytes at the most"
                ));
                return Some((refusal(&self.printer, &error), true));
            }
        };
        // Who gave up waiting, with a door that was asleep, has asked nothing: the code is not used up.
        if caller.is_gone() {
            return None;
        }
        let answer = self.ask(account, line);
        Some(match answer {
            Ok(answer) => (answer, false),
            Err(error) => {
                match error.kind() {
                    Kind::NotAllowed => self.log(account),
                    Kind::Busy => drop(pace::wait(&Stop::default(), PAUSE)),
                    _ => {}
                }
                (refusal(&self.printer, &error), false)
            }
        })
    }

    fn ask(&self, account: &Account, line: Zeroizing<Vec<u8>>) -> Result<Zeroizing<String>> {
        let actor = called(account);
        let question = Question::parse(&line)?;
        if !account.may(word(&question)?, &question.user) {
            return Err(not_allowed(&actor));
        }
        drop(question);
        let (answer, answered) = sync_channel(1);
        let job = Job {
            line,
            account: account.id,
            actor,
            answer,
        };
        let number = self.queue.push(job).ok_or_else(busy)?;
        let answer = match answered.recv_timeout(QUEUED) {
            Err(RecvTimeoutError::Timeout) if self.queue.withdraw(account.id, number) => {
                return Err(busy());
            }
            Err(RecvTimeoutError::Timeout) => answered.recv_timeout(ANSWERED),
            answer => answer,
        };
        answer.map_err(|_| {
            Error::new(Kind::InDoubt, "the answer took too long")
                .hint("nobody is let in; the code may be used up: see `recovery-codes log verify-attempts`")
        })
    }

    /// Hears out whoever may ask nothing, so that they can hear why.
    fn refuse(&self, mut caller: Caller, account: &Account) {
        let _ = caller.line(HEARD_OUT, HEARD_OUT);
        self.turn_away(caller, &not_allowed(&called(account)));
    }

    /// Tells somebody why nothing is heard of them, without waiting for what they would say.
    fn turn_away(&self, mut caller: Caller, why: &Error) {
        let answer = refusal(&self.printer, why);
        // It fits into an empty socket; who does not read it is not waited for.
        let _ = caller.answer(answer.as_bytes(), Duration::from_millis(1));
    }

    /// Logs that somebody asked who may not; not each time, for they could fill the disk with it.
    fn log(&self, account: &Account) {
        let mut guests = self.guests();
        if guests.refused.len() >= MOST_REMEMBERED {
            guests.refused.retain(|_, refused| refused.is_remembered());
        }
        if guests.refused(account.id).is_some() || guests.refused.len() >= MOST_REMEMBERED {
            return;
        }
        let refused = Refused {
            until: Deadline::after(REMEMBERED),
            is_stranger: !account.is_known(),
        };
        guests.refused.insert(account.id, refused);
        drop(guests);
        tracing::warn!(
            account = account.id,
            name = account.name,
            "refused at the door"
        );
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guests {
    fn refused(&self, id: u32) -> Option<&Refused> {
        let refused = self.refused.get(&id);
        refused.filter(|refused| refused.is_remembered())
    }
}

impl Refused {
    fn is_remembered(&self) -> bool {
        !self.until.left().is_zero()
    }
}

impl Guest {
    /// Its number among all that were let in.
    pub fn number(&self) -> u64 {
        self.number
    }
}

/// How an account is called in the record.
fn called(account: &Account) -> String {
    let name = account.name.clone();
    name.unwrap_or_else(|| format!("account {}", account.id))
}

fn not_allowed(who: &str) -> Error {
    Error::new(
        Kind::NotAllowed,
        format!("{who} may not ask this at the door"),
    )
    .hint("whom an administrator names in serve.allow may; nothing was checked")
}
