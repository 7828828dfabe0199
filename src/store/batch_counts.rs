//! The counts in table `batches`: how many codes of each became what. They are history and stay
//! when rows are gone.

use super::engine::{Connection, Transaction, params};
use super::totals;

use crate::error::Result;
use crate::model::id::{BatchId, BatchName};
use crate::model::state::{BatchState, CodeState};
use crate::model::time::Timestamp;

/// Counts codes of a batch, which is in this state, that went from one state to another.
pub fn count_moved(
    tx: &Transaction<'_>,
    (id, state): (BatchId, BatchState),
    (from, to): (CodeState, CodeState),
    codes: u64,
    now: Timestamp,
) -> Result<()> {
    if codes == 0 {
        return Ok(());
    }
    let mut changes = vec!["changed_at = :now".to_owned()];
    if let Some(column) = counter(from) {
        changes.push(format!("{column} = {column} - :codes"));
    }
    if let Some(column) = counter(to) {
        changes.push(format!("{column} = {column} + :codes"));
        changes
            .push("dead_from = CASE WHEN dead_from < :now THEN dead_from ELSE :now END".to_owned());
    }
    let sql = format!("UPDATE batches SET {} WHERE id = :id", changes.join(", "));
    tx.change(&sql, params! { ":id": id, ":codes": codes, ":now": now })?;
    if !matches!(state, BatchState::Active | BatchState::Pending) {
        let codes = i64::try_from(codes).unwrap_or(i64::MAX);
        for (column, codes) in [(counter(from), -codes), (counter(to), codes)] {
            if let Some(column) = column {
                totals::count(tx, column, codes)?;
            }
        }
    }
    Ok(())
}

/// Takes the rows of a batch out of the counts of what is there: `rows` were purged, and none
/// is left. The batch is over already.
pub fn count_purged(tx: &Transaction<'_>, id: BatchId, rows: u64, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE batches SET purged = purged + :rows, dead_from = NULL, state = 'purged', changed_at = :now
         WHERE id = :id",
        params! { ":id": id, ":rows": rows, ":now": now },
    )?;
    totals::count(tx, "purged", i64::try_from(rows).unwrap_or(i64::MAX))
}

/// The column that counts codes in this state; active ones are those that are left.
fn counter(state: CodeState) -> Option<&'static str> {
    match state {
        CodeState::Active => None,
        CodeState::Used => Some("used"),
        CodeState::Invalidated => Some("invalidated"),
        CodeState::Deleted => Some("deleted"),
    }
}

/// Batches whose counts do not agree with their rows, `most` at the most, among all or the newest.
pub fn miscounted(
    connection: &Connection,
    newest: Option<u64>,
    most: u64,
) -> Result<Vec<BatchName>> {
    let which = match newest {
        Some(newest) => format!("WHERE b.id > (SELECT MAX(id) FROM batches) - {newest}"),
        None => String::new(),
    };
    let sql = format!(
        "SELECT b.name FROM batches b LEFT JOIN codes c ON c.batch_id = b.id {which} GROUP BY b.id
         HAVING COUNT(c.position) <> b.issued - b.purged
             OR (b.purged = 0 AND (
                    COUNT(*) FILTER (WHERE c.state = 'used') <> b.used
                 OR COUNT(*) FILTER (WHERE c.state = 'invalidated') <> b.invalidated
                 OR COUNT(*) FILTER (WHERE c.state = 'deleted') <> b.deleted))
         LIMIT :most"
    );
    connection.all(&sql, params! { ":most": most }, |row| row.get(0))
}
