//! Marks in table `batches` of what became of the plaintext of a batch. They stay when the session
//! is over and the rows are purged. That the codes were shown is marked when the batch is inserted.

use super::engine::{Transaction, params};
use crate::error::Result;
use crate::model::format::Format;
use crate::model::id::BatchId;
use crate::model::time::Timestamp;

/// SQL: nobody is known to hold the codes of a batch `b`: they were never exported, never mailed,
/// never confirmed, and come from nowhere else.
pub const UNDELIVERED: &str = "b.exported_at IS NULL AND b.emailed_at IS NULL
     AND b.confirmed_at IS NULL AND b.imported_from IS NULL";

/// Claims the one export of a live batch; says whether it was still free.
pub fn claim_export(
    tx: &Transaction<'_>,
    id: BatchId,
    format: Format,
    now: Timestamp,
) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE batches SET exported_at = :now, export_format = :format, changed_at = :now
         WHERE id = :id AND exported_at IS NULL AND state IN ('active', 'pending')",
        params! { ":id": id, ":format": format, ":now": now },
    )?;
    Ok(changed == 1)
}

/// Gives the one export back that did not succeed.
pub fn release_export(tx: &Transaction<'_>, id: BatchId, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE batches SET exported_at = NULL, export_format = NULL, changed_at = :now WHERE id = :id",
        params! { ":id": id, ":now": now },
    )?;
    Ok(())
}

/// Notes when the mail server took the codes.
pub fn set_emailed(tx: &Transaction<'_>, id: BatchId, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE batches SET emailed_at = :now, changed_at = :now WHERE id = :id",
        params! { ":id": id, ":now": now },
    )?;
    Ok(())
}

/// Claims the one notice that few codes of this batch are left; says whether it was still free.
pub fn claim_low_notice(tx: &Transaction<'_>, id: BatchId, now: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE batches SET low_notified_at = :now WHERE id = :id AND low_notified_at IS NULL",
        params! { ":id": id, ":now": now },
    )?;
    Ok(changed == 1)
}
