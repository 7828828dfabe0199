//! Table `store`: what is true of the store as a whole.

use super::engine::{Connection, Transaction, params};
use crate::error::Result;
use crate::model::id::KeyId;
use crate::model::time::Timestamp;

/// The one row.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// When the store was made.
    pub created_at: Timestamp,
    /// How many times it was restored from a backup, plus one.
    pub epoch: i64,
}

/// The one row.
pub fn get(connection: &Connection) -> Result<Meta> {
    connection.one(
        "SELECT created_at, epoch FROM store WHERE id = 1",
        params! {},
        |row| {
            Ok(Meta {
                created_at: row.get(0)?,
                epoch: row.get(1)?,
            })
        },
    )
}

/// Writes the one row of a new store.
pub fn insert(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.change(
        "INSERT INTO store (id, created_at) VALUES (1, :now)",
        params! { ":now": now },
    )?;
    Ok(())
}

/// When the logs were last pruned by themselves.
pub fn auto_pruned_at(connection: &Connection) -> Result<Option<Timestamp>> {
    connection.value("SELECT auto_pruned_at FROM store WHERE id = 1", params! {})
}

/// Notes that the logs are pruned by themselves.
pub fn set_auto_pruned(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE store SET auto_pruned_at = :now WHERE id = 1",
        params! { ":now": now },
    )?;
    Ok(())
}

/// Under which key of the Django application its codes were imported.
pub fn django_key(connection: &Connection) -> Result<Option<KeyId>> {
    connection.value("SELECT django_key FROM store WHERE id = 1", params! {})
}

/// Notes under which key of the Django application its codes are imported.
pub fn set_django_key(tx: &Transaction<'_>, id: &KeyId) -> Result<()> {
    tx.change(
        "UPDATE store SET django_key = :id WHERE id = 1",
        params! { ":id": id },
    )?;
    Ok(())
}

/// The epoch of a store that was never restored.
/// Where everything is by now, if it was moved.
pub fn moved_to(connection: &Connection) -> Result<Option<String>> {
    connection.value("SELECT moved_to FROM store WHERE id = 1", params! {})
}

/// Says where everything is by now, or that it is here.
pub fn set_moved_to(tx: &Transaction<'_>, place: Option<&str>) -> Result<()> {
    tx.change(
        "UPDATE store SET moved_to = :place WHERE id = 1",
        params! { ":place": place },
    )?;
    Ok(())
}

pub const FIRST_EPOCH: i64 = 1;

/// Begins a new epoch: codes of an earlier one do not work any more.
pub fn set_epoch(tx: &Transaction<'_>, epoch: i64) -> Result<()> {
    tx.change(
        "UPDATE store SET epoch = :epoch WHERE id = 1",
        params! { ":epoch": epoch },
    )?;
    Ok(())
}
