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

impl fmt::Debug for Row<'_> {
    /// A row may hold what nobody is to see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").finish_non_exhaustive()
    }
}
