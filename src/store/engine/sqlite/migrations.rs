//! The numbered steps that make and upgrade the tables; `user_version` says which are done.

use super::super::connection::{Connection, Transaction};
use super::super::value::params;
use super::handle::in_file;

use crate::error::{Error, Kind, Result};

/// Marks the file as ours in SQLite's header: "RCOD".
const APPLICATION_ID: i64 = 0x5243_4F44;

/// Every step in order; one that landed is never edited.
const STEPS: &[&str] = &[
    include_str!("../../../../migrations/0001_initial.sql"),
    include_str!("../../../../migrations/0002_delivery.sql"),
    include_str!("../../../../migrations/0003_cleaning.sql"),
    include_str!("../../../../migrations/0004_imported.sql"),
    include_str!("../../../../migrations/0005_marks.sql"),
    include_str!("../../../../migrations/0006_turns.sql"),
    include_str!("../../../../migrations/0007_seals.sql"),
    include_str!("../../../../migrations/0008_sources.sql"),
    include_str!("../../../../migrations/0009_reminders.sql"),
    include_str!("../../../../migrations/0010_temporary.sql"),
    include_str!("../../../../migrations/0011_languages.sql"),
    include_str!("../../../../migrations/0012_weak.sql"),
    include_str!("../../../../migrations/0013_history.sql"),
    include_str!("../../../../migrations/0014_moved.sql"),
    include_str!("../../../../migrations/0015_totals.sql"),
    include_str!("../../../../migrations/0016_slow.sql"),
    include_str!("../../../../migrations/0017_slow_index.sql"),
];

/// The version this program writes.
pub const CURRENT: i64 = STEPS.len() as i64;

/// The version the file is at.
///
/// # Errors
/// [`Kind::DamagedStore`] for somebody else's database, [`Kind::NewerStore`] for a store of a
/// later version of this program.
pub fn version(connection: &Connection) -> Result<i64> {
    let (application, version): (i64, i64) = connection.one(
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)",
        params! {},
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if application != APPLICATION_ID || version < 1 {
        return Err(Error::new(
            Kind::DamagedStore,
            "the file is not a store of recovery codes, or its beginning is lost",
        )
        .hint("choose another --store, or put a backup in its place"));
    }
    if version > CURRENT {
        return Err(newer(version));
    }
    Ok(version)
}

/// The error for a store of a later version of this program.
pub(in crate::store::engine) fn newer(version: i64) -> Error {
    Error::new(
        Kind::NewerStore,
        format!("the store was made by a newer version of this program (format {version}, this one knows {CURRENT})"),
    )
    .hint("install the newer version; an older one must not touch the store")
}

/// Does the steps after `from`, all in this transaction.
pub fn apply(tx: &Transaction<'_>, from: i64) -> Result<()> {
    step(tx, from, CURRENT)
}

/// An empty store in memory, as this program made it at that version.
pub fn model(version: i64) -> Result<Connection> {
    let connection = in_file(rusqlite::Connection::open_in_memory()?);
    step(&connection, 0, version)?;
    Ok(connection)
}

fn step(connection: &Connection, from: i64, to: i64) -> Result<()> {
    let [done, all] = [from, to].map(|version| usize::try_from(version).unwrap_or(0));
    let sqlite = connection.sqlite()?;
    for step in &STEPS[done..all] {
        sqlite.execute_batch(step)?;
    }
    sqlite.pragma_update(None, "application_id", APPLICATION_ID)?;
    sqlite.pragma_update(None, "user_version", to)?;
    Ok(())
}
