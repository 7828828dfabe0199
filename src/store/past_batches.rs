//! Rows of `batches` and `codes` that have a past: what was issued elsewhere, with all that became of
//! it there.

use super::batches::Batch;
use super::codes::CodeRow;
use super::engine::{Connection, Transaction, params};
use crate::error::Result;
use crate::model::alphabet::Alphabet;
use crate::model::id::{BatchId, BatchName, UserId};
use crate::model::state::{BatchState, Elsewhere};
use crate::model::time::Timestamp;

/// A batch with its past.
#[derive(Clone, Debug)]
pub struct PastBatch {
    pub name: BatchName,
    pub state: BatchState,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub confirmed_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<String>,
    pub issued: u64,
    pub used: u64,
    pub invalidated: u64,
    pub deleted: u64,
    /// Codes of which no row is left.
    pub purged: u64,
    /// When the first of its codes that are left died; none if all work or none is left.
    pub dead_from: Option<Timestamp>,
    pub shown_at: Option<Timestamp>,
    pub exported_at: Option<Timestamp>,
    pub emailed_at: Option<Timestamp>,
}

/// Adds a batch in the store's present epoch, behind those that the user has.
pub fn insert(
    tx: &Transaction<'_>,
    user: UserId,
    past: &PastBatch,
    from: Elsewhere,
) -> Result<Batch> {
    let id: BatchId = tx.value(
        "INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by, expires_at,
                              confirmed_at, ended_at, ended_by, issued, used, invalidated, deleted, purged,
                              dead_from, exported_at, emailed_at, imported_from, shown_at, changed_at, is_bound)
         VALUES (:name, :user, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM batches WHERE user_id = :user),
                 :state, :alphabet, (SELECT epoch FROM store), :created_at, :from, :expires_at,
                 :confirmed_at, :ended_at, :ended_by, :issued, :used, :invalidated, :deleted, :purged,
                 :dead_from, :exported_at, :emailed_at, :from, :shown_at, :changed_at, 1)
         RETURNING id",
        params! {
            ":name": past.name, ":user": user, ":state": past.state, ":alphabet": Alphabet::Full,
            ":created_at": past.created_at, ":from": from, ":expires_at": past.expires_at,
            ":confirmed_at": past.confirmed_at, ":ended_at": past.ended_at, ":ended_by": past.ended_by,
            ":issued": past.issued, ":used": past.used, ":invalidated": past.invalidated,
            ":deleted": past.deleted, ":purged": past.purged, ":dead_from": past.dead_from,
            ":exported_at": past.exported_at, ":emailed_at": past.emailed_at,
            ":shown_at": past.shown_at, ":changed_at": past.changed_at,
        },
    )?;
    super::totals::add_past(tx, id)?;
    super::batches::by_id(tx, id)?.ok_or_else(super::engine::error::missing)
}

/// Adds one of its codes, in the state in which it is.
pub fn insert_code(tx: &Transaction<'_>, code: &CodeRow) -> Result<()> {
    tx.change(
        "INSERT INTO codes (batch_id, position, hint, hash, key_id, state, ended_at)
         VALUES (:batch, :position, :hint, :hash, :key, :state, :ended_at)",
        params! {
            ":batch": code.batch_id, ":position": code.position, ":hint": code.hint,
            ":hash": code.hash, ":key": code.key_id, ":state": code.state,
            ":ended_at": code.ended_at,
        },
    )?;
    Ok(())
}

/// When the newest batch of a user was issued, whatever became of it.
pub fn newest_of(connection: &Connection, user: UserId) -> Result<Option<Timestamp>> {
    connection.value(
        "SELECT MAX(created_at) FROM batches WHERE user_id = :user",
        params! { ":user": user },
    )
}
