//! Logs: tables that only grow at their end and are only pruned at their beginning, page by page.

use super::engine::value::Params;
use super::engine::{Bind, Connection, Row, Transaction, Value, params};
use crate::error::Result;
use crate::model::page::{Page, PageRequest};
use crate::model::time::Timestamp;

/// One such table, with a column `at`.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    pub(super) table: &'static str,
    pub(super) columns: &'static str,
    /// The integer key, without a gap between its first and last row.
    pub(super) key: &'static str,
}

/// Which entries of a log a list shows: those of `user`, of this kind, and of this time.
#[derive(Clone, Debug)]
pub struct Filter<U> {
    pub user: Option<U>,
    /// What the log means by that, its list says.
    pub action: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl<U> Default for Filter<U> {
    /// All entries.
    fn default() -> Self {
        Self {
            user: None,
            action: None,
            since: None,
            until: None,
        }
    }
}

/// Which rows are asked for; without a condition, all.
#[derive(Default)]
pub(super) struct Asked<'a> {
    conditions: Vec<String>,
    parameters: Vec<(&'a str, Value<'a>)>,
}

impl<'a> Asked<'a> {
    /// Only rows for which `condition` is true, if there is a value for its `parameter`.
    pub fn only(
        mut self,
        condition: &str,
        parameter: &'a str,
        value: &'a (impl Bind + ?Sized),
    ) -> Self {
        match value.bind() {
            Value::Null => self,
            value => {
                self.parameters.push((parameter, value));
                self.where_(condition)
            }
        }
    }

    /// Only rows for which `condition` is true, which has no parameter of its own.
    pub fn where_(mut self, condition: impl Into<String>) -> Self {
        self.conditions.push(condition.into());
        self
    }

    /// A value that conditions use.
    pub fn with(mut self, parameter: &'a str, value: &'a impl Bind) -> Self {
        self.parameters.push((parameter, value.bind()));
        self
    }

    /// Only rows of this kind and time; `condition` is about `:action`.
    pub fn fitting<U>(self, filter: &'a Filter<U>, condition: &str) -> Self {
        self.only(condition, ":action", &filter.action)
            .only("at >= :since", ":since", &filter.since)
            .only("at < :until", ":until", &filter.until)
    }

    /// SQL: rows for which all of these are true. Where nothing is asked nothing is said, for then
    /// SQLite counts pages instead of rows.
    pub fn filter(&self) -> String {
        if self.conditions.is_empty() {
            return String::new();
        }
        format!("WHERE {}", self.conditions.join(" AND "))
    }

    /// How many rows these are.
    pub fn count(&self, connection: &Connection, source: &str) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) FROM {source} {}", self.filter());
        connection.value(&sql, Params::Named(&self.parameters))
    }

    /// One page of an answer whose text ends with `LIMIT :size OFFSET :offset`.
    pub fn page<T>(
        mut self,
        connection: &Connection,
        sql: &str,
        (request, total): (PageRequest, u64),
        read: impl FnMut(Row<'_>) -> Result<T>,
    ) -> Result<Page<T>> {
        let (size, offset) = (request.size, request.offset());
        for (name, number) in [(":size", &size), (":offset", &offset)] {
            self.parameters.push((name, number.bind().to_owned()));
        }
        let items = connection.all(sql, Params::Named(&self.parameters), read)?;
        Ok(Page::new(items, request, total))
    }
}

impl Log {
    /// One page, the newest rows first. Of the whole table any page is a range of keys, and costs
    /// the same wherever it lies; of a filtered one it is reached by skipping.
    pub(super) fn newest_first<T>(
        self,
        connection: &Connection,
        asked: Asked<'_>,
        request: PageRequest,
        read: impl FnMut(Row<'_>) -> Result<T>,
    ) -> Result<Page<T>> {
        let Self {
            table,
            columns,
            key,
        } = self;
        if !asked.conditions.is_empty() {
            let total = asked.count(connection, table)?;
            let filter = asked.filter();
            let sql = format!(
                "SELECT {columns} FROM {table} {filter} ORDER BY {key} DESC LIMIT :size OFFSET :offset"
            );
            return asked.page(connection, &sql, (request, total), read);
        }
        let (first, last): (i64, i64) = connection.one(
            &format!(
                "SELECT COALESCE((SELECT {key} FROM {table} ORDER BY {key} LIMIT 1), 1),
                        COALESCE((SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1), 0)"
            ),
            params! {},
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let size = i64::try_from(request.size).unwrap_or(i64::MAX);
        let offset = i64::try_from(request.offset()).unwrap_or(i64::MAX);
        let total = u64::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(0);
        let to = last.saturating_sub(offset);
        let items = connection.all(
            &format!(
                "SELECT {columns} FROM {table} WHERE {key} <= :to AND {key} > :from ORDER BY {key} DESC"
            ),
            params! { ":to": to, ":from": to.saturating_sub(size) },
            read,
        )?;
        Ok(Page::new(items, request, total))
    }

    /// When the newest row was written.
    pub fn last_at(self, connection: &Connection) -> Result<Option<Timestamp>> {
        let Self { table, key, .. } = self;
        connection.maybe(
            &format!("SELECT at FROM {table} ORDER BY {key} DESC LIMIT 1"),
            params! {},
            |row| row.get(0),
        )
    }

    /// The last key of the beginning that is older than `cutoff`; 0 if there is none. Rows from
    /// after `now` were written while the clock was ahead: they neither hold the pruning up nor go
    /// before what was written after them.
    pub fn last_before(
        self,
        connection: &Connection,
        cutoff: Timestamp,
        now: Timestamp,
    ) -> Result<i64> {
        let Self { table, key, .. } = self;
        connection.value(
            &format!(
                "SELECT COALESCE(MAX({key}), 0) FROM {table} WHERE at < :cutoff AND {key} <
                     COALESCE((SELECT MIN({key}) FROM {table} WHERE at >= :cutoff AND at <= :now), 9223372036854775807)"
            ),
            params! { ":cutoff": cutoff, ":now": now },
        )
    }

    /// How many rows have a key up to `last`.
    pub fn count_through(self, connection: &Connection, last: i64) -> Result<u64> {
        let Self { table, key, .. } = self;
        connection.value(
            &format!("SELECT COUNT(*) FROM {table} WHERE {key} <= :last"),
            params! { ":last": last },
        )
    }

    /// Deletes the first rows up to the key `last`, at most `most`; says how many.
    pub fn delete_through(self, tx: &Transaction<'_>, last: i64, most: u64) -> Result<u64> {
        let Self { table, key, .. } = self;
        tx.execute(
            &format!(
                "DELETE FROM {table} WHERE {key} IN
                     (SELECT {key} FROM {table} WHERE {key} <= :last ORDER BY {key} LIMIT :most)"
            ),
            params! { ":last": last, ":most": most },
        )
    }
}
