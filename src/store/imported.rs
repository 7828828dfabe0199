//! Table `imported`: which batches were ever taken over from elsewhere.

use super::engine::{Connection, Transaction, params};
use crate::error::Result;
use crate::model::id::BatchName;

/// Notes that a batch was taken over, of which so many codes were used elsewhere.
pub fn insert(tx: &Transaction<'_>, batch: &BatchName, used: u64) -> Result<()> {
    tx.change(
        "INSERT INTO imported (batch, used) VALUES (:batch, :used)",
        params! { ":batch": batch, ":used": used },
    )?;
    Ok(())
}

/// Whether a batch was taken over before, even if it is gone by now.
pub fn contains(connection: &Connection, batch: &BatchName) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM imported WHERE batch = :batch",
        params! { ":batch": batch },
    )
}
