//! What `verify` and `confirm` have in common: reading the code, and saying no.

use crate::cli::desk::{Call, Report, names};
use crate::error::{Exit, Result};
use crate::model::source::Source;
use crate::platform::terminal::Terminal;
use crate::render::record::Record;
use crate::render::visible::visible;
use crate::render::words::wait;
use crate::secret::code::{LONGEST_INPUT, TypedCode};

/// What stands behind `--from`.
pub fn source(text: &str) -> Result<Source, String> {
    Source::parse(text).map_err(|error| error.to_string())
}

/// The code: from the prompt on a terminal, else from standard input. Beside a malformed one
/// stands the report to end with.
pub fn read_code(
    call: &mut Call<'_>,
    user: &str,
    surplus: &[String],
    yes: &'static str,
) -> Result<Result<TypedCode, Report>> {
    if !surplus.is_empty() {
        return Err(names::code_as_argument());
    }
    let terminal = &mut call.platform.terminal;
    let typed = if terminal.is_interactive() {
        ask(&mut **terminal, user)?
    } else {
        TypedCode::parse(&terminal.read_input(LONGEST_INPUT)?)
    };
    Ok(typed
        .map_err(|error| Report::lines(Record::new().data(yes, false), Vec::new()).obstacle(error)))
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
fn ask(terminal: &mut dyn Terminal, user: &str) -> Result<Result<TypedCode>> {
    let prompt = visible(&format!("Code for {user}"));
    let mut was_doubted = false;
    for _ in 1..TIMES {
        let text = terminal.ask_secret(&prompt)?;
        let typed = TypedCode::parse(text.as_bytes());
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
    Ok(TypedCode::parse(terminal.ask_secret(&prompt)?.as_bytes()))
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// The same for everything that may be wrong with a code. Where somebody typed it, what the text
/// itself shows is said beside it.
pub fn rejected(call: &Call<'_>, code: &TypedCode, yes: &'static str) -> Report {
    let report = Report::done(Record::new().data(yes, false), "Not accepted.").exit(Exit::No);
    match doubt(code, true) {
        Some(doubt) if call.platform.terminal.is_interactive() => report.note(doubt),
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
