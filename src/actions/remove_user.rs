//! Removes a user with all codes and batches; the audit entries stay.

use crate::actions::find;
use crate::actions::record::record;
use crate::actions::workspace::Workspace;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::store::users::{self, User};

/// Removes a user.
///
/// # Errors
/// `unknown_user`.
pub fn remove_user(workspace: &mut Workspace, user: &str) -> Result<User> {
    let Workspace {
        store,
        ring,
        origin,
        ..
    } = workspace;
    store.write(|tx| {
        let user = find::user(tx, user)?;
        users::delete(tx, user.id)?;
        let deed = Deed::new(Action::UserRemoved).user(user.id, user.name.as_str());
        record(tx, ring, origin, deed)?;
        Ok(user)
    })
}
