//! Table `keys`: which keys the store was ever used with, by id only.

use super::engine::{Connection, Transaction, params, row};
use crate::error::Result;
use crate::model::id::KeyId;
use crate::model::time::Timestamp;

row! {
    "";
    /// One row of `keys`.
    #[derive(Clone, Debug)]
    pub struct KnownKey {
        pub id: KeyId,
        /// Since when the store knows it.
        pub created_at: Timestamp,
        /// Since when nothing may be made with it any more.
        pub retired_at: Option<Timestamp>,
    }
}

/// What the store knows of this key.
pub fn get(connection: &Connection, id: &KeyId) -> Result<Option<KnownKey>> {
    connection.maybe(
        &format!("SELECT {} FROM keys WHERE id = :id", KnownKey::COLUMNS),
        params! { ":id": id },
        KnownKey::read,
    )
}

/// All keys it knows, oldest first.
pub fn all(connection: &Connection) -> Result<Vec<KnownKey>> {
    connection.all(
        &format!(
            "SELECT {} FROM keys ORDER BY created_at, id",
            KnownKey::COLUMNS
        ),
        params! {},
        KnownKey::read,
    )
}

/// Makes a key known.
pub fn insert(tx: &Transaction<'_>, id: &KeyId, now: Timestamp) -> Result<()> {
    tx.change(
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
