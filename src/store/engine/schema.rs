//! Tables, indexes and triggers: those that this program makes, against those that there are.

use super::connection::{Connection, Link};
use super::difference::Difference;
use super::{postgres, sqlite};
use crate::error::Result;

/// Whether nothing that could change what is read or written differs from what this version makes. It
/// costs less than to name what does.
pub fn is_as_made(connection: &Connection) -> Result<bool> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::schema::is_as_made(connection),
        Link::Postgres(_) => postgres::schema::is_as_made(connection),
    }
}

/// Everything that differs from what this program makes.
///
/// # Errors
/// [`crate::error::Kind::NewerStore`], and what reading says.
pub fn differences(connection: &Connection) -> Result<Vec<Difference>> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::schema::differences(connection),
        Link::Postgres(_) => postgres::schema::differences(connection),
    }
}
