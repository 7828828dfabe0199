//! Asking at the door instead of opening the store.

use std::path::Path;
use std::time::Duration;

use crate::cli::desk::Call;
use crate::error::Result;
use crate::model::door::DoorWord;
use crate::model::source::Source;
use crate::platform::door::knock;
use crate::render::wire::{Answer, Question};
use crate::secret::code::TypedCode;

/// Nobody waits longer for a login.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks whoever listens at the socket about a code; none if what came is no answer.
///
/// # Errors
/// As [`knock`].
pub fn ask_at(
    call: &Call<'_>,
    socket: &Path,
    word: DoorWord,
    user: &str,
    code: &TypedCode,
    from: Option<&Source>,
) -> Result<Option<Answer>> {
    let code = code.expose();
    let reason = call.reason()?;
    let question = Question {
        word: word.word().into(),
        user: user.into(),
        code: code.as_str().into(),
        from: from.map(|source| source.as_str().into()),
        reason: reason.as_deref().map(Into::into),
    };
    let line = question.line();
    let answer = knock(socket, line.as_bytes(), PATIENCE)?;
    Ok(Answer::parse(&answer))
}
