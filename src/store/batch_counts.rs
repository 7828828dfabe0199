//! The counts in table `batches`: how many codes of each became what. They are history and stay
//! when rows are gone.

use super::engine::{Connection, Transaction, params};

use crate::error::Result;
use crate::model::id::{BatchId, BatchName};
use crate::model::state::CodeState;
use crate::model::time::Timestamp;

/// Counts codes of a batch that went from one state to another.
pub fn count_moved(
    tx: &Transaction<'_>,
    id: BatchId,
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
    Ok(())
}

/// Takes the rows of a batch out of the counts of what is there: `rows` were purged, and none
/// is left.
pub fn count_purged(tx: &Transaction<'_>, id: BatchId, rows: u64, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE batches SET purged = purged + :rows, dead_from = NULL, state = 'purged', changed_at = :now
         WHERE id = :id",
        params! { ":id": id, ":rows": rows, ":now": now },
    )?;
    Ok(())
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

/// Codes of all batches by what became of them; of the active ones only those that work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    pub batches: u64,
    pub issued: u64,
    pub active: u64,
    pub expired: u64,
    /// Of an epoch before the last restore.
    pub outdated: u64,
    pub used: u64,
    pub invalidated: u64,
    pub deleted: u64,
    pub purged: u64,
}

/// Adds up the counts of all batches.
pub fn totals(connection: &Connection, now: Timestamp) -> Result<Totals> {
    connection.one(
        "SELECT COUNT(*), COALESCE(SUM(issued), 0),
                COALESCE(SUM(CASE WHEN state IN ('active', 'pending') AND (expires_at IS NULL OR expires_at > :now)
                    AND epoch >= (SELECT epoch FROM store)
                    THEN issued - used - invalidated - deleted ELSE 0 END), 0),
                COALESCE(SUM(CASE WHEN state IN ('active', 'pending') AND expires_at <= :now
                    THEN issued - used - invalidated - deleted ELSE 0 END), 0),
                COALESCE(SUM(CASE WHEN state IN ('active', 'pending') AND (expires_at IS NULL OR expires_at > :now)
                    AND epoch < (SELECT epoch FROM store)
                    THEN issued - used - invalidated - deleted ELSE 0 END), 0),
                COALESCE(SUM(used), 0), COALESCE(SUM(invalidated), 0),
                COALESCE(SUM(deleted), 0), COALESCE(SUM(purged), 0)
         FROM batches",
        params! { ":now": now },
        |row| {
            Ok(Totals {
                batches: row.get(0)?,
                issued: row.get(1)?,
                active: row.get(2)?,
                expired: row.get(3)?,
                outdated: row.get(4)?,
                used: row.get(5)?,
                invalidated: row.get(6)?,
                deleted: row.get(7)?,
                purged: row.get(8)?,
            })
        },
    )
}

/// Batches whose counts do not agree with their rows, `most` at the most.
pub fn miscounted(connection: &Connection, most: u64) -> Result<Vec<BatchName>> {
    connection.all(
        "SELECT b.name FROM batches b LEFT JOIN codes c ON c.batch_id = b.id GROUP BY b.id
         HAVING COUNT(c.position) <> b.issued - b.purged
             OR (b.purged = 0 AND (
                    COUNT(*) FILTER (WHERE c.state = 'used') <> b.used
                 OR COUNT(*) FILTER (WHERE c.state = 'invalidated') <> b.invalidated
                 OR COUNT(*) FILTER (WHERE c.state = 'deleted') <> b.deleted))
         LIMIT :most",
        params! { ":most": most },
        |row| row.get(0),
    )
}
