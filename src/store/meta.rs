//! Table `store`: what is true of the store as a whole.

use rusqlite::{Connection, Transaction, named_params};

use crate::error::Result;
use crate::model::id::KeyId;
use crate::model::time::{Timestamp, from_millis};

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
    let mut statement =
        connection.prepare_cached("SELECT created_at, epoch FROM store WHERE id = 1")?;
    let meta = statement.query_row([], |row| {
        Ok(Meta {
            created_at: from_millis(row.get(0)?),
            epoch: row.get(1)?,
        })
    })?;
    Ok(meta)
}

/// Writes the one row of a new store.
pub fn insert(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO store (id, created_at) VALUES (1, :now)",
        named_params! { ":now": now.as_millisecond() },
    )?;
    Ok(())
}

/// When the logs were last pruned by themselves.
pub fn auto_pruned_at(connection: &Connection) -> Result<Option<Timestamp>> {
    let at: Option<i64> =
        connection.query_row("SELECT auto_pruned_at FROM store WHERE id = 1", [], |row| {
            row.get(0)
        })?;
    Ok(at.map(from_millis))
}

/// Notes that the logs are pruned by themselves.
pub fn set_auto_pruned(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE store SET auto_pruned_at = :now WHERE id = 1",
        named_params! { ":now": now.as_millisecond() },
    )?;
    Ok(())
}

/// Under which key of the Django application its codes were imported.
pub fn django_key(connection: &Connection) -> Result<Option<KeyId>> {
    let mut statement = connection.prepare_cached("SELECT django_key FROM store WHERE id = 1")?;
    let id: Option<String> = statement.query_row([], |row| row.get(0))?;
    Ok(id.map(KeyId::new))
}

/// Notes under which key of the Django application its codes are imported.
pub fn set_django_key(tx: &Transaction<'_>, id: &KeyId) -> Result<()> {
    tx.execute(
        "UPDATE store SET django_key = :id WHERE id = 1",
        named_params! { ":id": id.as_str() },
    )?;
    Ok(())
}

/// Bytes of the file that hold something, and bytes that are free for reuse.
pub fn size(connection: &Connection) -> Result<(u64, u64)> {
    let (pages, free, page): (i64, i64, i64) = connection.query_row(
        "SELECT (SELECT page_count FROM pragma_page_count),
                (SELECT freelist_count FROM pragma_freelist_count),
                (SELECT page_size FROM pragma_page_size)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let bytes = |count: i64| u64::try_from(count.saturating_mul(page)).unwrap_or(0);
    Ok((bytes(pages - free), bytes(free)))
}

/// Bytes of the whole file.
pub fn file_size(connection: &Connection) -> Result<u64> {
    let (used, free) = size(connection)?;
    Ok(used + free)
}

/// The epoch of a store that was never restored.
pub const FIRST_EPOCH: i64 = 1;

/// Begins a new epoch: codes of an earlier one do not work any more.
pub fn set_epoch(tx: &Transaction<'_>, epoch: i64) -> Result<()> {
    tx.execute(
        "UPDATE store SET epoch = :epoch WHERE id = 1",
        named_params! { ":epoch": epoch },
    )?;
    Ok(())
}

/// What SQLite's own quick check says: nothing, if all is well.
pub fn quick_check(connection: &Connection) -> Result<Vec<String>> {
    faults(connection, "PRAGMA quick_check(10)")
}

/// The same of the thorough one, which also compares each index with its table.
pub fn integrity_check(connection: &Connection) -> Result<Vec<String>> {
    faults(connection, "PRAGMA integrity_check(10)")
}

/// Rows that name a row of another table that is not there: of which table, which other one,
/// and how many.
pub fn foreign_key_check(connection: &Connection) -> Result<Vec<(String, String, u64)>> {
    let mut statement = connection.prepare(
        "SELECT \"table\", parent, COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2",
    )?;
    let faults = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(faults)
}

fn faults(connection: &Connection, pragma: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(pragma)?;
    let lines = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}
