//! Takes a batch out of use because another takes its place.

use crate::actions::desk::workspace::Writing;
use crate::error::Result;
use crate::model::id::BatchName;
use crate::model::state::{BatchState, CodeState};
use crate::store::batches::{self, Batch};
use crate::store::{batch_counts, codes, letters, sessions};

/// A batch that was taken out of use.
#[derive(Clone, Debug)]
pub struct Superseded {
    pub batch: BatchName,
    /// Codes in it that worked until now.
    pub unused: u64,
    /// Whether they worked at all, or waited to be confirmed.
    pub was_active: bool,
}

/// Supersedes one batch with all its active codes, its session, and mail that has not left.
pub(in crate::actions) fn supersede(tx: &Writing<'_>, batch: &Batch) -> Result<Superseded> {
    let unused = codes::end_all(tx, batch.id, CodeState::Invalidated, tx.origin.at)?;
    batch_counts::count_moved(
        tx,
        (batch.id, batch.state),
        (CodeState::Active, CodeState::Invalidated),
        unused,
        tx.origin.at,
    )?;
    let actor = tx.origin.actor.as_str();
    batches::end(tx, batch.id, BatchState::Superseded, tx.origin.at, actor)?;
    tx.batch_becomes(batch, |batch| batch.state = BatchState::Superseded);
    sessions::delete(tx, batch.id)?;
    letters::delete_unsent(tx, batch.id)?;
    Ok(Superseded {
        batch: batch.name.clone(),
        unused,
        was_active: batch.state == BatchState::Active,
    })
}
