//! Removes a user with all codes and batches, their sessions, and mail with codes that has not
//! left; the audit entries stay.

use crate::actions::desk::find;
use crate::actions::desk::workspace::Workspace;
use crate::actions::sheets::session;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::store::users::{self, User};
use crate::store::{letters, sessions};

/// Removes a user.
///
/// # Errors
/// `unknown_user`.
pub fn remove_user(workspace: &mut Workspace, user: &str) -> Result<User> {
    let (user, ended) = workspace.write(|tx| {
        let user = find::user(tx, user)?;
        let ended = sessions::batches_of(tx, user.id)?;
        letters::delete_unsent_of(tx, user.id)?;
        users::delete(tx, user.id)?;
        tx.removed(user.id)?;
        let deed = Deed::new(Action::UserRemoved).user(user.id, user.name.as_str());
        tx.record(deed)?;
        Ok((user, ended))
    })?;
    session::forget_keys(workspace, &ended);
    Ok(user)
}
