//! What `verify` and `confirm` have in common: reading the code, and saying no.

use crate::cli::desk::{Call, Report, names};
use crate::error::{Exit, Result};
use crate::model::source::Source;
use crate::render::record::Record;
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
        let prompt = crate::render::visible::visible(&format!("Code for {user}"));
        TypedCode::parse(terminal.ask_secret(&prompt)?.as_bytes())
    } else {
        TypedCode::parse(&terminal.read_input(LONGEST_INPUT)?)
    };
    Ok(typed
        .map_err(|error| Report::lines(Record::new().data(yes, false), Vec::new()).obstacle(error)))
}

/// The same for everything that may be wrong with a code.
pub fn rejected(yes: &'static str) -> Report {
    Report::done(Record::new().data(yes, false), "Not accepted.").exit(Exit::No)
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
