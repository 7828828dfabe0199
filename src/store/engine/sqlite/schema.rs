//! Tables, indexes and triggers: those that this program makes, against those that there are.

use std::collections::BTreeMap;

use rusqlite::TransactionBehavior;

use super::super::connection::Connection;
use super::super::difference::{Difference, How};
use super::super::value::params;
use super::link::SchemaRow;
use super::migrations;
use crate::error::{Kind, Result};

/// What this version makes, as [`as_made`] writes it; a test keeps it.
const AS_MADE: &str = include_str!("../../../../migrations/schema.txt");

/// Whether nothing differs from what this version makes. It costs less than to name what does.
///
/// What SQLite read of it before may since have been changed behind its back. So it reads it anew, in the
/// transaction that sees everything else, unless it is known to hold what is there: the rows are those that
/// it read last, and it read none since.
pub fn is_as_made(connection: &Connection) -> Result<bool> {
    let link = connection.file()?;
    let is_known = match link.has_read(SCHEMA) {
        Ok(is_known) => is_known,
        // SQLite cannot make sense of it.
        Err(error) if error.kind() == Kind::DamagedStore => false,
        Err(error) => return Err(error),
    };
    if is_known {
        return Ok(true);
    }
    link.inner()
        .execute_batch("PRAGMA writable_schema = RESET")?;
    match link.read_anew(SCHEMA, is_made_of) {
        Ok(is_as_made) => Ok(is_as_made),
        Err(error) if error.kind() == Kind::DamagedStore => Ok(false),
        Err(error) => Err(error),
    }
}

/// Has the schema read before anything else is asked, so that the first deed can compare it without having it
/// read anew: in one transaction, which has begun to read before, with the rows that are remembered.
/// What is wrong with it is said by whoever asks for something.
pub(super) fn know(connection: &Connection) -> Result<()> {
    let sqlite = connection.sqlite()?;
    let tx = rusqlite::Transaction::new_unchecked(sqlite, TransactionBehavior::Deferred)?;
    let has_begun = tx.pragma_query_value(None, "user_version", |_| Ok(()));
    if has_begun.is_ok() {
        let _ = is_as_made(connection);
    }
    Ok(())
}

/// Whether these are the rows that this version makes.
fn is_made_of(rows: &[SchemaRow]) -> bool {
    let mut found: Vec<[&str; 4]> = rows
        .iter()
        .map(|[kind, name, table, _, sql]| {
            [kind, name, table, sql].map(|part| part.as_deref().unwrap_or_default())
        })
        .collect();
    found.sort_unstable();
    let found = found.into_iter().map(|[kind, name, table, sql]| {
        let sql = (!sql.is_empty()).then_some(sql);
        line(kind, name, table, sql)
    });
    found.eq(AS_MADE.lines())
}

/// What this version makes: a line for each table, index and trigger.
pub fn as_made() -> Result<String> {
    let mut text = String::new();
    for ((kind, name), (table, sql)) in read(&migrations::model(migrations::CURRENT)?)? {
        text.push_str(&line(&kind, &name, &table, sql.as_deref()));
        text.push('\n');
    }
    Ok(text)
}

fn line(kind: &str, name: &str, table: &str, sql: Option<&str>) -> String {
    let mut line = String::with_capacity(1024);
    for part in [kind, name, "of", table] {
        // A name that holds a space is none of ours, and must not look like two that are.
        line.extend(
            part.chars()
                .map(|c| if c.is_whitespace() { '?' } else { c }),
        );
        line.push(' ');
    }
    push_without_layout(&mut line, sql.unwrap_or(BY_ITSELF));
    line
}

/// What SQLite makes by itself has no text.
const BY_ITSELF: &str = "by itself";

/// Everything there is, but not what ANALYZE notes: that changes no answer.
const SCHEMA: &str = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema
     WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')
                AND sql IN ('CREATE TABLE sqlite_stat1(tbl,idx,stat)',
                            'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)'))";

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
    let rows = connection.all(SCHEMA, params! {}, |row| {
        let text: Option<String> = row.get(4)?;
        let text = text.map(|sql| {
            let mut text = String::with_capacity(sql.len());
            push_without_layout(&mut text, &sql);
            text
        });
        Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, text)))
    })?;
    Ok(rows.into_iter().collect())
}

