//! Table `totals`: the sums of the counts of all batches that are over, neither active nor pending.
//! Each changes with its batch, in the same transaction.

use super::engine::{Connection, Transaction, params};

use crate::error::Result;
use crate::model::id::{BatchId, UserId};

/// SQL: a batch whose codes may work.
pub(super) const IS_OPEN: &str = "state IN ('active', 'pending')";

/// Adds a batch that is about to be over; of one that is already, nothing changes.
pub(super) fn add(tx: &Transaction<'_>, id: BatchId) -> Result<()> {
    add_where(tx, id, "")
}

/// Adds a batch that was over when it came here.
pub(super) fn add_past(tx: &Transaction<'_>, id: BatchId) -> Result<()> {
    add_where(tx, id, "NOT")
}

/// Adds a batch that is open, or is `NOT`.
fn add_where(tx: &Transaction<'_>, id: BatchId, whether: &str) -> Result<()> {
    tx.change(
        &format!(
            "UPDATE totals SET batches = totals.batches + 1, issued = totals.issued + b.issued,
                 used = totals.used + b.used, invalidated = totals.invalidated + b.invalidated,
                 deleted = totals.deleted + b.deleted, purged = totals.purged + b.purged
             FROM batches b WHERE b.id = :id AND {whether} b.{IS_OPEN}"
        ),
        params! { ":id": id },
    )
}

/// Takes out the batches of a user who is about to be removed.
pub(super) fn forget(tx: &Transaction<'_>, user: UserId) -> Result<()> {
    tx.change(
        &format!(
            "UPDATE totals SET batches = totals.batches - b.batches, issued = totals.issued - b.issued,
                 used = totals.used - b.used, invalidated = totals.invalidated - b.invalidated,
                 deleted = totals.deleted - b.deleted, purged = totals.purged - b.purged
             FROM (SELECT COUNT(*) AS batches, COALESCE(SUM(issued), 0) AS issued, COALESCE(SUM(used), 0) AS used,
                          COALESCE(SUM(invalidated), 0) AS invalidated, COALESCE(SUM(deleted), 0) AS deleted,
                          COALESCE(SUM(purged), 0) AS purged
                   FROM batches WHERE user_id = :user AND NOT {IS_OPEN}) b"
        ),
        params! { ":user": user },
    )?;
    Ok(())
}

/// Counts codes of batches that are over, which went into this column or, negative, out of it.
pub(super) fn count(tx: &Transaction<'_>, column: &str, codes: i64) -> Result<()> {
    if codes != 0 {
        let sql = format!("UPDATE totals SET {column} = {column} + :codes");
        tx.change(&sql, params! { ":codes": codes })?;
    }
    Ok(())
}

/// Whether they are what the batches add up to, which takes as long as there are batches.
pub fn add_up(connection: &Connection) -> Result<bool> {
    connection.exists(
        &format!(
            "SELECT 1 FROM totals t,
                 (SELECT COUNT(*) AS batches, COALESCE(SUM(issued), 0) AS issued, COALESCE(SUM(used), 0) AS used,
                         COALESCE(SUM(invalidated), 0) AS invalidated, COALESCE(SUM(deleted), 0) AS deleted,
                         COALESCE(SUM(purged), 0) AS purged
                  FROM batches WHERE NOT {IS_OPEN}) b
             WHERE t.batches = b.batches AND t.issued = b.issued AND t.used = b.used
               AND t.invalidated = b.invalidated AND t.deleted = b.deleted AND t.purged = b.purged"
        ),
        params! {},
    )
}
