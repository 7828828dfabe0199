//! Table `keys`: which keys the store was ever used with, by id only.

use super::engine::{Connection, Row, Transaction, params};
use crate::error::Result;
use crate::model::id::KeyId;
use crate::model::time::Timestamp;

/// One row of `keys`.
#[derive(Clone, Debug)]
pub struct KnownKey {
    pub id: KeyId,
    /// Since when the store knows it.
    pub created_at: Timestamp,
    /// Since when nothing may be made with it any more.
    pub retired_at: Option<Timestamp>,
}

impl KnownKey {
    fn read(row: Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            created_at: row.get(1)?,
            retired_at: row.get(2)?,
        })
    }
}

/// What the store knows of this key.
pub fn get(connection: &Connection, id: &KeyId) -> Result<Option<KnownKey>> {
    connection.maybe(
        "SELECT id, created_at, retired_at FROM keys WHERE id = :id",
        params! { ":id": id },
        KnownKey::read,
    )
}

/// All keys it knows, oldest first.
pub fn all(connection: &Connection) -> Result<Vec<KnownKey>> {
    connection.all(
        "SELECT id, created_at, retired_at FROM keys ORDER BY created_at, id",
        params! {},
        KnownKey::read,
    )
}

/// Makes a key known.
pub fn insert(tx: &Transaction<'_>, id: &KeyId, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO keys (id, created_at) VALUES (:id, :now)",
        params! { ":id": id, ":now": now },
    )?;
    Ok(())
}

/// Retires a key; says whether it was not retired before.
pub fn retire(tx: &Transaction<'_>, id: &KeyId, now: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE keys SET retired_at = :now WHERE id = :id AND retired_at IS NULL",
        params! { ":id": id, ":now": now },
    )?;
    Ok(changed == 1)
}
