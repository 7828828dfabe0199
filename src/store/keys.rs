//! Table `keys`: which keys the store was ever used with, by id only.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use crate::error::Result;
use crate::model::id::KeyId;
use crate::model::time::{Timestamp, from_millis};

/// One row of `keys`.
#[derive(Clone, Debug)]
pub struct KnownKey {
    pub id: KeyId,
    /// Since when the store knows it.
    pub created_at: Timestamp,
    /// Since when nothing may be made with it any more.
    pub retired_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, created_at, retired_at";

impl KnownKey {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: KeyId::new(row.get::<_, String>(0)?),
            created_at: from_millis(row.get(1)?),
            retired_at: row.get::<_, Option<i64>>(2)?.map(from_millis),
        })
    }
}

/// What the store knows of this key.
pub fn get(connection: &Connection, id: &KeyId) -> Result<Option<KnownKey>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM keys WHERE id = :id"))?;
    Ok(statement
        .query_row(named_params! { ":id": id.as_str() }, KnownKey::from_row)
        .optional()?)
}

/// All keys it knows, oldest first.
pub fn all(connection: &Connection) -> Result<Vec<KnownKey>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM keys ORDER BY created_at, id"
    ))?;
    let keys = statement
        .query_map([], KnownKey::from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(keys)
}

/// Makes a key known.
pub fn insert(tx: &Transaction<'_>, id: &KeyId, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO keys (id, created_at) VALUES (:id, :now)",
        named_params! { ":id": id.as_str(), ":now": now.as_millisecond() },
    )?;
    Ok(())
}

/// Retires a key; says whether it was not retired before.
pub fn retire(tx: &Transaction<'_>, id: &KeyId, now: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE keys SET retired_at = :now WHERE id = :id AND retired_at IS NULL",
        named_params! { ":id": id.as_str(), ":now": now.as_millisecond() },
    )?;
    Ok(changed == 1)
}
