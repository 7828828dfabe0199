//! Deletes a batch: its codes stop working, its session ends, mail with them that has not left
//! is dropped; with `now` their rows go at once.

use crate::actions::desk::find;
use crate::actions::desk::workspace::Workspace;
use crate::actions::sheets::session;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::BatchPrefix;
use crate::model::state::{BatchState, CodeState};
use crate::store::batches::{self, Batch};
use crate::store::users::{self, User};
use crate::store::{Connection, batch_counts, codes, letters, sessions};

/// What was deleted.
#[derive(Debug)]
pub struct Answer {
    pub user: User,
    /// As it is afterwards.
    pub batch: Batch,
    /// Codes that worked until now.
    pub unused: u64,
    /// Rows that are gone.
    pub purged: u64,
}

/// The batch and its user, before anybody is asked.
pub fn target(connection: &Connection, id: &BatchPrefix) -> Result<(Batch, User)> {
    let batch = find::batch(connection, id)?;
    let user = users::by_id(connection, batch.user_id)?.ok_or_else(find::vanished)?;
    Ok((batch, user))
}

/// Deletes a batch.
///
/// # Errors
/// `unknown_batch`, `ambiguous_id`, [`Kind::WrongState`] when there is nothing left to delete.
pub fn delete_batch(workspace: &mut Workspace, id: &BatchPrefix, now: bool) -> Result<Answer> {
    let answer = workspace.write(|tx| {
        let (batch, user) = target(tx, id)?;
        if batch.state == BatchState::Purged || (batch.state == BatchState::Deleted && !now) {
            return Err(Error::new(
                Kind::WrongState,
                format!(
                    "the batch {} is {} already",
                    batch.name.short(),
                    batch.state.word()
                ),
            )
            .hint(match batch.state {
                BatchState::Purged => "only its counts are left, and they are kept",
                _ => "a purge takes its rows when the retention is over; --now takes them at once",
            }));
        }
        tx.touch(&user)?;
        if matches!(batch.state, BatchState::Active | BatchState::Pending) {
            tx.require(&user, &batch)?;
        }
        let unused = codes::end_all(tx, batch.id, CodeState::Deleted, tx.origin.at)?;
        batch_counts::count_moved(
            tx,
            (batch.id, batch.state),
            (CodeState::Active, CodeState::Deleted),
            unused,
            tx.origin.at,
        )?;
        if batch.state != BatchState::Deleted {
            batches::end(
                tx,
                batch.id,
                BatchState::Deleted,
                tx.origin.at,
                tx.origin.actor.as_str(),
            )?;
            tx.batch_becomes(&batch, |batch| batch.state = BatchState::Deleted);
        }
        sessions::delete(tx, batch.id)?;
        letters::delete_unsent(tx, batch.id)?;
        let mut details = format!("{unused} unused codes");
        let mut purged = 0;
        if now {
            purged = codes::delete_all(tx, batch.id)?;
            batch_counts::count_purged(tx, batch.id, purged, tx.origin.at)?;
            details.push_str(&format!(", {purged} rows purged at once"));
        }
        let deed = Deed::new(Action::BatchDeleted)
            .user(user.id, user.name.as_str())
            .batch(&batch.name)
            .details(details);
        tx.record(deed)?;
        let batch = batches::by_id(tx, batch.id)?.ok_or_else(find::vanished)?;
        Ok(Answer {
            user,
            batch,
            unused,
            purged,
        })
    })?;
    session::forget_keys(workspace, std::slice::from_ref(&answer.batch.name));
    Ok(answer)
}
