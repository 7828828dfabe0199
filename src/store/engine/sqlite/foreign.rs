//! Databases of other programs: opened for reading, never changed, also while their program runs.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::config::DbConfig;
use rusqlite::{OpenFlags, TransactionBehavior};

use super::super::connection::Connection;
use super::super::value::params;
use super::connect::BUSY_TIMEOUT;
use super::handle::in_file;
use crate::account::Account;
use crate::error::{Error, Kind, Result};

/// What every SQLite database begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Where the first byte says how it is written: 2 for a log beside it.
const WRITTEN: usize = 18;

/// Tries to read what is replaced or put into a log meanwhile.
const TRIES: usize = 5;

/// A database of another program.
#[derive(Debug)]
pub struct Foreign {
    path: PathBuf,
    has_log: bool,
    account: Account,
}

impl Foreign {
    /// The database at `path`; none for a file that is no SQLite database.
    ///
    /// # Errors
    /// What the file system says.
    pub fn at(path: &Path) -> Result<Option<Self>> {
        let account = Account::at(path)?;
        let _acting = account.act()?;
        if !fs::metadata(path).is_ok_and(|found| found.is_file()) {
            return Ok(None);
        }
        let mut beginning = Vec::new();
        File::open(path)
            .and_then(|file| file.take(100).read_to_end(&mut beginning))
            .map_err(|error| Error::file(format!("cannot read {}", path.display()), error))?;
        Ok(beginning.starts_with(MAGIC).then(|| Self {
            path: path.to_owned(),
            has_log: beginning.get(WRITTEN) == Some(&2),
            account,
        }))
    }

    /// Reads from one unchanging state. Nothing is held between two readings, so its program is kept
    /// waiting for as long as one takes, and no longer.
    ///
    /// # Errors
    /// [`Kind::Usage`] when it does not hold what is asked for, [`Kind::LockedStore`], or what the
    /// file system says.
    pub fn read<T>(&self, mut read: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
        let _acting = self.account.act()?;
        for _ in 0..TRIES {
            // Where the log is not there, nobody has the database open; SQLite would make one.
            let is_alone = self.has_log && !self.log().exists();
            let before = self.stamp();
            let done = self
                .connect(is_alone)
                .and_then(|mut connection| read(&*connection.begin(TransactionBehavior::Deferred)?))
                .map_err(|error| self.told(error))?;
            if !is_alone || (!self.log().exists() && self.stamp() == before) {
                return Ok(done);
            }
        }
        Err(Error::new(
            Kind::LockedStore,
            format!("{} changes all the time", self.path.display()),
        )
        .hint("nothing was changed; run it again, or stop its program meanwhile"))
    }

    fn connect(&self, is_alone: bool) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = match is_alone {
            true => {
                let name = address(&self.path)?;
                rusqlite::Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_URI)?
            }
            false => rusqlite::Connection::open_with_flags(&self.path, flags)?,
        };
        sqlite.busy_timeout(BUSY_TIMEOUT)?;
        // Its tables are read, and nothing of what somebody else wrote there is run.
        for (what, is_on) in [
            (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        ] {
            sqlite.set_db_config(what, is_on)?;
        }
        sqlite.pragma_update(None, "query_only", true)?;
        // What is sorted, because no index fits, would else lie in a file of the temporary directory as it is.
        sqlite.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(in_file(sqlite))
    }

    fn log(&self) -> PathBuf {
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        log.into()
    }

    fn stamp(&self) -> Option<(u64, SystemTime)> {
        let found = fs::metadata(&self.path).ok()?;
        Some((found.len(), found.modified().ok()?))
    }

    /// An error of reading it, which is not about the store.
    fn told(&self, error: Error) -> Error {
        let path = self.path.display();
        let (kind, message, hint) = match error.kind() {
            Kind::Usage => return error,
            Kind::LockedStore => (
                Kind::LockedStore,
                format!("{path} is locked by its program"),
                "run it again, or stop its program meanwhile",
            ),
            Kind::DamagedStore => (
                Kind::Usage,
                format!("{path} does not hold what it should"),
                "name the database of the application; if it is that, dump it instead",
            ),
            kind => (
                kind,
                format!("cannot read {path}"),
                "look at owner and mode of the file; after a crash of its program start that once",
            ),
        };
        let made = Error::new(kind, message).hint(format!("nothing was changed; {hint}"));
        match std::error::Error::source(&error) {
            Some(cause) => made.because(cause.to_string()),
            None => made,
        }
    }
}

/// The file as an address that says that nobody writes to it.
fn address(path: &Path) -> Result<String> {
    let path = std::path::absolute(path)
        .map_err(|error| Error::file(format!("cannot read {}", path.display()), error))?;
    let mut address = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(address + "?mode=ro&immutable=1")
}

/// Whether there is such a table.
pub fn has_table(connection: &Connection, table: &str) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = :table",
        params! { ":table": table },
    )
}

/// The columns of a table.
pub fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    connection.all(
        "SELECT name FROM pragma_table_info(:table)",
        params! { ":table": table },
        |row| row.get(0),
    )
}

/// The table and column that a column of a table points at.
pub fn pointed_at(
    connection: &Connection,
    table: &str,
    column: &str,
) -> Result<Option<(String, String)>> {
    connection.maybe(
        "SELECT \"table\", \"to\" FROM pragma_foreign_key_list(:table) WHERE \"from\" = :column",
        params! { ":table": table, ":column": column },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
