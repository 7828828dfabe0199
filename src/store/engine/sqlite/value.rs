//! Values on their way into a file and back.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::super::value::Value;
use crate::error::Result;

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// What stands in a column; a clause for what none of ours holds.
pub(in crate::store::engine) fn column<'r>(
    row: &'r rusqlite::Row<'_>,
    column: usize,
) -> Result<Result<Value<'r>, String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.into())),
            Err(_) => Err("text that is not UTF-8".into()),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.into())),
        ValueRef::Real(_) => Err("a fraction".into()),
    })
}
