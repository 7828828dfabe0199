//! Clears a user's limiters: failures, waits and the lock, for verifying from anywhere and generating.

use crate::actions::desk::find;
use crate::actions::desk::workspace::Workspace;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::model::limiter::LimitedAction;
use crate::store::limiters::{self, Subject};
use crate::store::users::User;

/// The user, and whether there was anything to clear.
#[derive(Debug)]
pub struct Answer {
    pub user: User,
    pub is_changed: bool,
}

/// Clears all limiters of a user; that there is nothing to clear is fine.
///
/// # Errors
/// `unknown_user`.
pub fn reset_limiter(workspace: &mut Workspace, user: &str) -> Result<Answer> {
    workspace.write(|tx| {
        let user = find::user(tx, user)?;
        let subject = Subject::User(user.id);
        let failures = limiters::get(tx, &subject, LimitedAction::Verify)?.failures;
        let elsewhere = limiters::sources_of(tx, user.id, tx.origin.at)?;
        let failures = elsewhere
            .iter()
            .map(|named| named.limiter.failures)
            .fold(failures, u64::max);
        let is_changed = limiters::delete_of_user(tx, user.id)?;
        if is_changed {
            let deed = Deed::new(Action::LimiterReset)
                .user(user.id, user.name.as_str())
                .details(format!("after {failures} attempts without success"));
            tx.record(deed)?;
        }
        Ok(Answer { user, is_changed })
    })
}
