//! What `verify` and `confirm` have in common: reading the code, having it tried here or at the door, and
//! saying no.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use crate::actions::codes::attempt::{Request, ahead};
use crate::actions::codes::moved::are_typed;
use crate::actions::desk::workspace::Workspace;
use crate::cli::desk::{Call, Report, complete, names, send_now};
use crate::cli::door::ask::ask_at;
use crate::error::{Error, Exit, Kind, Result};
use crate::model::door::DoorWord;
use crate::model::id::TaskId;
use crate::model::source::Source;
use crate::platform::terminal::Terminal;
use crate::render::record::Record;
use crate::render::visible::visible;
use crate::render::wire;
use crate::render::words::wait;
use crate::secret::code::{LONGEST_INPUT, TypedCode};
use crate::secret::hasher::Hasher;

/// A code that somebody gives for a user.
#[derive(Debug, Args)]
pub struct Trial {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,

    /// From where the attempt comes: an address, a host, a terminal; who tries from elsewhere keeps
    /// nobody waiting
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    from: Option<Source>,

    /// Have it checked by `serve`, which listens at this socket, by an account that can read neither
    /// store nor key
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with_all = ["store", "config", "system", "actor"])]
    pub socket: Option<PathBuf>,

    /// Catches codes given as arguments, to say why that is wrong
    #[arg(hide = true)]
    surplus: Vec<String>,
}

/// What came of a code, and the notices that wait to be sent.
pub type Tried = (Report, Vec<TaskId>);

