//! One processor that answers questions, with its own store and its own warm memory.

use std::path::PathBuf;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use zeroize::Zeroizing;

use super::queue::{Job, Next, Queue};
use crate::actions::codes::attempt::{Request, ahead};
use crate::actions::desk::opening::Opening;
use crate::actions::desk::sealing::Older;
use crate::actions::desk::workspace::{Workspace, cost};
use crate::cli::codes::confirm::CONFIRM;
use crate::cli::codes::trial::{Spoken, Tried};
use crate::cli::codes::verify::VERIFY;
use crate::cli::desk::call::fitting_reason;
use crate::cli::desk::{Printer, names};
use crate::config::Settings;
use crate::config::paths::Paths;
use crate::error::{Error, Exit, Kind, Result};
use crate::model::audit::Origin;
use crate::model::door::DoorWord;
use crate::model::environment::{Entropy, Environment};
use crate::model::id::TaskId;
use crate::model::source::Source;
use crate::model::user::Actor;
use crate::platform::clock::Clock;
use crate::platform::pace::Deadline;
use crate::render::wire::{self, Question};
use crate::secret::code::TypedCode;
use crate::secret::hasher::Hasher;

/// Everything that a store is opened with, as often as it must be.
#[derive(Clone)]
pub struct Opener {
    pub paths: Paths,
    pub environment: Environment,
    pub settings: Settings,
    pub entropy: Entropy,
    pub runtime: Option<PathBuf>,
    pub clock: Clock,
    pub printer: Printer,
}

impl Opener {
    /// Opens store and key ring as they are now.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn open(&self, actor: Actor) -> Result<Workspace> {
        Workspace::open(Opening {
            paths: &self.paths,
            environment: &self.environment,
            settings: self.settings.clone(),
            origin: Origin {
                at: (self.clock)(),
                actor,
                reason: None,
            },
            entropy: Entropy::clone(&self.entropy),
            runtime: self.runtime.clone(),
            older: Older::Part,
            is_last: false,
        })
    }
}

/// After so long without a question, what the last one left in memory is wiped.
const QUIET: Duration = Duration::from_secs(1);

/// A failure that goes on is logged so often.
const LOGGED: Duration = Duration::from_secs(60);

/// Answers until the queue is closed. Notices that are to leave go to `mail`, as far as there is room;
/// the rest waits for the worker.
pub fn work(queue: &Queue, opener: &Opener, mail: &SyncSender<TaskId>) {
    let mut worker = Worker {
        opener,
        logged: None,
        hasher: Hasher::warm(cost(&opener.settings)),
        workspace: None,
    };
    let mut is_wiped = true;
    loop {
        match queue.next(QUIET) {
            Next::Closed => return,
            Next::Idle if is_wiped => {}
            Next::Idle => {
                worker.hasher.wipe();
                is_wiped = true;
            }
            Next::Job(job) => {
                is_wiped = false;
                let (answer, notices) = worker.answer(&job);
                // Whoever asked may be gone; what was done is done.
                let _ = job.answer.send(answer);
                for notice in notices {
                    let _ = mail.try_send(notice);
                }
            }
        }
    }
}

struct Worker<'a> {
    opener: &'a Opener,
    hasher: Hasher,
    /// The store as it was opened for the last question, if that went well.
    workspace: Option<Workspace>,
    /// What failed last, and until when that is not logged again.
    logged: Option<(Kind, Deadline)>,
}

impl Worker<'_> {
    fn answer(&mut self, job: &Job) -> (Zeroizing<String>, Vec<TaskId>) {
        let printer = &self.opener.printer;
        match self.tried(job) {
            Ok((report, mail)) => {
                let (exit, said) = report.spoken(printer);
                (wire::answer(exit.code(), said), mail)
            }
            // What the asker did wrong is theirs to know; what failed here is not.
            Err(error) if error.exit() == Exit::Failed => {
                self.log(&error);
                let told = Error::new(error.kind(), "it cannot be checked now")
                    .hint("nobody is let in; the log of `recovery-codes serve` says why");
                (refusal(printer, &told), Vec::new())
            }
            Err(error) => (refusal(printer, &error), Vec::new()),
        }
    }

    fn log(&mut self, error: &Error) {
        let is_logged = self
            .logged
            .is_some_and(|(kind, until)| kind == error.kind() && !until.left().is_zero());
        if !is_logged {
            tracing::warn!(kind = error.kind().word(), "{error}");
            self.logged = Some((error.kind(), Deadline::after(LOGGED)));
        }
    }

    fn tried(&mut self, job: &Job) -> Result<Tried> {
        let question = Question::parse(&job.line)?;
        let spoken = spoken(&question)?;
        let user = names::user(&question.user)?;
        let from = question.from.as_deref().map(Source::parse).transpose()?;
        let reason = fitting_reason(question.reason.as_deref())?;
        // Whatever this store holds, nothing else can be a code.
        let code = match TypedCode::parse_moved(question.code.as_bytes()) {
            Ok(code) => code,
            Err(error) => return Ok((spoken.malformed(error), Vec::new())),
        };
        let request = Request {
            user: &user,
            code: &code,
            source: from.as_ref(),
        };
        let tried = self.attempt(spoken, job, reason.clone(), &request);
        match tried {
            // A restore put another store in its place. What was counted in the old one does not matter
            // any more, and nothing else was done there.
            Err(error) if error.kind() == Kind::ReplacedStore => {
                self.attempt(spoken, job, reason, &request)
            }
            Err(error) if error.kind() == Kind::MalformedCode => {
                Ok((spoken.malformed(error), Vec::new()))
            }
            tried => tried,
        }
    }

    fn attempt(
        &mut self,
        spoken: &Spoken,
        job: &Job,
        reason: Option<String>,
        request: &Request<'_>,
    ) -> Result<Tried> {
        let actor = Actor::parse(&job.actor)?;
        let mut workspace = match self.workspace.take() {
            Some(workspace) => workspace,
            None => self.opener.open(actor.clone())?,
        };
        workspace.origin.actor = actor;
        workspace.origin.reason = reason;
        workspace.ahead_of_clock(|store| ahead(store, request.user));
        workspace.read_clock((self.opener.clock)())?;
        let tried = (spoken.attempt)(&mut workspace, &mut self.hasher, request);
        // After a failure the next question opens the store anew.
        let is_sound = tried
            .as_ref()
            .err()
            .is_none_or(|error| error.exit() != Exit::Failed);
        self.workspace = is_sound.then_some(workspace);
        tried
    }
}

/// The word that a question asks for.
///
/// # Errors
/// [`Kind::Usage`].
fn spoken(question: &Question<'_>) -> Result<&'static Spoken> {
    match word(question)? {
        DoorWord::Verify => Ok(&VERIFY),
        DoorWord::Confirm => Ok(&CONFIRM),
    }
}

/// The same as a value.
///
/// # Errors
/// [`Kind::Usage`].
pub fn word(question: &Question<'_>) -> Result<DoorWord> {
    DoorWord::from_word(&question.word).ok_or_else(|| {
        Error::new(Kind::Usage, "this word cannot be asked at the door")
            .hint("the words are verify and confirm")
    })
}

/// An answer that tells of an obstacle.
pub fn refusal(printer: &Printer, error: &Error) -> Zeroizing<String> {
    wire::answer(error.exit().code(), printer.told(error))
}

/// Too many ask at once, or too long.
pub fn busy() -> Error {
    Error::new(Kind::Busy, "too many questions wait")
        .hint("nothing was checked; ask again in a moment")
}
