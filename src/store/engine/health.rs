//! What an engine knows of itself: how large the store is, and whether it is sound.

use super::connection::{Connection, Link, Transaction};
use super::{postgres, sqlite};
use crate::error::Result;

/// Bytes of the store that hold something, and bytes that are free for reuse.
pub fn size(connection: &Connection) -> Result<(u64, u64)> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::pragmas::size(connection),
        Link::Postgres(_) => postgres::health::size(connection),
    }
}

/// Bytes of the whole store.
pub fn file_size(connection: &Connection) -> Result<u64> {
    let (used, free) = size(connection)?;
    Ok(used + free)
}

/// Whether what is free is given back step by step. A server does it by itself.
pub fn is_shrinkable(connection: &Connection) -> Result<bool> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::pragmas::is_shrinkable(connection),
        Link::Postgres(_) => Ok(true),
    }
}

/// Gives so many free pages back, from the end of a file.
pub fn give_back(tx: &Transaction<'_>, pages: u64) -> Result<()> {
    match tx.link() {
        Link::Sqlite(_) => sqlite::pragmas::give_back(tx, pages),
        Link::Postgres(_) => Ok(()),
    }
}

/// What the engine's own quick check says: nothing, if all is well.
pub fn quick_check(connection: &Connection) -> Result<Vec<String>> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::pragmas::quick_check(connection),
        // The server sees to its files itself.
        Link::Postgres(_) => Ok(Vec::new()),
    }
}

/// The same of the thorough one, which also compares each index with its table.
pub fn integrity_check(connection: &Connection) -> Result<Vec<String>> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::pragmas::integrity_check(connection),
        Link::Postgres(_) => Ok(Vec::new()),
    }
}

/// Rows that name a row of another table that is not there: of which table, which other one,
/// and how many.
pub fn foreign_key_check(connection: &Connection) -> Result<Vec<(String, String, u64)>> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::pragmas::foreign_key_check(connection),
        Link::Postgres(_) => postgres::health::foreign_key_check(connection),
    }
}
