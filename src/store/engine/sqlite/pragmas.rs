//! What SQLite knows of its file: how large it is, and whether it is sound.

use super::super::tentative::Durable;
use super::super::value::params;
use super::super::{Connection, Transaction};
use crate::error::Result;

/// Bytes of the file that hold something, and bytes that are free for reuse.
pub fn size(connection: &Connection) -> Result<(u64, u64)> {
    let (pages, free, page): (i64, i64, i64) = connection.one(
        "SELECT (SELECT page_count FROM pragma_page_count),
                (SELECT freelist_count FROM pragma_freelist_count),
                (SELECT page_size FROM pragma_page_size)",
        params! {},
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

/// Makes a file that is about to be filled, or written anew, one that can shrink step by step. Where it
/// is one already, to say so again would write.
pub(super) fn make_shrinkable(connection: &Connection) -> Result<()> {
    match is_shrinkable(connection)? {
        true => Ok(()),
        false => {
            let sqlite = connection.sqlite()?;
            Ok(sqlite.pragma_update(None, "auto_vacuum", "INCREMENTAL")?)
        }
    }
}

/// Whether the file can shrink step by step.
pub fn is_shrinkable(connection: &Connection) -> Result<bool> {
    const INCREMENTAL: i64 = 2;
    let how: i64 = connection.value("PRAGMA auto_vacuum", params! {})?;
    Ok(how == INCREMENTAL)
}

/// Has commits be durable at once, or with the next. The log stays in order also where it is not written
/// to the disk with each commit, and the file is touched only when the log has been.
pub(super) fn be(connection: &Connection, durable: Durable) -> Result<()> {
    let how = match durable {
        Durable::AtOnce => "FULL",
        Durable::WithTheNext => "NORMAL",
    };
    Ok(connection
        .sqlite()?
        .pragma_update(None, "synchronous", how)?)
}

/// Gives so many free pages back, from the end of the file; what stands there moves forward.
pub fn give_back(tx: &Transaction<'_>, pages: u64) -> Result<()> {
    let sql = format!("PRAGMA incremental_vacuum({pages})");
    tx.walk(&sql, params! {}, |_| Ok(true))
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
    connection.all(
        "SELECT \"table\", parent, COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2",
        params! {},
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

fn faults(connection: &Connection, pragma: &str) -> Result<Vec<String>> {
    let lines: Vec<String> = connection.all(pragma, params! {}, |row| row.get(0))?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}
