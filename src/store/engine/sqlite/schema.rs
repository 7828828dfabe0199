//! Tables, indexes and triggers: those that this program makes, against those that there are.

use std::collections::BTreeMap;

use super::super::connection::Connection;
use super::super::value::params;
use super::migrations;
use crate::error::Result;
use crate::model::user::quote;

/// A table, index, trigger or view that is not as this program makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `table`, `index`, `trigger` or `view`.
    pub kind: String,
    pub name: String,
    pub how: How,
}

/// In what it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Missing,
    Changed,
    /// This program makes none of that name.
    Foreign,
}

impl Difference {
    /// What is wrong, as a clause.
    pub fn message(&self) -> String {
        let (kind, name) = (&self.kind, quote(&self.name));
        match self.how {
            How::Missing => format!("the {kind} {name} is missing"),
            How::Changed => format!("the {kind} {name} is not what this program made it"),
            How::Foreign => format!("the {kind} {name} was not made by this program"),
        }
    }
}

/// What this version makes, as [`as_made`] writes it; a test keeps it.
const AS_MADE: &str = include_str!("../../../../migrations/schema.txt");

/// Whether nothing differs from what this version makes. It costs less than to name what does.
pub fn is_as_made(connection: &Connection) -> Result<bool> {
    Ok(text(&read(connection)?) == AS_MADE)
}

/// What this version makes: a line for each table, index and trigger.
pub fn as_made() -> Result<String> {
    Ok(text(&read(&migrations::model(migrations::CURRENT)?)?))
}

fn text(schema: &Schema) -> String {
    let mut text = String::with_capacity(AS_MADE.len());
    for ((kind, name), (table, sql)) in schema {
        let sql = sql.as_deref().unwrap_or("by itself");
        for part in [kind, " ", name, " of ", table, ": ", sql, "\n"] {
            text.push_str(part);
        }
    }
    text
}

type Schema = BTreeMap<(String, String), (String, Option<String>)>;

/// Everything that differs from what the migrations up to the store's version make.
///
/// # Errors
/// As [`migrations::version`].
pub fn differences(connection: &Connection) -> Result<Vec<Difference>> {
    let made = read(&migrations::model(migrations::version(connection)?)?)?;
    let found = read(connection)?;
    let of = |(kind, name): &(String, String), how| Difference {
        kind: kind.clone(),
        name: name.clone(),
        how,
    };
    let wrong = made.iter().filter_map(|(key, text)| match found.get(key) {
        None => Some(of(key, How::Missing)),
        Some(other) if other != text => Some(of(key, How::Changed)),
        Some(_) => None,
    });
    let foreign = found
        .keys()
        .filter(|key| !made.contains_key(*key))
        .map(|key| of(key, How::Foreign));
    Ok(wrong.chain(foreign).collect())
}

fn read(connection: &Connection) -> Result<Schema> {
    // What ANALYZE notes changes no answer.
    let rows = connection.all(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema
         WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))",
        params! {},
        |row| {
            let text: Option<String> = row.get(3)?;
            let text = text.as_deref().map(without_layout);
            Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, text)))
        },
    )?;
    Ok(rows.into_iter().collect())
}

/// A text with single spaces and without comments: SQLite moves spaces when it changes a table.
/// Line by line, so that nothing that counts can hide behind a comment.
fn without_layout(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(before, _)| before));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(sql: &str) -> Vec<String> {
        let connection = migrations::model(migrations::CURRENT).unwrap();
        connection.sqlite().execute_batch(sql).unwrap();
        let differences = differences(&connection).unwrap();
        differences.iter().map(Difference::message).collect()
    }

    #[test]
    fn whatever_is_not_as_it_was_made_is_found() {
        assert_eq!(after("ANALYZE"), [""; 0]);
        for (sql, message) in [
            ("DROP TABLE mail_log", "the table 'mail_log' is missing"),
            (
                "DROP TRIGGER audit_is_never_changed",
                "the trigger 'audit_is_never_changed' is missing",
            ),
            (
                "DROP INDEX batches_one_active;
                 CREATE INDEX batches_one_active ON batches (user_id) WHERE state = 'active'",
                "the index 'batches_one_active' is not what this program made it",
            ),
            (
                "ALTER TABLE users ADD COLUMN x TEXT",
                "the table 'users' is not what this program made it",
            ),
            (
                "CREATE TRIGGER t AFTER UPDATE ON codes BEGIN SELECT 1; END",
                "the trigger 't' was not made by this program",
            ),
            (
                "CREATE INDEX i ON codes (state)",
                "the index 'i' was not made by this program",
            ),
            (
                "CREATE VIEW v AS SELECT 1",
                "the view 'v' was not made by this program",
            ),
            (
                "PRAGMA writable_schema = ON;
                 INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES
                     ('trigger', 'sqlite_stat_x', 'codes', 0,
                      'CREATE TRIGGER sqlite_stat_x AFTER UPDATE ON codes BEGIN SELECT 1; END')",
                "the trigger 'sqlite_stat_x' was not made by this program",
            ),
            (
                "PRAGMA writable_schema = ON;
                 UPDATE sqlite_schema SET sql = replace(sql, char(10), ' ') WHERE name = 'batches'",
                "the table 'batches' is not what this program made it",
            ),
        ] {
            assert!(after(sql).contains(&message.to_owned()), "{sql}");
        }
    }

    #[test]
    fn an_older_store_is_compared_with_its_own_version() {
        let old = migrations::model(1).unwrap();
        assert_eq!(differences(&old).unwrap(), []);
    }
}
