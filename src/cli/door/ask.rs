//! Asking at the door instead of opening the store.

use std::path::Path;
use std::time::Duration;

use crate::cli::desk::Call;
use crate::error::{Error, Kind, Result};
use crate::model::door::DoorWord;
use crate::model::source::Source;
use crate::platform::door::knock;
use crate::render::wire::{Answer, Question};
use crate::secret::code::TypedCode;

/// Longer than the door takes for any answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks whoever listens at the socket about a code.
///
/// # Errors
/// As [`knock`]; [`Kind::InDoubt`] for what is no answer.
pub fn ask_at(
    call: &Call<'_>,
    socket: &Path,
    word: DoorWord,
    user: &str,
    code: &TypedCode,
    from: Option<&Source>,
) -> Result<Answer> {
    let code = code.any().expose();
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
    Answer::parse(&answer).ok_or_else(|| {
        Error::new(Kind::InDoubt, "what came from the socket is no answer")
            .hint("nobody is let in; see that `recovery-codes serve` listens there")
    })
}
