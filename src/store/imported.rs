//! Table `imported`: which batches were ever taken over from elsewhere.

use super::engine::{Connection, Transaction, params};
use crate::error::Result;
use crate::model::id::BatchName;

/// Notes that a batch was taken over.
pub fn insert(tx: &Transaction<'_>, batch: &BatchName) -> Result<()> {
    tx.change(
        "INSERT INTO imported (batch) VALUES (:batch)",
        params! { ":batch": batch },
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
