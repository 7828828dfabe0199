//! Tables, indexes and triggers: those that this program makes, against those that there are.

use super::connection::{Connection, Link};
use super::{postgres, sqlite};
use crate::error::Result;
use crate::model::user::quote;

/// A table, index, trigger or other thing that is not as this program makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `table`, `index`, `trigger`, `view` …
    pub kind: String,
    pub name: String,
    pub how: How,
}

/// In what it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Missing,
    Changed,
    /// This program makes none of that name.
    Foreign,
}

impl Difference {
    /// What is wrong, as a clause.
    pub fn message(&self) -> String {
        let (kind, name) = (&self.kind, quote(&self.name));
        match self.how {
            How::Missing => format!("the {kind} {name} is missing"),
            How::Changed => format!("the {kind} {name} is not what this program made it"),
            How::Foreign => format!("the {kind} {name} was not made by this program"),
        }
    }
}

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
