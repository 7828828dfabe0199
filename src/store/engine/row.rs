//! One row of an answer.

use std::fmt;

use super::value::{Column, Value};
use super::{postgres, sqlite};
use crate::error::{Error, Result};

/// A row, or its part from some column on.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    inner: Inner<'r>,
    first: usize,
}

#[derive(Clone, Copy)]
enum Inner<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl<'r> Row<'r> {
    pub(super) fn of_sqlite(row: &'r rusqlite::Row<'r>) -> Self {
        let inner = Inner::Sqlite(row);
        Self { inner, first: 0 }
    }

    pub(super) fn of_postgres(row: &'r tokio_postgres::Row) -> Self {
        let inner = Inner::Postgres(row);
        Self { inner, first: 0 }
    }

    /// Its columns one after the other.
    pub fn columns(self) -> Columns<'r> {
        Columns { row: self, next: 0 }
    }

    /// Its columns behind the first `columns`.
    pub fn after(self, columns: usize) -> Self {
        Self {
            first: self.first + columns,
            ..self
        }
    }

    /// What stands in this column; the first is 0.
    ///
    /// # Errors
    /// [`crate::error::Kind::DamagedStore`] for what the column cannot hold.
    pub fn get<T: Column>(self, column: usize) -> Result<T> {
        let column = self.first + column;
        let value: Result<Value<'_>, String> = match self.inner {
            Inner::Sqlite(row) => sqlite::value::column(row, column)?,
            Inner::Postgres(row) => postgres::value::column(row, column),
        };
        value
            .and_then(T::read)
            .map_err(|what| self.mismatch(column, what))
    }

    fn mismatch(self, column: usize, what: String) -> Error {
        let name = match self.inner {
            Inner::Sqlite(row) => row.as_ref().column_name(column).ok(),
            Inner::Postgres(row) => row.columns().get(column).map(|column| column.name()),
        };
        super::error::mismatch(format!("{} holds {what}", name.unwrap_or("a column")))
    }
}

/// Its columns one after the other.
#[derive(Debug)]
pub struct Columns<'r> {
    row: Row<'r>,
    next: usize,
}

impl Columns<'_> {
    /// What stands in the next column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn take<T: Column>(&mut self) -> Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }
}

/// A struct whose fields are columns: the list of them for a `SELECT`, each behind this prefix, and
/// how one is read. So text and struct cannot drift apart.
macro_rules! row {
    (
        $prefix:literal;
        $(#[$outer:meta])*
        pub struct $name:ident { $( $(#[$inner:meta])* pub $field:ident: $type:ty, )+ }
    ) => {
        $(#[$outer])*
        pub struct $name { $( $(#[$inner])* pub $field: $type, )+ }

        impl $name {
            /// Its columns as a `SELECT` names them, quoted, for some are words of SQL.
            pub(in crate::store) const COLUMNS: &str =
                concat!($( $prefix, "\"", stringify!($field), "\", " ),+).split_at(
                    concat!($( $prefix, "\"", stringify!($field), "\", " ),+).len() - 2).0;

            /// Reads them.
            pub(in crate::store) fn read(row: $crate::store::engine::row::Row<'_>) -> $crate::error::Result<Self> {
                let mut columns = row.columns();
                Ok(Self { $( $field: columns.take()?, )+ })
            }
        }
    };
}
pub(crate) use row;

impl fmt::Debug for Row<'_> {
    /// A row may hold what nobody is to see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").finish_non_exhaustive()
    }
}
