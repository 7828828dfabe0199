//! Every row of a store, into an empty one of any engine.

use super::connection::{Connection, Link, Transaction};
use super::sqlite::migrations::{self, CURRENT};
use super::value::{Column, Params, Value, params};
use crate::error::Result;

/// The tables, those first that others name.
pub const TABLES: &[&str] = &[
    "store",
    "keys",
    "users",
    "batches",
    "codes",
    "limiters",
    "attempts",
    "strangers",
    "audit_head",
    "audit",
    "schedules",
    "tasks",
    "letters",
    "sessions",
    "mail_log",
    "purges",
    "purged_batches",
    "imported",
    "imported_history",
    "totals",
    "reminders",
    "seals",
];

/// Values that are written together.
const TOGETHER: usize = 2000;

/// Any value, of its own.
struct Any(Value<'static>);

impl Column for Any {
    fn read(value: Value<'_>) -> Result<Self, String> {
        Ok(Self(value.to_owned()))
    }
}

/// The columns of each table, in the order of [`TABLES`].
fn columns() -> Result<Vec<(&'static str, Vec<String>)>> {
    let model = migrations::model(CURRENT)?;
    let of = |table: &&'static str| {
        let names = model.all(
            &format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
            params! {},
            |row| row.get(0),
        )?;
        Ok((*table, names))
    };
    TABLES.iter().map(of).collect()
}

/// Copies everything; says after each few rows how many those were.
pub fn copy(
    from: &Connection,
    to: &Transaction<'_>,
    mut tell: impl FnMut(u64) -> Result<()>,
) -> Result<()> {
    // An empty store has this row already.
    to.change("DELETE FROM totals", params! {})?;
    for (table, columns) in columns()? {
        let names: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
        let names = names.join(", ");
        let together = TOGETHER / columns.len();
        let mut values: Vec<Value<'static>> = Vec::with_capacity(TOGETHER);
        let write = |values: &[Value<'static>]| -> Result<()> {
            let mut place = 0;
            let rows: Vec<String> = values
                .chunks(columns.len())
                .map(|row| {
                    let places = row.iter().map(|_| {
                        place += 1;
                        format!("?{place}")
                    });
                    format!("({})", places.collect::<Vec<_>>().join(", "))
                })
                .collect();
            let sql = format!("INSERT INTO {table} ({names}) VALUES {}", rows.join(", "));
            to.execute(&sql, Params::Numbered(values))?;
            Ok(())
        };
        // The order of the first column is that of the key, or near it.
        let sql = format!("SELECT {names} FROM {table} ORDER BY 1");
        from.walk(&sql, params! {}, |row| {
            for column in 0..columns.len() {
                values.push(row.get::<Any>(column)?.0);
            }
            if values.len() >= together * columns.len() {
                write(&values)?;
                tell(together as u64)?;
                values.clear();
            }
            Ok(true)
        })?;
        if !values.is_empty() {
            write(&values)?;
            tell((values.len() / columns.len()) as u64)?;
        }
    }
    forget_numbers(to)?;
    for (table, last) in numbers(from)? {
        set_number(to, &table, last)?;
    }
    Ok(())
}

/// How many rows there are in all.
pub fn count(connection: &Connection) -> Result<u64> {
    let mut rows = 0;
    for table in TABLES {
        rows += connection.value::<u64>(&format!("SELECT COUNT(*) FROM {table}"), params! {})?;
    }
    Ok(rows)
}

/// Empties every table; those go first that name others.
pub fn clear(tx: &Transaction<'_>) -> Result<()> {
    match tx.link() {
        Link::Sqlite(_) => {
            for table in TABLES.iter().rev() {
                tx.execute(&format!("DELETE FROM {table}"), params! {})?;
            }
            Ok(())
        }
        Link::Postgres(link) => link.batch(&format!("TRUNCATE {}", TABLES.join(", "))),
    }
}

/// The last number that each table gave to a row: none is ever given twice.
fn numbers(connection: &Connection) -> Result<Vec<(String, i64)>> {
    let sql = match connection.link() {
        Link::Sqlite(_) => "SELECT name, seq FROM sqlite_sequence ORDER BY name",
        Link::Postgres(_) => "SELECT of, last FROM numbers WHERE last > 0 ORDER BY of",
    };
    connection.all(sql, params! {}, |row| Ok((row.get(0)?, row.get(1)?)))
}

fn forget_numbers(tx: &Transaction<'_>) -> Result<()> {
    let sql = match tx.link() {
        Link::Sqlite(_) => "DELETE FROM sqlite_sequence",
        Link::Postgres(_) => "UPDATE numbers SET last = 0",
    };
    tx.change(sql, params! {})
}

fn set_number(tx: &Transaction<'_>, table: &str, last: i64) -> Result<()> {
    let params = params! { ":table": table, ":last": last };
    match tx.link() {
        Link::Sqlite(_) => {
            let sql = "UPDATE sqlite_sequence SET seq = :last WHERE name = :table";
            if tx.execute(sql, params)? == 0 {
                tx.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)",
                    params,
                )?;
            }
        }
        Link::Postgres(_) => {
            tx.execute("UPDATE numbers SET last = :last WHERE of = :table", params)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_is_forgotten() {
        let model = migrations::model(CURRENT).unwrap();
        let mut tables: Vec<String> = model
            .all(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                params! {},
                |row| row.get(0),
            )
            .unwrap();
        tables.sort();
        let mut copied = TABLES.to_vec();
        copied.sort_unstable();
        assert_eq!(tables, copied);
        assert!(
            columns()
                .unwrap()
                .iter()
                .all(|(_, columns)| !columns.is_empty())
        );
    }
}
