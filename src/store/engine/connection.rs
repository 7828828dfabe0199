//! Asking the store and changing it. A statement that comes a second time is kept: to keep one that
//! is asked once costs more than to prepare it, and most programs ask everything once.

use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Rows, Statement, ToSql, TransactionBehavior, params_from_iter};

use super::error::missing;
use super::row::Row;
use super::value::{Column, Params, Value};
use crate::error::Result;

/// Statements that are kept: more than any loop repeats.
const KEPT: usize = 64;

/// A connection to a store, for reading.
#[derive(Debug)]
pub struct Connection {
    inner: rusqlite::Connection,
    seen: RefCell<HashSet<u64>>,
    hasher: RandomState,
}

/// A statement that is ready.
enum Ready<'c> {
    Once(Statement<'c>),
    Kept(CachedStatement<'c>),
}

impl<'c> Deref for Ready<'c> {
    type Target = Statement<'c>;

    fn deref(&self) -> &Statement<'c> {
        match self {
            Self::Once(statement) => statement,
            Self::Kept(statement) => statement,
        }
    }
}

impl<'c> DerefMut for Ready<'c> {
    fn deref_mut(&mut self) -> &mut Statement<'c> {
        match self {
            Self::Once(statement) => statement,
            Self::Kept(statement) => statement,
        }
    }
}

impl Connection {
    pub(super) fn new(inner: rusqlite::Connection) -> Self {
        inner.set_prepared_statement_cache_capacity(KEPT);
        Self {
            inner,
            seen: RefCell::default(),
            hasher: RandomState::new(),
        }
    }

    fn prepare(&self, sql: &str) -> rusqlite::Result<Ready<'_>> {
        let is_new = self.seen.borrow_mut().insert(self.hasher.hash_one(sql));
        Ok(if is_new {
            Ready::Once(self.inner.prepare(sql)?)
        } else {
            Ready::Kept(self.inner.prepare_cached(sql)?)
        })
    }

    /// What only SQLite has.
    pub(super) fn sqlite(&self) -> &rusqlite::Connection {
        &self.inner
    }

    pub(super) fn close(self) -> Result<()> {
        self.inner.close().map_err(|(_, error)| error.into())
    }

    /// Begins a transaction; it is rolled back unless it is committed.
    pub(super) fn begin(&mut self, behavior: TransactionBehavior) -> Result<Transaction<'_>> {
        Ok(Transaction {
            inner: rusqlite::Transaction::new_unchecked(&self.inner, behavior)?,
            connection: self,
        })
    }

    /// The first row of the answer, if there is one.
    pub fn maybe<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.prepare(sql)?;
        let mut rows = ask(&mut statement, params)?;
        rows.next()?.map(|row| read(Row::new(row))).transpose()
    }

    /// The one row of an answer that always has one.
    pub fn one<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.maybe(sql, params, read)?.ok_or_else(missing)
    }

    /// The one value of such an answer.
    pub fn value<T: Column>(&self, sql: &str, params: Params<'_>) -> Result<T> {
        self.one(sql, params, |row| row.get(0))
    }

    /// All rows of the answer.
    pub fn all<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        mut read: impl FnMut(Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.walk(sql, params, |row| {
            all.push(read(row)?);
            Ok(true)
        })?;
        Ok(all)
    }

    /// Walks over the rows of the answer until `visit` says stop with `false`; memory does not
    /// grow with their number.
    pub fn walk(
        &self,
        sql: &str,
        params: Params<'_>,
        mut visit: impl FnMut(Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        let mut statement = self.prepare(sql)?;
        let mut rows = ask(&mut statement, params)?;
        while let Some(row) = rows.next()? {
            if !visit(Row::new(row))? {
                break;
            }
        }
        Ok(())
    }

    /// Whether the answer has a row.
    pub fn exists(&self, sql: &str, params: Params<'_>) -> Result<bool> {
        Ok(self.maybe(sql, params, |_| Ok(()))?.is_some())
    }
}

fn ask<'s>(statement: &'s mut Statement<'_>, params: Params<'_>) -> rusqlite::Result<Rows<'s>> {
    match params {
        Params::Named(named) => statement.query(named),
        Params::Numbered(values) => statement.query(params_from_iter(values)),
    }
}

/// A transaction, for writing. What is not committed has not happened.
#[derive(Debug)]
pub struct Transaction<'c> {
    connection: &'c Connection,
    inner: rusqlite::Transaction<'c>,
}

impl Transaction<'_> {
    /// Changes rows; says how many.
    pub fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        let mut statement = self.connection.prepare(sql)?;
        let changed = match params {
            Params::Named(named) => statement.execute(named),
            Params::Numbered(values) => statement.execute(params_from_iter(values)),
        }?;
        Ok(changed as u64)
    }

    pub(super) fn commit(self) -> rusqlite::Result<()> {
        self.inner.commit()
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

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
