//! Databases of other programs on a server: read in transactions that can change nothing.

use super::super::connection::{Connection, Link};
use super::super::value::params;
use super::connect::connect;
use crate::error::{Error, Kind, Result};
use crate::model::location::Server;

/// A database of another program.
#[derive(Debug)]
pub struct Foreign {
    server: Server,
}

impl Foreign {
    /// The database that this URL names.
    pub fn new(server: Server) -> Self {
        Self { server }
    }

    /// Reads from one unchanging state; nothing is held between two readings.
    ///
    /// # Errors
    /// [`Kind::Usage`] when it does not hold what is asked for, and what reaching it says.
    pub fn read<T>(&self, mut read: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
        let connection = Connection::new(Link::Postgres(Box::new(connect(&self.server)?)));
        let link = connection.postgres()?;
        // Moments are read as text.
        link.batch("SET TIME ZONE 'UTC'")?;
        let open = link.begin_reading()?;
        read(&connection.begun(open)).map_err(|error| match error.kind() {
            Kind::DamagedStore => {
                Error::new(Kind::Usage, "the database does not hold what it should")
                    .because(error)
                    .hint("nothing was changed; name the database of the application; if it is that, dump it instead")
            }
            _ => error,
        })
    }
}

/// Whether there is such a table.
pub fn has_table(connection: &Connection, table: &str) -> Result<bool> {
    connection.exists(
        "SELECT 1 WHERE to_regclass(quote_ident(:table)) IS NOT NULL",
        params! { ":table": table },
    )
}

/// The columns of a table.
pub fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    connection.all(
        "SELECT CAST(attname AS TEXT) FROM pg_attribute
         WHERE attrelid = to_regclass(quote_ident(:table)) AND attnum > 0 AND NOT attisdropped
         ORDER BY attnum",
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
        "SELECT CAST(r.relname AS TEXT), CAST(p.attname AS TEXT) FROM pg_constraint k
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
         JOIN pg_class r ON r.oid = k.confrelid
         JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = k.confkey[1]
         WHERE k.contype = 'f' AND k.conrelid = to_regclass(quote_ident(:table)) AND a.attname = :column",
        params! { ":table": table, ":column": column },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
