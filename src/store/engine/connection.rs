//! Asking the store and changing it, whatever keeps it.

use std::ops::Deref;

use rusqlite::TransactionBehavior;

use super::error::{another_engine, missing};
use super::row::Row;
use super::value::{Column, Params};
use super::{postgres, sqlite};
use crate::error::Result;

/// A connection to a store, for reading.
#[derive(Debug)]
pub struct Connection {
    link: Link,
}

/// What it leads to.
#[derive(Debug)]
pub(super) enum Link {
    Sqlite(Box<sqlite::link::Link>),
    Postgres(Box<postgres::link::Link>),
}

impl Connection {
    pub(super) fn new(link: Link) -> Self {
        Self { link }
    }

    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    /// What only SQLite has.
    pub(super) fn sqlite(&self) -> Result<&rusqlite::Connection> {
        match &self.link {
            Link::Sqlite(link) => Ok(link.inner()),
            Link::Postgres(_) => Err(another_engine()),
        }
    }

    /// The link to a file.
    pub(super) fn file(&self) -> Result<&sqlite::link::Link> {
        match &self.link {
            Link::Sqlite(link) => Ok(link),
            Link::Postgres(_) => Err(another_engine()),
        }
    }

    /// What only PostgreSQL has.
    pub(super) fn postgres(&self) -> Result<&postgres::link::Link> {
        match &self.link {
            Link::Postgres(link) => Ok(link),
            Link::Sqlite(_) => Err(another_engine()),
        }
    }

    pub(super) fn into_link(self) -> Link {
        self.link
    }

    /// Begins a transaction in a file; it is rolled back unless it is committed.
    pub(super) fn begin(&mut self, behavior: TransactionBehavior) -> Result<Transaction<'_>> {
        let inner = rusqlite::Transaction::new_unchecked(self.sqlite()?, behavior)?;
        Ok(Transaction {
            inner: Open::Sqlite(inner),
            connection: self,
        })
    }

    /// The same on a server, whose connection has begun one.
    pub(super) fn begun<'c>(&'c self, open: postgres::transaction::Open<'c>) -> Transaction<'c> {
        Transaction {
            inner: Open::Postgres(open),
            connection: self,
        }
    }

    /// The first row of the answer, if there is one.
    pub fn maybe<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match &self.link {
            Link::Sqlite(link) => link.maybe(sql, params, read),
            Link::Postgres(link) => link.maybe(sql, params, read),
        }
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
        let visit = |row: Row<'_>| {
            all.push(read(row)?);
            Ok(true)
        };
        match &self.link {
            Link::Sqlite(link) => link.walk(sql, params, visit),
            Link::Postgres(link) => link.all(sql, params, visit),
        }?;
        Ok(all)
    }

    /// Walks over the rows of the answer until `visit` says stop with `false`; memory does not
    /// grow with their number.
    pub fn walk(
        &self,
        sql: &str,
        params: Params<'_>,
        visit: impl FnMut(Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        match &self.link {
            Link::Sqlite(link) => link.walk(sql, params, visit),
            Link::Postgres(link) => link.walk(sql, params, visit),
        }
    }

    /// Says what will be asked soon: `questions` asks it, and gets no answers. A server is asked for all of
    /// it together, with what is asked of it next.
    pub fn ahead(&self, questions: impl FnOnce(&Connection)) {
        match &self.link {
            Link::Sqlite(_) => {}
            Link::Postgres(link) => link.ahead(|| questions(self)),
        }
    }

    /// Whether asking it crosses a network.
    pub fn is_far(&self) -> bool {
        matches!(self.link, Link::Postgres(_))
    }

    /// Whether the answer has a row.
    pub fn exists(&self, sql: &str, params: Params<'_>) -> Result<bool> {
        Ok(self.maybe(sql, params, |_| Ok(()))?.is_some())
    }
}

/// A transaction, for writing. What is not committed has not happened.
#[derive(Debug)]
pub struct Transaction<'c> {
    connection: &'c Connection,
    inner: Open<'c>,
}

#[derive(Debug)]
enum Open<'c> {
    Sqlite(rusqlite::Transaction<'c>),
    Postgres(postgres::transaction::Open<'c>),
}

/// Why a commit came to nothing, or may have.
pub(super) enum Failed {
    Sqlite(rusqlite::Error),
    Postgres(crate::error::Error),
}

impl From<Failed> for crate::error::Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Sqlite(error) => error.into(),
            Failed::Postgres(error) => error,
        }
    }
}

impl Transaction<'_> {
    /// Changes rows; says how many.
    pub fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        match self.connection.link() {
            Link::Sqlite(link) => link.execute(sql, params),
            Link::Postgres(link) => link.execute(sql, params),
        }
    }

    /// Changes rows, however many: what they were need not be known before the commit.
    pub fn change(&self, sql: &str, params: Params<'_>) -> Result<()> {
        match self.connection.link() {
            Link::Sqlite(link) => link.execute(sql, params).map(drop),
            Link::Postgres(link) => link.change(sql, params),
        }
    }

    pub(super) fn commit(self) -> std::result::Result<(), Failed> {
        match self.inner {
            Open::Sqlite(inner) => inner.commit().map_err(Failed::Sqlite),
            Open::Postgres(open) => open.commit().map_err(Failed::Postgres),
        }
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}
