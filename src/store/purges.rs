//! Tables `purges` and `purged_batches`.

use super::engine::value::Params;
use super::engine::{Connection, Transaction, params, row};
use super::paging::{Asked, Filter, Log};

use super::together::{IDS, and_ids};
use crate::error::{Error, Kind, Result};
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

/// Refuses to go on with a run that the store does not know as it is told: its chunks were not waited for, and
/// another server may have come in the place of the one that had them.
///
/// # Errors
/// [`Kind::InDoubt`].
pub fn require(connection: &Connection, id: PurgeId, (codes, batches): (u64, u64)) -> Result<()> {
    let is_there = connection.exists(
        "SELECT 1 FROM purges WHERE id = :id AND codes = :codes AND batches = :batches",
        params! { ":id": id, ":codes": codes, ":batches": batches },
    )?;
    if is_there {
        return Ok(());
    }
    Err(Error::new(
        Kind::InDoubt,
        "some of what was purged is there again: the store is not the one that it was purged from",
    )
    .hint(
        "run it again; look which server is the primary, and what `recovery-codes log purges` says",
    ))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::location::Location;
    use crate::model::time::from_millis;
    use crate::store::{Store, meta};

    #[test]
    fn a_run_that_was_undone_is_not_told_as_done() {
        let place = tempfile::tempdir().unwrap();
        let location = Location::File(place.path().join("s.db"));
        let made = Store::open_or_create(&location, |tx| meta::insert(tx, from_millis(0)));
        let mut store = made.unwrap().0;
        let run = store.write_early(|tx| insert(tx, from_millis(0), "root", None, 90));
        let run = run.unwrap();
        require(store.read(), run, (0, 0)).unwrap();
        for (run, told) in [(run, (10, 1)), (PurgeId(run.0 + 1), (0, 0))] {
            let refused = require(store.read(), run, told).unwrap_err();
            assert_eq!(refused.kind(), Kind::InDoubt);
        }
    }
}
