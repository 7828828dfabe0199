//! Enables or disables a user.

use crate::actions::desk::find;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::model::state::UserState;
use crate::store::users::{self, User};

/// The user as switched, and whether they were otherwise before.
#[derive(Debug)]
pub struct Answer {
    pub user: User,
    pub is_changed: bool,
}

/// Puts a user into this state; that they are in it already is fine.
///
/// # Errors
/// `unknown_user`.
pub fn switch_user(workspace: &mut Workspace, user: &str, state: UserState) -> Result<Answer> {
    workspace.write(|tx| {
        let mut user = find::user(tx, user)?;
        let is_changed = user.state != state;
        if is_changed {
            switch(tx, &user, state)?;
            user.state = state;
        }
        Ok(Answer { user, is_changed })
    })
}

/// Puts a user who is in the other state into this one, and records it.
pub(in crate::actions) fn switch(tx: &Writing<'_>, user: &User, state: UserState) -> Result<()> {
    tx.touch(user)?;
    users::set_state(tx, user.id, state)?;
    tx.becomes(user.id, |user| user.state = state);
    let action = match state {
        UserState::Active => Action::UserEnabled,
        UserState::Disabled => Action::UserDisabled,
    };
    tx.record(Deed::new(action).user(user.id, user.name.as_str()))
}