/// A text with single spaces and without comments: SQLite moves spaces when it changes a table. What
/// stands in quotes is kept as it is, so that nothing can hide behind a comment that is none.
fn push_without_layout(text: &mut String, sql: &str) {
    let mut rest = sql.trim();
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(closing) = closing(c) {
            let end = rest[c.len_utf8()..].find(closing);
            let end = end.map_or(rest.len(), |end| end + 2);
            text.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        } else if c.is_whitespace() {
            c.len_utf8()
        } else {
            let first = c.len_utf8();
            // Whatever is not ASCII may be a space; a character begins with it, or is looked at from its
            // beginning.
            let end = rest.bytes().skip(first).position(may_end);
            let (plain, behind) = rest.split_at(end.map_or(rest.len(), |end| first + end));
            text.push_str(plain);
            rest = behind;
            continue;
        };
        if !text.ends_with(' ') {
            text.push(' ');
        }
        rest = &rest[length..];
    }
}

/// Whether what stands as it is may end before this byte.
fn may_end(byte: u8) -> bool {
    matches!(byte, b'-' | b'/' | b'\'' | b'"' | b'`' | b'[' | b'\t'..=b'\r' | b' ' | 0x80..)
}

/// What ends a text or a name that this character begins.
fn closing(c: char) -> Option<char> {
    match c {
        '\'' | '"' | '`' => Some(c),
        '[' => Some(']'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::TransactionBehavior;

    use super::super::connect::{Purpose, connect, connect_for};
    use super::*;

    fn after(sql: &str) -> Vec<String> {
        let connection = migrations::model(migrations::CURRENT).unwrap();
        connection.sqlite().unwrap().execute_batch(sql).unwrap();
        let differences = differences(&connection).unwrap();
        assert_eq!(
            is_as_made(&connection).unwrap(),
            differences.is_empty(),
            "{sql}"
        );
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
            // No comment: it stands in a text.
            (
                "DROP TRIGGER audit_is_never_changed;
                 CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
                 BEGIN
                     SELECT RAISE(ABORT, 'an --'); UPDATE users SET state = 'active'; SELECT ('
                     audit entry is never changed');
                 END",
                "the trigger 'audit_is_never_changed' is not what this program made it",
            ),
        ] {
            assert!(after(sql).contains(&message.to_owned()), "{sql}");
        }
    }

    /// Rows can be changed without SQLite's notice, also while it reads them, and put back before they are
    /// compared; then what it read is not what is there.
    #[test]
    fn only_what_it_read_itself_is_taken_as_known() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("s.db");
        let model = migrations::model(migrations::CURRENT).unwrap();
        let model = model.sqlite().unwrap();
        model
            .execute("VACUUM INTO ?1", [path.to_str().unwrap()])
            .unwrap();
        let mut ours = connect(&path).unwrap();
        let look = |ours: &mut Connection| {
            let tx = ours.begin(TransactionBehavior::Immediate).unwrap();
            let is_known = tx.file().unwrap().has_read(SCHEMA).unwrap();
            assert!(is_as_made(&tx).unwrap());
            is_known
        };
        let other = rusqlite::Connection::open(&path).unwrap();
        let swap = || {
            let swap = "PRAGMA writable_schema = ON;
                 UPDATE sqlite_schema SET rootpage = (SELECT sum(rootpage) FROM sqlite_schema WHERE name IN ('users', 'codes')) - rootpage
                 WHERE name IN ('users', 'codes')";
            other.execute_batch(swap).unwrap();
        };
        let number = |number: i64| {
            other.pragma_update(None, "schema_version", number).unwrap();
        };
        let read = |ours: &Connection| ours.exists("SELECT 1 FROM users", params! {}).is_ok();
        assert!(!look(&mut ours));
        assert!(look(&mut ours) && look(&mut ours));
        swap();
        assert!(!look(&mut ours) && look(&mut ours));
        swap();
        assert!(!look(&mut ours) && look(&mut ours));
        // Who opens it for deeds knows what was there then.
        let mut new = connect_for(&path, Purpose::Deeds).unwrap();
        assert!(look(&mut new) && look(&mut new));
        let mut new = connect_for(&path, Purpose::Deeds).unwrap();
        swap();
        assert!(!look(&mut new) && look(&mut new));
        swap();
        // As it is now, and with this number, it is known.
        let now = other
            .query_row("PRAGMA schema_version", [], |row| row.get(0))
            .unwrap();
        swap();
        for number_of in [now + 1, now] {
            number(number_of);
            let _ = read(&ours);
        }
        swap();
        assert!(!look(&mut ours) && look(&mut ours));
    }

    #[test]
    fn an_older_store_is_compared_with_its_own_version() {
        let old = migrations::model(1).unwrap();
        assert_eq!(differences(&old).unwrap(), []);
    }
}
