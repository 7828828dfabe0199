//! Connecting to a file as this program uses one.

use std::path::Path;
use std::time::Duration;

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::super::connection::Connection;
use super::handle::in_file;
use super::schema;
use crate::error::Result;

/// How long SQLite waits for a program that does not queue at the gate, such as a backup tool.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages in the write-ahead log after which a commit moves them into the file. The next
/// program to open the store reads the whole log, so it is kept short.
const CHECKPOINT_PAGES: i64 = 256;

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Looking,
    /// In each of which the schema is compared with what it must be.
    Deeds,
}

/// Connects to a file, for looking.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    connect_for(path, Purpose::Looking)
}

/// Connects to a file.
pub(super) fn connect_for(path: &Path, purpose: Purpose) -> Result<Connection> {
    let connection = open_file(path)?;
    // A program that runs for a moment would otherwise pay for moving the log at its end.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // Triggers keep other programs from accidents; this one needs none, and runs nobody else's.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    // Plans do not depend on what is asked for; to look at it, SQLite would prepare every second
    // statement twice.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    let connection = in_file(connection);
    if purpose == Purpose::Deeds {
        schema::know(&connection)?;
    }
    let sqlite = connection.sqlite()?;
    sqlite.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
    ))?;
    sqlite.pragma_update(None, "secure_delete", true)?;
    Ok(connection)
}

/// Opens a file as it is, and waits for programs that do not queue.
pub(super) fn open_file(path: &Path) -> Result<rusqlite::Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}
