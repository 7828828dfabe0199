//! Invalidates, reactivates or deletes one code.

use crate::actions::desk::find;
use crate::actions::desk::tree::forged;
use crate::actions::desk::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::BatchName;
use crate::model::state::{BatchState, CodeState};
use crate::model::user::UserName;
use crate::render::quoting::name_in_shell;
use crate::store::codes::CodeRow;
use crate::store::users::User;
use crate::store::{batch_counts, batches, codes};

/// What is to become of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Invalidate,
    Reactivate,
    Delete,
}

impl Change {
    /// Whether a code's life allows it (DESIGN section 3): what was used or deleted stays so.
    pub fn is_possible_from(self, state: CodeState) -> bool {
        match self {
            Self::Invalidate => state == CodeState::Active,
            Self::Reactivate => state == CodeState::Invalidated,
            Self::Delete => matches!(state, CodeState::Active | CodeState::Invalidated),
        }
    }
}

/// The code after the change.
#[derive(Debug)]
pub struct Answer {
    pub user: UserName,
    pub batch: BatchName,
    pub hint: String,
    pub state: CodeState,
    /// Codes left in the batch.
    pub remaining: u64,
}

/// The error for a code that is not what it was.
fn forged_code(hint: &str, user: &User) -> Error {
    forged(&format!("the code {hint}")).hint(format!(
        "issue new codes with `recovery-codes generate {}`",
        name_in_shell(user.name.as_str())
    ))
}

/// Changes one code.
///
/// # Errors
/// `unknown_user`, `unknown_code`, or [`Kind::WrongState`] when the code's life does not allow
/// it (DESIGN section 3).
pub fn change_code(
    workspace: &mut Workspace,
    user: &str,
    hint: &str,
    change: Change,
) -> Result<Answer> {
    workspace.write(|tx| {
        let user = find::user(tx, user)?;
        let (code, batch) = find::code(tx, &user, hint)?;
        let (to, action) = match change {
            Change::Invalidate => (CodeState::Invalidated, Action::CodeInvalidated),
            Change::Reactivate => (CodeState::Active, Action::CodeReactivated),
            Change::Delete => (CodeState::Deleted, Action::CodeDeleted),
        };
        if change == Change::Reactivate && batch.state != BatchState::Active {
            return Err(Error::new(
                Kind::WrongState,
                format!("the code {} belongs to the batch {}, which is {}", code.hint, batch.name.short(), batch.state.word()),
            )
            .hint("only a code of an active batch can be reactivated; generate a new batch instead"));
        }
        tx.touch(&user)?;
        if !tx.holds(&batch, &code) {
            return Err(forged_code(&code.hint, &user));
        }
        let from = code.state;
        if !change.is_possible_from(from)
            || !codes::change(tx, batch.id, code.position, from, to, tx.origin.at)?
        {
            return Err(Error::new(
                Kind::WrongState,
                format!("the code {} is {}", code.hint, code.state.word()),
            )
            .hint(match change {
                Change::Invalidate => "only an active code can be invalidated",
                Change::Reactivate => "only an invalidated code can be reactivated; a used or deleted one never comes back",
                Change::Delete => "it works no more, and a purge will take it",
            }));
        }
        let changed = CodeRow {
            state: to,
            ..code.clone()
        };
        tx.code_becomes(&batch, &changed);
        batch_counts::count_moved(tx, (batch.id, batch.state), (from, to), 1, tx.origin.at)?;
        let deed = Deed::new(action)
            .user(user.id, user.name.as_str())
            .batch(&batch.name)
            .hint(&code.hint);
        tx.record(deed)?;
        let remaining = batches::by_id(tx, batch.id)?.map_or(0, |batch| batch.remaining());
        Ok(Answer {
            user: user.name,
            batch: batch.name,
            hint: code.hint,
            state: to,
            remaining,
        })
    })
}
