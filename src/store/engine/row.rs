//! One row of an answer.

use std::fmt;

use rusqlite::types::ValueRef;

use super::value::{Column, Value};
use crate::error::{Error, Result};

/// A row, or its part from some column on.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    inner: &'r rusqlite::Row<'r>,
    first: usize,
}

impl<'r> Row<'r> {
    pub(super) fn new(inner: &'r rusqlite::Row<'r>) -> Self {
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
        let value = match self.inner.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Text(text) => match std::str::from_utf8(text) {
                Ok(text) => Value::Text(text.into()),
                Err(_) => return Err(self.mismatch(column, "text that is not UTF-8".into())),
            },
            ValueRef::Blob(bytes) => Value::Bytes(bytes.into()),
            ValueRef::Real(_) => return Err(self.mismatch(column, "a fraction".into())),
        };
        T::read(value).map_err(|what| self.mismatch(column, what))
    }

    fn mismatch(self, column: usize, what: String) -> Error {
        let name = self
            .inner
            .as_ref()
            .column_name(column)
            .unwrap_or("a column");
        super::error::mismatch(format!("{name} holds {what}"))
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
