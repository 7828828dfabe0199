//! A database of our own for as long as a program runs: in memory while it is small, then in a file of the
//! temporary directory that has no name and is gone with the program.

use super::super::connection::Connection;
use super::super::row::Row;
use super::super::value::Params;
use super::handle::in_file;
use crate::error::{Error, Kind, Result};

/// Kibibytes of it that stay in memory.
const KEPT_KIB: i64 = 4096;

/// Such a database. What is written need not be committed: there is nobody else.
#[derive(Debug)]
pub struct Scratch {
    connection: Connection,
}

impl Scratch {
    /// A new one with these tables.
    ///
    /// # Errors
    /// As [`Scratch::read`].
    pub fn new(tables: &str) -> Result<Self> {
        let made = || -> Result<Connection> {
            // By this name SQLite makes one that only this connection can ever open.
            let sqlite = rusqlite::Connection::open("")?;
            sqlite.pragma_update(None, "journal_mode", "OFF")?;
            sqlite.pragma_update(None, "synchronous", "OFF")?;
            sqlite.pragma_update(None, "cache_size", -KEPT_KIB)?;
            sqlite.execute_batch(tables)?;
            sqlite.execute_batch("BEGIN")?;
            Ok(in_file(sqlite))
        };
        let connection = made().map_err(told)?;
        Ok(Self { connection })
    }

    /// Reads from it.
    ///
    /// # Errors
    /// [`Kind::DiskFull`] or [`Kind::Io`], about the temporary directory; and what `read` says.
    pub fn read<T>(&self, mut read: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
        read(&self.connection).map_err(told)
    }

    /// Changes rows; says how many.
    ///
    /// # Errors
    /// As [`Scratch::read`].
    pub fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        let done = || self.connection.file()?.execute(sql, params);
        done().map_err(told)
    }

    /// The first row of the answer, if there is one.
    ///
    /// # Errors
    /// As [`Scratch::read`].
    pub fn maybe<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.connection.maybe(sql, params, read).map_err(told)
    }

    /// All rows of the answer.
    ///
    /// # Errors
    /// As [`Scratch::read`].
    pub fn all<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnMut(Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.connection.all(sql, params, read).map_err(told)
    }

    /// Copies it into a new file, as it would stand on a disk.
    #[cfg(test)]
    pub fn copy(&self, path: &str) -> Result<()> {
        let sqlite = self.connection.sqlite()?;
        sqlite.execute_batch("COMMIT")?;
        sqlite.execute("VACUUM INTO ?1", [path])?;
        Ok(sqlite.execute_batch("BEGIN")?)
    }
}

/// What SQLite says of it, which is not about the store.
fn told(error: Error) -> Error {
    let (kind, message) = match error.kind() {
        Kind::DiskFull => (Kind::DiskFull, "the temporary directory is full"),
        Kind::Io | Kind::Permission | Kind::ReadOnlyStore | Kind::DamagedStore => {
            (Kind::Io, "the temporary directory cannot be used")
        }
        _ => return error,
    };
    let made = Error::new(kind, message).hint(
        "free some space there, or name another directory with TMPDIR, and run it again; a long list needs up to twice the room that it has itself",
    );
    match std::error::Error::source(&error) {
        Some(cause) => made.because(cause.to_string()),
        None => made,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::value::params;
    use super::*;

    #[test]
    fn what_is_put_there_can_be_read() {
        let scratch = Scratch::new("CREATE TABLE numbers (number INTEGER)").unwrap();
        for number in 0..3_i64 {
            let sql = "INSERT INTO numbers VALUES (:number)";
            let params = params! { ":number": number };
            assert_eq!(scratch.execute(sql, params).unwrap(), 1);
        }
        let sum = "SELECT SUM(number) FROM numbers";
        let found = scratch.read(|connection| connection.value::<i64>(sum, params! {}));
        assert_eq!(found.unwrap(), 3);
        let failed = scratch.execute("INSERT INTO nowhere VALUES (1)", params! {});
        assert_eq!(failed.unwrap_err().kind(), Kind::Io);
    }
}
