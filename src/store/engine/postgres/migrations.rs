//! The numbered steps that make and upgrade the tables on a server. Their numbers are those of the steps
//! for SQLite, so a store is of the same version wherever it is.

use super::super::connection::{Connection, Transaction};
use super::super::sqlite::migrations::{CURRENT, newer};
use super::super::value::params;
use super::said::{is_missing_table, standby};
use crate::error::{Error, Kind, Result};

/// Every step by its number, in order; one that landed is never edited.
const STEPS: &[(i64, &str)] = &[
    (
        15,
        include_str!("../../../../migrations/postgres/0015_first.sql"),
    ),
    (
        16,
        include_str!("../../../../migrations/postgres/0016_slow.sql"),
    ),
    (
        17,
        include_str!("../../../../migrations/postgres/0017_slow_index.sql"),
    ),
];

/// Held while tables are made: "RCOD".
const LOCK: i64 = 0x5243_4F44;

/// The version of the tables in the schema that a connection sees, and where everything is if it was
/// moved; none where there are no tables.
///
/// # Errors
/// [`Kind::Unreachable`] for a standby; [`Kind::NewerStore`]; [`Kind::DamagedStore`] for somebody else's tables.
pub(super) fn found(connection: &Connection) -> Result<Option<(i64, Option<String>)>> {
    let sql = "SELECT number, (SELECT moved_to FROM store WHERE id = 1), pg_is_in_recovery() FROM version";
    let found = connection.maybe(sql, params! {}, |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    });
    let (version, moved_to, is_standby): (i64, _, bool) = match found {
        Err(error) if is_missing_table(&error) && !has_versions(connection)? => return Ok(None),
        Err(error) if is_missing_table(&error) => return Err(no_store().because(error)),
        found => found?.ok_or_else(no_store)?,
    };
    // What it has may be old.
    if is_standby {
        return Err(standby());
    }
    match version > CURRENT {
        true => Err(newer(version)),
        false => Ok(Some((version, moved_to))),
    }
}

fn has_versions(connection: &Connection) -> Result<bool> {
    connection.exists(
        "SELECT 1 WHERE to_regclass('version') IS NOT NULL",
        params! {},
    )
}

fn no_store() -> Error {
    Error::new(
        Kind::DamagedStore,
        "the database has tables, but not those of a store",
    )
    .hint("name another database with --store, or put a backup in its place")
}

/// Makes the tables or upgrades them; whoever comes at the same moment waits. Says whether there were none.
pub(super) fn apply(tx: &Transaction<'_>) -> Result<bool> {
    let link = tx.postgres()?;
    link.batch(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
    let version = match has_versions(tx)? {
        true => found(tx)?.map(|(version, _)| version),
        false => None,
    };
    for (_, step) in STEPS.iter().filter(|(number, _)| Some(*number) > version) {
        link.batch(step)?;
    }
    tx.execute("DELETE FROM version", params! {})?;
    tx.execute(
        "INSERT INTO version (number) VALUES (:version)",
        params! { ":version": CURRENT },
    )?;
    Ok(version.is_none())
}
