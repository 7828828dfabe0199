//! Everything about one user at one moment: the dashboard of `user show`.

use crate::actions::desk::find;
use crate::error::Result;
use crate::model::limiter::{LimitedAction, Limiter};
use crate::model::state::BatchState;
use crate::model::time::Timestamp;
use crate::store::batches::{self, Batch};
use crate::store::codes::{self, CodeRow};
use crate::store::limiters::{self, Named, Subject};
use crate::store::users::User;
use crate::store::{Store, meta};

/// What is known of one user.
#[derive(Debug)]
pub struct Dashboard {
    pub user: User,
    /// The batch whose codes work, with its rows.
    pub active: Option<(Batch, Vec<CodeRow>)>,
    /// A batch that waits to be confirmed.
    pub pending: Option<Batch>,
    /// One code beside the sheet.
    pub temporary: Option<Batch>,
    /// Batches ever issued.
    pub batches: u64,
    pub verify: Limiter,
    pub generate: Limiter,
    /// Attempts that say from where they come.
    pub sources: Vec<Named>,
    /// The store's present epoch.
    pub epoch: i64,
}

/// Looks up one user.
///
/// # Errors
/// `unknown_user`.
pub fn show_user(store: &mut Store, user: &str, now: Timestamp) -> Result<Dashboard> {
    store.snapshot(|connection| {
        let user = find::user(connection, user)?;
        let (mut active, mut pending, mut temporary) = (None, None, None);
        for batch in batches::open_of_user(connection, user.id)? {
            let place = match (batch.state, batch.is_temporary) {
                (BatchState::Pending, _) => &mut pending,
                (_, true) => &mut temporary,
                (_, false) => &mut active,
            };
            *place = Some(batch);
        }
        let active = match active {
            Some(batch) => {
                let rows = codes::of_batch(connection, batch.id)?;
                Some((batch, rows))
            }
            None => None,
        };
        let subject = Subject::User(user.id);
        Ok(Dashboard {
            active,
            pending,
            temporary,
            batches: batches::count_of_user(connection, user.id)?,
            verify: limiters::get(connection, &subject, LimitedAction::Verify)?,
            generate: limiters::get(connection, &subject, LimitedAction::Generate)?,
            sources: limiters::sources_of(connection, user.id, now)?,
            epoch: meta::get(connection)?.epoch,
            user,
        })
    })
}
