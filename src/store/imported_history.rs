//! Table `imported_history`: what another system kept in its logs.

use super::engine::{Connection, Row, Transaction, params};
use super::paging::{Asked, Filter};
use crate::error::Result;
use crate::model::django::{ImportedEntry, ImportedLog};
use crate::model::page::{Page, PageRequest};
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;

/// Adds a line that did not come before; says whether it is new.
pub fn insert(tx: &Transaction<'_>, from: Elsewhere, entry: &ImportedEntry) -> Result<bool> {
    let added = tx.execute(
        "INSERT INTO imported_history (imported_from, log, number, at, actor, action, \"user\", batch, details)
         VALUES (:from, :log, :number, :at, :actor, :action, :user, :batch, :details)
         ON CONFLICT (imported_from, log, number) DO NOTHING",
        params! {
            ":from": from, ":log": entry.log, ":number": entry.number, ":at": entry.at,
            ":actor": entry.actor, ":action": entry.action, ":user": entry.user,
            ":batch": entry.batch, ":details": entry.details,
        },
    )?;
    Ok(added == 1)
}

/// Whether this line came before.
pub fn contains(
    connection: &Connection,
    from: Elsewhere,
    (log, number): (ImportedLog, i64),
) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM imported_history
         WHERE imported_from = :from AND log = :log AND number = :number",
        params! { ":from": from, ":log": log, ":number": number },
    )
}

fn read(row: Row<'_>) -> Result<(Elsewhere, ImportedEntry)> {
    let entry = ImportedEntry {
        log: row.get(1)?,
        number: row.get(2)?,
        at: row.get(3)?,
        actor: row.get(4)?,
        action: row.get(5)?,
        user: row.get(6)?,
        batch: row.get(7)?,
        details: row.get(8)?,
    };
    Ok((row.get(0)?, entry))
}

/// One page of a log, newest first, and from where each line is; of a user and of an action as they are
/// called there.
pub fn list(
    connection: &Connection,
    log: ImportedLog,
    filter: &Filter<String>,
    request: PageRequest,
) -> Result<Page<(Elsewhere, ImportedEntry)>> {
    let log = Some(log);
    let asked = Asked::default()
        .only("log = :log", ":log", &log)
        .only("\"user\" = :user", ":user", &filter.user)
        .fitting(filter, "action = :action");
    let total = asked.count(connection, "imported_history")?;
    let sql = format!(
        "SELECT imported_from, log, number, at, actor, action, \"user\", batch, details
         FROM imported_history {} ORDER BY at DESC, id DESC LIMIT :size OFFSET :offset",
        asked.filter()
    );
    asked.page(connection, &sql, (request, total), read)
}

/// How many lines are older than `cutoff`.
pub fn count_before(connection: &Connection, cutoff: Timestamp) -> Result<u64> {
    connection.value(
        "SELECT COUNT(*) FROM imported_history WHERE at < :cutoff",
        params! { ":cutoff": cutoff },
    )
}

/// Deletes lines older than `cutoff`, at most `most`; says how many.
pub fn delete_before(tx: &Transaction<'_>, cutoff: Timestamp, most: u64) -> Result<u64> {
    tx.execute(
        "DELETE FROM imported_history WHERE id IN
             (SELECT id FROM imported_history WHERE at < :cutoff ORDER BY id LIMIT :most)",
        params! { ":cutoff": cutoff, ":most": most },
    )
}
