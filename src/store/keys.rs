//! Table `keys`: which keys the store was ever used with, by id only.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use crate::error::Result;
use crate::model::id::KeyId;
use crate::model::time::Timestamp;

/// Whether the store knows this key.
pub fn knows(connection: &Connection, id: &KeyId) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM keys WHERE id = :id")?;
    let found = statement
        .query_row(named_params! { ":id": id.as_str() }, |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// The ids of all keys it knows.
pub fn all(connection: &Connection) -> Result<Vec<KeyId>> {
    let mut statement = connection.prepare_cached("SELECT id FROM keys ORDER BY created_at, id")?;
    let ids = statement
        .query_map([], |row| Ok(KeyId::new(row.get::<_, String>(0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

/// Makes a key known.
pub fn insert(tx: &Transaction<'_>, id: &KeyId, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO keys (id, created_at) VALUES (:id, :now)",
        named_params! { ":id": id.as_str(), ":now": now.as_millisecond() },
    )?;
    Ok(())
}