/// One of the words that try a code.
pub struct Spoken {
    pub word: DoorWord,
    /// The field that says yes.
    pub yes: &'static str,
    /// Has a code tried.
    pub attempt: fn(&mut Workspace, &mut Hasher, &Request<'_>) -> Result<Tried>,
    /// The report of a yes that came from the door; none for what is no whole answer.
    pub heard: fn(&wire::Answer) -> Option<Report>,
}

impl Spoken {
    /// The answer to what cannot be a code.
    pub fn malformed(&self, error: Error) -> Report {
        Report::lines(Record::new().data(self.yes, false), Vec::new()).obstacle(error)
    }
}

impl Trial {
    /// Reads the code and has it tried.
    pub fn run(self, spoken: &Spoken, call: &mut Call<'_>) -> Result<Report> {
        let user = names::user(&self.user)?;
        // What is wrong here is said before a code is asked for.
        let tester = match &self.socket {
            Some(socket) => Tester::Door(socket),
            None => Tester::Here(
                Box::new(call.hasher()?),
                Box::new(call.workspace_ahead(|store| ahead(store, &user))?),
            ),
        };
        let parse = match &tester {
            Tester::Here(_, workspace) if !are_typed(workspace)? => TypedCode::parse,
            // What else a code may be is known behind the door.
            _ => TypedCode::parse_moved,
        };
        let code = match read_code(call, &user, &self.surplus, parse)? {
            Ok(code) => code,
            Err(error) => return Ok(spoken.malformed(error)),
        };
        let source = self.from.as_ref();
        match tester {
            Tester::Door(socket) => {
                let answer = ask_at(call, socket, spoken.word, &user, &code, source)?;
                let report = heard(spoken, &user, answer.as_ref())?;
                Ok(doubted(call, &code, report))
            }
            Tester::Here(mut hasher, mut workspace) => {
                let request = Request {
                    user: &user,
                    code: &code,
                    source,
                };
                let (report, mail) = (spoken.attempt)(&mut workspace, &mut hasher, &request)?;
                let report = doubted(call, &code, report);
                send_now(call, &mut workspace, &mail, false, report)
            }
        }
    }
}

/// By whom a code is tried.
enum Tester<'a> {
    /// Whoever listens at this socket.
    Door(&'a Path),
    /// This program.
    Here(Box<Hasher>, Box<Workspace>),
}

/// What the answer from the door means, if it was one. Only a yes that is whole, ends with 0, and is about
/// whom was asked, is one.
fn heard(spoken: &Spoken, user: &str, answer: Option<&wire::Answer>) -> Result<Report> {
    if let Some(error) = answer.and_then(wire::Answer::obstacle) {
        return match error.kind() {
            Kind::MalformedCode => Ok(spoken.malformed(error)),
            _ => Err(error),
        };
    }
    let said = answer.and_then(|answer| match (answer.exit, answer.flag(spoken.yes)) {
        // Who was asked for by an address has another name.
        (0, Some(true)) if user.contains('@') || answer.text("user").as_deref() == Some(user) => {
            (spoken.heard)(answer)
        }
        (1, Some(false)) => Some(rejected(spoken.yes)),
        (5, Some(false)) => Some(match answer.number("retry_after") {
            Some(seconds) => must_wait(spoken.yes, seconds),
            None => locked(spoken.yes),
        }),
        _ => None,
    });
    said.ok_or_else(|| {
        Error::new(Kind::InDoubt, "what came from the socket is no answer").hint(
            "nobody is let in; see that `recovery-codes serve` of the same version listens there",
        )
    })
}

/// What stands behind `--from`.
fn source(text: &str) -> Result<Source, String> {
    Source::parse(text).map_err(|error| error.to_string())
}

/// How a text is read as a code.
type Parse = fn(&[u8]) -> Result<TypedCode>;

/// The code, or why it is malformed: from the prompt on a terminal, else from standard input.
fn read_code(
    call: &mut Call<'_>,
    user: &str,
    surplus: &[String],
    parse: Parse,
) -> Result<Result<TypedCode>> {
    if !surplus.is_empty() {
        return Err(names::code_as_argument());
    }
    let terminal = &mut call.platform.terminal;
    if terminal.is_interactive() {
        return ask(&mut **terminal, user, parse);
    }
    Ok(parse(&terminal.read_input(LONGEST_INPUT)?))
}

/// How often a code is asked for at the most.
const TIMES: usize = 3;

/// What the text shows that hardly any right code shows. It is said once before the text is tried,
/// and beside a no; that all letters are of one kind, only beside a no where that may be meant so.
fn doubt(code: &TypedCode, is_rejected: bool) -> Option<String> {
    if let Some(group) = code.missing_group() {
        return Some(format!("The {group} group is missing."));
    }
    let may_say = is_rejected || code.is_case_sensitive();
    let case = "Its letters are all capital or all small; in a code with both they are different.";
    (may_say && code.lacks_a_case()).then(|| case.to_owned())
}

/// Asks for the code, and again where the text itself shows that it is mistyped. Nothing is looked up
/// for that, and it is no attempt; an empty answer gives up.
fn ask(terminal: &mut dyn Terminal, user: &str, parse: Parse) -> Result<Result<TypedCode>> {
    let prompt = visible(&format!("Code for {user}"));
    let mut was_doubted = false;
    for _ in 1..TIMES {
        let text = terminal.ask_secret(&prompt)?;
        let typed = parse(text.as_bytes());
        let doubted = typed.as_ref().ok().and_then(|code| doubt(code, false));
        let why = match (doubted, typed) {
            // It may be right all the same.
            (Some(doubt), _) if !was_doubted => {
                was_doubted = true;
                format!("{doubt} Type it as it stands on the sheet; the same again is tried.")
            }
            (_, Err(error)) if !text.trim().is_empty() => {
                format!("{}. Type it again.", sentence(&error.to_string()))
            }
            (_, decided) => return Ok(decided),
        };
        terminal.write_error(format!("{}\n", visible(&why)).as_bytes());
    }
    Ok(parse(terminal.ask_secret(&prompt)?.as_bytes()))
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// The same for everything that may be wrong with a code.
pub fn rejected(yes: &'static str) -> Report {
    Report::done(Record::new().data(yes, false), "Not accepted.").exit(Exit::No)
}

/// Where somebody typed the code and it was not accepted, what the text itself shows is said beside that.
fn doubted(call: &Call<'_>, code: &TypedCode, report: Report) -> Report {
    match doubt(code, true) {
        Some(doubt) if report.is_no() && call.platform.terminal.is_interactive() => {
            report.note(doubt)
        }
        _ => report,
    }
}

/// The limiter asks to wait.
pub fn must_wait(yes: &'static str, seconds: u64) -> Report {
    let record = Record::new().data(yes, false).data("retry_after", seconds);
    Report::done(
        record,
        format!(
            "Too many attempts; wait {}. Trying again before that makes it longer.",
            wait(seconds)
        ),
    )
    .exit(Exit::Wait)
}

/// Only an administrator can help.
pub fn locked(yes: &'static str) -> Report {
    let record = Record::new()
        .data(yes, false)
        .data("retry_after", None::<u64>)
        .data("locked", true);
    Report::done(
        record,
        "Too many attempts; locked until an administrator runs `recovery-codes limit reset`.",
    )
    .exit(Exit::Wait)
}
