//! Tables `purges` and `purged_batches`.

use super::engine::value::Params;
use super::engine::{Connection, Transaction, params, row};
use super::paging::{Asked, Filter, Log};

use super::together::{IDS, and_ids};
use crate::error::Result;
use crate::model::id::{BatchName, PurgeId, UserId};
use crate::model::page::{Page, PageRequest};
use crate::model::time::Timestamp;

row! {
    "";
    /// One row of `purges`.
    #[derive(Clone, Debug)]
    pub struct Purge {
        pub id: PurgeId,
        pub at: Timestamp,
        pub actor: String,
        /// The schedule whose run it was.
        pub schedule: Option<String>,
        pub retention_days: u64,
        pub codes: u64,
        pub batches: u64,
        /// None while it runs, and for ever if it was interrupted.
        pub finished_at: Option<Timestamp>,
    }
}

/// The table.
pub const LOG: Log = Log {
    table: "purges",
    columns: Purge::COLUMNS,
    key: "id",
};

/// Notes how many codes of a batch a run took; says whether it is the run's first of it.
pub(super) fn note(tx: &Transaction<'_>, run: PurgeId, batch: i64, codes: u64) -> Result<bool> {
    let added = tx.execute(
        "INSERT INTO purged_batches (purge_id, batch_id, codes) VALUES (:run, :batch, :codes)
         ON CONFLICT (purge_id, batch_id) DO NOTHING",
        params! { ":run": run, ":batch": batch, ":codes": codes },
    )?;
    if added == 0 {
        tx.change(
            "UPDATE purged_batches SET codes = codes + :codes
             WHERE purge_id = :run AND batch_id = :batch",
            params! { ":run": run, ":batch": batch, ":codes": codes },
        )?;
    }
    Ok(added == 1)
}

/// Notes under the run that these batches lost all the rows they had.
pub(super) fn note_emptied(tx: &Transaction<'_>, run: PurgeId, ids: &[i64]) -> Result<()> {
    tx.change(
        &format!(
            "INSERT INTO purged_batches (purge_id, batch_id, codes)
             SELECT ?1, id, issued - purged FROM batches WHERE id IN ({IDS})",
            IDS = *IDS
        ),
        Params::Numbered(&and_ids(run.0, ids)),
    )?;
    Ok(())
}

/// Begins a run.
pub fn insert(
    tx: &Transaction<'_>,
    now: Timestamp,
    actor: &str,
    schedule: Option<&str>,
    retention_days: u64,
) -> Result<PurgeId> {
    tx.value(
        "INSERT INTO purges (at, actor, schedule, retention_days) VALUES (:now, :actor, :schedule, :days)
         RETURNING id",
        params! {
            ":now": now, ":actor": actor, ":schedule": schedule, ":days": retention_days,
        })
}

/// Ends a run.
pub fn finish(tx: &Transaction<'_>, id: PurgeId, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE purges SET finished_at = :now WHERE id = :id",
        params! { ":id": id, ":now": now },
    )?;
    Ok(())
}

/// The run with this number.
pub fn by_id(connection: &Connection, id: PurgeId) -> Result<Option<Purge>> {
    connection.maybe(
        &format!("SELECT {} FROM purges WHERE id = :id", Purge::COLUMNS),
        params! { ":id": id },
        Purge::read,
    )
}

/// What a run took of one batch.
#[derive(Clone, Debug)]
pub struct PurgedBatch {
    pub user: String,
    pub batch: BatchName,
    pub codes: u64,
}

/// What a run took, batch by batch, one page in the order of the batches.
pub fn batches(
    connection: &Connection,
    run: PurgeId,
    request: PageRequest,
) -> Result<Page<PurgedBatch>> {
    let total = connection.value(
        "SELECT COUNT(*) FROM purged_batches WHERE purge_id = :run",
        params! { ":run": run },
    )?;
    let items = connection.all(
        "SELECT COALESCE(u.name, '-'), COALESCE(b.name, '-'), p.codes FROM purged_batches p
         LEFT JOIN batches b ON b.id = p.batch_id LEFT JOIN users u ON u.id = b.user_id
         WHERE p.purge_id = :run ORDER BY p.batch_id LIMIT :size OFFSET :offset",
        params! { ":run": run, ":size": request.size, ":offset": request.offset() },
        |row| {
            Ok(PurgedBatch {
                user: row.get(0)?,
                batch: row.get(1)?,
                codes: row.get(2)?,
            })
        },
    )?;
    Ok(Page::new(items, request, total))
}

/// One page of runs, newest first; of those that took codes of a user, of a schedule, or
/// `interrupted`.
pub fn list(
    connection: &Connection,
    filter: &Filter<UserId>,
    request: PageRequest,
) -> Result<Page<Purge>> {
    let asked = Asked::default()
        .only(
            "id IN (SELECT p.purge_id FROM purged_batches p JOIN batches b ON b.id = p.batch_id
                    WHERE b.user_id = :user)",
            ":user",
            &filter.user,
        )
        .fitting(
            filter,
            "(schedule = :action OR (:action = 'interrupted' AND finished_at IS NULL))",
        );
    LOG.newest_first(connection, asked, request, Purge::read)
}
