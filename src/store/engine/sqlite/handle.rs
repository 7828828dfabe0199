//! An open file as a connection, and how it is closed.

use rusqlite::config::DbConfig;

use super::super::connection::{Connection, Link};
use super::link;
use crate::error::Result;

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

/// Closes a file that becomes a store with a log by that.
pub(super) fn close_as_store(connection: Connection) -> Result<()> {
    let sqlite = connection.sqlite()?;
    sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    sqlite.pragma_update(None, "journal_mode", "WAL")?;
    close(connection)
}
