//! A connection to a file. A statement that comes a second time is kept: to keep one that is asked
//! once costs more than to prepare it, and most programs ask everything once.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Rows, Statement, StatementStatus, params_from_iter};

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
    schema: RefCell<Option<Box<Schema>>>,
}

/// A row of the schema: kind, name, table, root page and text.
pub(super) type SchemaRow = [Option<String>; 5];

/// What SQLite itself read of the schema last.
#[derive(Debug)]
struct Schema {
    rows: Vec<SchemaRow>,
    /// How often the statement that reads these rows has run. SQLite prepares it again where it read the
    /// schema again, and counts that, too.
    runs: i32,
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
            schema: RefCell::default(),
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

    /// Whether the rows of the schema are those that SQLite itself read last, as [`Link::read_anew`] left
    /// them: nothing differs, and it read none since.
    pub(super) fn has_read(&self, sql: &str) -> Result<bool> {
        let mut schema = self.schema.borrow_mut();
        let Some(Schema { rows, runs }) = schema.as_deref_mut() else {
            return Ok(false);
        };
        let mut statement = self.inner.prepare_cached(sql)?;
        let mut is_same = true;
        let mut left = rows.iter();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            is_same &= left.next().is_some_and(|known| is_row(row, known));
        }
        is_same &= left.next().is_none();
        drop(found);
        *runs += 1;
        // One that was prepared later than that has not run as often.
        Ok(is_same
            && statement.get_status(StatementStatus::Run) == *runs
            && statement.get_status(StatementStatus::RePrepare) == 0)
    }

    /// Judges the rows of the schema, which SQLite reads with that if it has to; inside a transaction those
    /// that are right are remembered.
    pub(super) fn read_anew(
        &self,
        sql: &str,
        is_right: impl FnOnce(&[SchemaRow]) -> bool,
    ) -> Result<bool> {
        let mut schema = self.schema.borrow_mut();
        *schema = None;
        let mut statement = self.inner.prepare_cached(sql)?;
        let (mut rows, mut is_text) = (Vec::new(), true);
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let mut read = SchemaRow::default();
            for (number, cell) in read.iter_mut().enumerate() {
                match text(row, number) {
                    Some(text) => *cell = text.map(Cow::into_owned),
                    None => is_text = false,
                }
            }
            rows.push(read);
        }
        drop(found);
        let is_right = is_text && is_right(&rows);
        if is_right && !self.inner.is_autocommit() {
            statement.reset_status(StatementStatus::RePrepare);
            let runs = statement.get_status(StatementStatus::Run);
            *schema = Some(Box::new(Schema { rows, runs }));
        }
        Ok(is_right)
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

/// Text, nothing or a number; none for what else may stand there.
fn text<'r>(row: &'r rusqlite::Row<'_>, number: usize) -> Option<Option<Cow<'r, str>>> {
    match row.get_ref(number).ok()? {
        ValueRef::Null => Some(None),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().map(|text| Some(text.into())),
        ValueRef::Integer(page) => Some(Some(page.to_string().into())),
        ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}

fn is_row(row: &rusqlite::Row<'_>, known: &SchemaRow) -> bool {
    known.iter().enumerate().all(|(number, known)| {
        text(row, number).is_some_and(|text| text.as_deref() == known.as_deref())
    })
}
