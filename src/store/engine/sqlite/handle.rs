//! An open file as a connection, and back.

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
