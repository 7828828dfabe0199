//! Files as connections: how they are opened, and closed.

use std::path::Path;
use std::time::Duration;

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::super::connection::{Connection, Link};
use super::link;
use crate::error::Result;

/// How long SQLite waits for a program that does not queue at the gate, such as a backup tool.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages in the write-ahead log after which a commit moves them into the file. The next
/// program to open the store reads the whole log, so it is kept short.
const CHECKPOINT_PAGES: i64 = 256;

/// A connection to an open file.
pub(super) fn in_file(connection: rusqlite::Connection) -> Connection {
    Connection::new(Link::Sqlite(Box::new(link::Link::new(connection))))
}

/// Ends it.
pub(super) fn close(connection: Connection) -> Result<()> {
    match connection.into_link() {
        Link::Sqlite(link) => link.into_inner().close().map_err(|(_, error)| error.into()),
        Link::Postgres(_) => Ok(()),
    }
}

pub(super) fn connect(path: &Path) -> Result<Connection> {
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
    connection.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
    ))?;
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(in_file(connection))
}

/// Opens a file as it is, and waits for programs that do not queue.
pub(super) fn open_file(path: &Path) -> Result<rusqlite::Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

/// Closes a file that becomes a store with a log by that.
pub(super) fn close_as_store(connection: Connection) -> Result<()> {
    let sqlite = connection.sqlite()?;
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    sqlite.pragma_update(None, "journal_mode", "WAL")?;
    close(connection)
}
