//! Pages of a table that only grows at its end and is only pruned at its beginning.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, ToSql, Transaction};

use crate::error::Result;
use crate::model::page::{Page, PageRequest};
use crate::model::time::Timestamp;

/// What is listed.
pub(super) struct Listing<'a> {
    pub table: &'a str,
    pub columns: &'a str,
    /// The integer key, without a gap between its first and last row.
    pub key: &'a str,
}

/// Which rows of a log are asked for; without a condition, all.
#[derive(Default)]
pub(super) struct Asked {
    conditions: Vec<&'static str>,
    parameters: Vec<(&'static str, Value)>,
}

impl Asked {
    /// Only rows for which `condition` is true, if there is a value for its `parameter`.
    pub fn only(
        mut self,
        condition: &'static str,
        parameter: &'static str,
        value: Option<impl Into<Value>>,
    ) -> Self {
        if let Some(value) = value {
            self.conditions.push(condition);
            self.parameters.push((parameter, value.into()));
        }
        self
    }

    /// Only rows from `since` on and before `until`.
    pub fn between(self, since: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        self.only(
            "at >= :since",
            ":since",
            since.map(Timestamp::as_millisecond),
        )
        .only(
            "at < :until",
            ":until",
            until.map(Timestamp::as_millisecond),
        )
    }
}

/// One page, the newest rows first. Of the whole table any page is a range of keys, and costs
/// the same wherever it lies; of a filtered one it is reached by skipping.
pub(super) fn newest_first<T>(
    connection: &Connection,
    listing: &Listing<'_>,
    asked: &Asked,
    request: PageRequest,
    from_row: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Page<T>> {
    let Listing {
        table,
        columns,
        key,
    } = listing;
    let size = i64::try_from(request.size).unwrap_or(i64::MAX);
    let offset = i64::try_from(request.offset()).unwrap_or(i64::MAX);
    if asked.conditions.is_empty() {
        let (first, last): (i64, i64) = connection.query_row(
            &format!(
                "SELECT COALESCE((SELECT {key} FROM {table} ORDER BY {key} LIMIT 1), 1),
                        COALESCE((SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1), 0)"
            ),
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let total = u64::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(0);
        let to = last.saturating_sub(offset);
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE {key} <= :to AND {key} > :from ORDER BY {key} DESC"
        );
        let mut statement = connection.prepare(&sql)?;
        let items = statement
            .query_map(
                rusqlite::named_params! { ":to": to, ":from": to.saturating_sub(size) },
                from_row,
            )?
            .collect::<rusqlite::Result<_>>()?;
        return Ok(Page::new(items, request, total));
    }
    let filter = asked.conditions.join(" AND ");
    let mut parameters: Vec<(&str, &dyn ToSql)> = Vec::new();
    for (name, value) in &asked.parameters {
        parameters.push((name, value));
    }
    let total = connection.query_row(
        &format!("SELECT COUNT(*) FROM {table} WHERE {filter}"),
        parameters.as_slice(),
        |row| row.get(0),
    )?;
    let sql = format!(
        "SELECT {columns} FROM {table} WHERE {filter} ORDER BY {key} DESC LIMIT :size OFFSET :offset"
    );
    let mut statement = connection.prepare(&sql)?;
    parameters.push((":size", &size));
    parameters.push((":offset", &offset));
    let items = statement
        .query_map(parameters.as_slice(), from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Page::new(items, request, total))
}

/// The last key of the beginning of a log that is older than `cutoff`; 0 if there is none. Rows
/// from after `now` were written while the clock was ahead: they neither hold the pruning up
/// nor go before what was written after them.
pub(super) fn last_before(
    connection: &Connection,
    table: &str,
    key: &str,
    cutoff: Timestamp,
    now: Timestamp,
) -> Result<i64> {
    Ok(connection.query_row(
        &format!(
            "SELECT COALESCE(MAX({key}), 0) FROM {table} WHERE at < :cutoff AND {key} <
                 COALESCE((SELECT MIN({key}) FROM {table} WHERE at >= :cutoff AND at <= :now), 9223372036854775807)"
        ),
        rusqlite::named_params! { ":cutoff": cutoff.as_millisecond(), ":now": now.as_millisecond() },
        |row| row.get(0),
    )?)
}

/// How many rows of a log have a key up to `last`.
pub(super) fn count_through(connection: &Connection, table: &str, last: i64) -> Result<u64> {
    Ok(connection.query_row(
        &format!("SELECT COUNT(*) FROM {table} WHERE id <= :last"),
        rusqlite::named_params! { ":last": last },
        |row| row.get(0),
    )?)
}

/// Deletes the first rows of a log up to the key `last`, at most `most`; says how many.
pub(super) fn delete_through(
    tx: &Transaction<'_>,
    table: &str,
    last: i64,
    most: u64,
) -> Result<u64> {
    let deleted = tx
        .prepare_cached(&format!(
            "DELETE FROM {table} WHERE id IN
                 (SELECT id FROM {table} WHERE id <= :last ORDER BY id LIMIT :most)"
        ))?
        .execute(rusqlite::named_params! { ":last": last, ":most": most })?;
    Ok(deleted as u64)
}

/// SQL: rows for which all of these are true. Where nothing is asked nothing is said, for then
/// SQLite counts pages instead of rows.
pub(super) fn where_all(conditions: &[String]) -> String {
    if conditions.is_empty() {
        return String::new();
    }
    format!("WHERE {}", conditions.join(" AND "))
}
