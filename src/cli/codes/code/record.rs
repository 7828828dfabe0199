//! What is said of a code.

use crate::actions::codes::change_code::{Change, change_code};
use crate::actions::desk::find;
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::Result;
use crate::model::state::{BatchState, CodeState, UserState};
use crate::model::time::Timestamp;
use crate::render::record::Record;
use crate::render::words::count;
use crate::store::batches;
use crate::store::codes::CodeRow;
use crate::store::users::User;
use clap::Args;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

/// Which code of which user.
#[derive(Debug, Args)]
pub struct Which {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    pub(super) user: String,

    /// The code's first group
    #[arg(add = ArgValueCandidates::new(complete::hints))]
    pub(super) hint: String,
}

/// What every word says of a code, at this moment and in this epoch of the store.
pub fn code_record(
    row: &CodeRow,
    batch: &batches::Batch,
    user: &User,
    (now, epoch): (Timestamp, i64),
) -> Record {
    let works = row.state == CodeState::Active
        && user.state == UserState::Active
        && batch.state == BatchState::Active
        && !batch.is_expired(now)
        && batch.epoch >= epoch;
    Record::new()
        .field("position", "No.", u64::try_from(row.position).unwrap_or(0))
        .field("hint", "Hint", row.hint.as_str())
        .field("state", "State", row.state.word())
        .field("works", "Works", works)
        .field("ended_at", "Since", row.ended_at)
        .data("batch", batch.name.as_str())
        .words("Batch", batch.name.short())
}

/// What `invalidate`, `reactivate` and `delete` do; `said` is the participle.
pub fn change(call: &mut Call<'_>, which: &Which, change: Change, said: &str) -> Result<Report> {
    let (user, hint) = (names::user(&which.user)?, names::hint(&which.hint)?);
    let mut workspace = call.workspace()?;
    if change == Change::Delete {
        // Nobody is asked about a code that is not there or is dead already.
        let found = find::user(workspace.store.read(), &user)?;
        let (code, batch) = find::code(workspace.store.read(), &found, &hint)?;
        if change.is_possible_from(code.state) {
            call.confirm(&format!(
                "the code {} of {} in batch {} is deleted and cannot be brought back",
                code.hint,
                found.name,
                batch.name.short(),
            ))?;
        }
    }
    let answer = change_code(&mut workspace, &user, &hint, change)?;
    let record = Record::new()
        .data("user", answer.user.as_str())
        .data("batch", answer.batch.as_str())
        .data("hint", answer.hint.as_str())
        .data("state", answer.state.word())
        .data("remaining", answer.remaining);
    let note = format!(
        "The code {} of {} is {said}; {} left in batch {}.",
        answer.hint,
        answer.user,
        count(answer.remaining, "code"),
        answer.batch.short(),
    );
    Ok(Report::done(record, note))
}
