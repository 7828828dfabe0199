//! A database of our own for as long as a program runs: in memory while it is small, then in a file of the
//! temporary directory that has no name and is gone with the program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

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
        require_usable(variable)?;
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

/// SQLite takes the first of these that it can use, and else goes on to other directories: without a word,
/// so somebody would not know where it lies.
fn require_usable(variable: impl Fn(&str) -> Option<OsString>) -> Result<()> {
    for name in ["SQLITE_TMPDIR", "TMPDIR"] {
        let Some(place) = variable(name).filter(|place| !place.is_empty()) else {
            continue;
        };
        let place = PathBuf::from(place);
        if is_usable(&place) {
            break;
        }
        let message = format!(
            "{name} names {}, which is no directory that can be written to",
            place.display()
        );
        return Err(Error::new(Kind::Io, message).hint(format!(
            "nothing was changed; make it, name another directory with {name}, or unset {name}"
        )));
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "SQLite asks for it itself")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn is_usable(place: &Path) -> bool {
    place.is_dir() && access(place, Access::WRITE_OK | Access::EXEC_OK).is_ok()
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
        "free some space there, or name another directory with TMPDIR, and run it again; a list needs some 450 bytes for each user and 150 for each further code",
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
    fn a_directory_that_is_named_can_be_written_to() {
        let place = tempfile::tempdir().unwrap();
        let good = place.path().to_str().unwrap();
        let file = place.path().join("file");
        std::fs::write(&file, "").unwrap();
        let file = file.to_str().unwrap();
        for (first, second, wrong) in [
            ("", "", None),
            ("", good, None),
            (good, "/nowhere", None),
            ("", "/nowhere", Some("TMPDIR names /nowhere")),
            ("", file, Some("TMPDIR names ")),
            ("/nowhere", good, Some("SQLITE_TMPDIR names /nowhere")),
        ] {
            let said =
                require_usable(|name| Some(if name == "TMPDIR" { second } else { first }.into()));
            match wrong {
                None => assert!(said.is_ok(), "{said:?}"),
                Some(wrong) => {
                    let error = said.unwrap_err();
                    assert_eq!(error.kind(), Kind::Io);
                    assert!(error.to_string().starts_with(wrong), "{error}");
                }
            }
        }
        assert!(require_usable(|_| None).is_ok());
    }

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
