//! Databases of other programs, whatever keeps them: opened for reading, never changed, also while their
//! program runs. What another program wrote out into a file can be laid out as such a database, too.

use std::cell::Cell;

use super::connection::{Connection, Link};
use super::sqlite::scratch::Scratch;
use super::{postgres, sqlite};
use crate::error::{Error, Result};
use crate::model::location::Location;

/// A database of another program.
#[derive(Debug)]
pub enum Foreign {
    File(sqlite::foreign::Foreign),
    Server(postgres::foreign::Foreign),
    /// Rows of a file, laid out by this program.
    LaidOut(Scratch),
}

impl Foreign {
    /// The database at this place; none for a file that is no SQLite database.
    ///
    /// # Errors
    /// What the file system says.
    pub fn at(location: &Location) -> Result<Option<Self>> {
        Ok(match location {
            Location::File(path) => sqlite::foreign::Foreign::at(path)?.map(Self::File),
            Location::Server(server) => Some(Self::Server(postgres::foreign::Foreign::new(
                server.clone(),
            ))),
        })
    }

    /// Reads from one unchanging state. Nothing is held between two readings.
    ///
    /// # Errors
    /// As its engine, which tells every error as one of this database.
    pub fn read<T>(&self, read: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
        match self {
            Self::File(file) => file.read(read),
            Self::Server(server) => server.read(read),
            Self::LaidOut(scratch) => scratch.read(read),
        }
    }

    /// The same where what is read is put somewhere else meanwhile, which fails for reasons of its own.
    ///
    /// # Errors
    /// As [`Foreign::read`]; what was kept apart comes as it is.
    pub fn read_into<T>(
        &self,
        mut read: impl FnMut(&Connection, &Apart) -> Result<T>,
    ) -> Result<T> {
        let apart = Apart::default();
        let done = self.read(|connection| read(connection, &apart));
        match apart.0.take() {
            Some(error) => Err(error),
            None => done,
        }
    }
}

/// An error that is not of the database, and ends its reading.
#[derive(Default)]
pub struct Apart(Cell<Option<Error>>);

impl Apart {
    /// Keeps the error of what was done with something that was read.
    ///
    /// # Errors
    /// One that stands for it.
    pub fn keep<T>(&self, done: Result<T>) -> Result<T> {
        done.map_err(|error| {
            let kind = error.kind();
            self.0.set(Some(error));
            Error::new(kind, "stopped")
        })
    }
}

/// Whether there is such a table.
pub fn has_table(connection: &Connection, table: &str) -> Result<bool> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::foreign::has_table(connection, table),
        Link::Postgres(_) => postgres::foreign::has_table(connection, table),
    }
}

/// The columns of a table.
pub fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::foreign::columns(connection, table),
        Link::Postgres(_) => postgres::foreign::columns(connection, table),
    }
}

/// The table and column that a column of a table points at.
pub fn pointed_at(
    connection: &Connection,
    table: &str,
    column: &str,
) -> Result<Option<(String, String)>> {
    match connection.link() {
        Link::Sqlite(_) => sqlite::foreign::pointed_at(connection, table, column),
        Link::Postgres(_) => postgres::foreign::pointed_at(connection, table, column),
    }
}
