//! Table `imported`: which batches were ever taken over from elsewhere.

use rusqlite::{Connection, Transaction, named_params};

use crate::error::Result;
use crate::model::id::BatchName;

/// Notes that a batch was taken over.
pub fn insert(tx: &Transaction<'_>, batch: &BatchName) -> Result<()> {
    tx.prepare_cached("INSERT INTO imported (batch) VALUES (:batch)")?
        .execute(named_params! { ":batch": batch.as_str() })?;
    Ok(())
}

/// Whether a batch was taken over before, even if it is gone by now.
pub fn contains(connection: &Connection, batch: &BatchName) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM imported WHERE batch = :batch")?;
    Ok(statement.exists(named_params! { ":batch": batch.as_str() })?)
}
