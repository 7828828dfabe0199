//! A connection to a file. A statement that comes a second time is kept: to keep one that is asked
//! once costs more than to prepare it, and most programs ask everything once.

use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};

use rusqlite::{CachedStatement, Rows, Statement, params_from_iter};

use super::super::row::Row;
use super::super::value::Params;
use crate::error::Result;

/// Statements that are kept: more than any loop repeats.
const KEPT: usize = 64;

/// An open file.
#[derive(Debug)]
pub struct Link {
    pub(super) inner: rusqlite::Connection,
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

impl Link {
    pub(super) fn new(inner: rusqlite::Connection) -> Self {
        inner.set_prepared_statement_cache_capacity(KEPT);
        Self {
            inner,
            seen: RefCell::default(),
            hasher: RandomState::new(),
        }
    }

    /// What only SQLite has.
    pub(in crate::store::engine) fn inner(&self) -> &rusqlite::Connection {
        &self.inner
    }

    /// The same, to end it.
    pub(super) fn into_inner(self) -> rusqlite::Connection {
        self.inner
    }

    fn prepare(&self, sql: &str) -> rusqlite::Result<Ready<'_>> {
        let is_new = self.seen.borrow_mut().insert(self.hasher.hash_one(sql));
        Ok(if is_new {
            Ready::Once(self.inner.prepare(sql)?)
        } else {
            Ready::Kept(self.inner.prepare_cached(sql)?)
        })
    }

    /// See [`super::super::Connection::maybe`].
    pub(in crate::store::engine) fn maybe<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.prepare(sql)?;
        let mut rows = ask(&mut statement, params)?;
        rows.next()?
            .map(|row| read(Row::of_sqlite(row)))
            .transpose()
    }

    /// See [`super::super::Connection::walk`].
    pub(in crate::store::engine) fn walk(
        &self,
        sql: &str,
        params: Params<'_>,
        mut visit: impl FnMut(Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        let mut statement = self.prepare(sql)?;
        let mut rows = ask(&mut statement, params)?;
        while let Some(row) = rows.next()? {
            if !visit(Row::of_sqlite(row))? {
                break;
            }
        }
        Ok(())
    }

    /// See [`super::super::Transaction::execute`].
    pub(in crate::store::engine) fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        let mut statement = self.prepare(sql)?;
        let changed = match params {
            Params::Named(named) => statement.execute(named),
            Params::Numbered(values) => statement.execute(params_from_iter(values)),
        }?;
        Ok(changed as u64)
    }
}

fn ask<'s>(statement: &'s mut Statement<'_>, params: Params<'_>) -> rusqlite::Result<Rows<'s>> {
    match params {
        Params::Named(named) => statement.query(named),
        Params::Numbered(values) => statement.query(params_from_iter(values)),
    }
}
