//! Tables `purges` and `purged_batches`.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params, params_from_iter};

use super::together::{IDS, and_ids};
use crate::error::Result;
use crate::model::id::{BatchName, PurgeId, UserId};
use crate::model::page::{Page, PageRequest};
use crate::model::time::{Timestamp, from_millis};

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

impl Purge {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: PurgeId(row.get(0)?),
            at: from_millis(row.get(1)?),
            actor: row.get(2)?,
            schedule: row.get(3)?,
            retention_days: row.get(4)?,
            codes: row.get(5)?,
            batches: row.get(6)?,
            finished_at: row.get::<_, Option<i64>>(7)?.map(from_millis),
        })
    }
}

/// Notes how many codes of a batch a run took; says whether it is the run's first of it.
pub(super) fn note(tx: &Transaction<'_>, run: PurgeId, batch: i64, codes: u64) -> Result<bool> {
    let parameters = named_params! { ":run": run.0, ":batch": batch, ":codes": codes };
    let is_first = tx
        .prepare_cached(
            "INSERT INTO purged_batches (purge_id, batch_id, codes) VALUES (:run, :batch, :codes)
             ON CONFLICT (purge_id, batch_id) DO NOTHING",
        )?
        .execute(parameters)?
        == 1;
    if !is_first {
        tx.prepare_cached(
            "UPDATE purged_batches SET codes = codes + :codes
             WHERE purge_id = :run AND batch_id = :batch",
        )?
        .execute(parameters)?;
    }
    Ok(is_first)
}

/// Notes under the run that these batches lost all the rows they had.
pub(super) fn note_emptied(tx: &Transaction<'_>, run: PurgeId, ids: &[i64]) -> Result<()> {
    tx.prepare_cached(&format!(
        "INSERT INTO purged_batches (purge_id, batch_id, codes)
         SELECT ?1, id, issued - purged FROM batches WHERE id IN ({IDS})",
        IDS = *IDS
    ))?
    .execute(params_from_iter(and_ids(run.0, ids)))?;
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
    let id = tx.query_row(
        "INSERT INTO purges (at, actor, schedule, retention_days) VALUES (:now, :actor, :schedule, :days)
         RETURNING id",
        named_params! {
            ":now": now.as_millisecond(), ":actor": actor, ":schedule": schedule, ":days": retention_days,
        },
        |row| row.get(0),
    )?;
    Ok(PurgeId(id))
}

/// Ends a run.
pub fn finish(tx: &Transaction<'_>, id: PurgeId, now: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE purges SET finished_at = :now WHERE id = :id",
        named_params! { ":id": id.0, ":now": now.as_millisecond() },
    )?;
    Ok(())
}

/// The run with this number.
pub fn by_id(connection: &Connection, id: PurgeId) -> Result<Option<Purge>> {
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM purges WHERE id = :id"))?;
    Ok(statement
        .query_row(named_params! { ":id": id.0 }, Purge::from_row)
        .optional()?)
}

const COLUMNS: &str = "id, at, actor, schedule, retention_days, codes, batches, finished_at";

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
    let total = connection.query_row(
        "SELECT COUNT(*) FROM purged_batches WHERE purge_id = :run",
        named_params! { ":run": run.0 },
        |row| row.get(0),
    )?;
    let mut statement = connection.prepare(
        "SELECT COALESCE(u.name, '-'), COALESCE(b.name, '-'), p.codes FROM purged_batches p
         LEFT JOIN batches b ON b.id = p.batch_id LEFT JOIN users u ON u.id = b.user_id
         WHERE p.purge_id = :run ORDER BY p.batch_id LIMIT :size OFFSET :offset",
    )?;
    let items = statement
        .query_map(
            named_params! {
                ":run": run.0, ":size": request.size,
                ":offset": i64::try_from(request.offset()).unwrap_or(i64::MAX),
            },
            |row| {
                Ok(PurgedBatch {
                    user: row.get(0)?,
                    batch: BatchName::from_stored(row.get(1)?),
                    codes: row.get(2)?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Page::new(items, request, total))
}

/// Which runs a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those that took codes of this user.
    pub user: Option<UserId>,
    /// The name of a schedule, or `interrupted`.
    pub action: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// One page of runs, newest first.
pub fn list(connection: &Connection, filter: &Filter, request: PageRequest) -> Result<Page<Purge>> {
    let asked = super::paging::Asked::default()
        .only(
            "id IN (SELECT p.purge_id FROM purged_batches p JOIN batches b ON b.id = p.batch_id
                    WHERE b.user_id = :user)",
            ":user",
            filter.user.map(|id| id.0),
        )
        .only(
            "(schedule = :action OR (:action = 'interrupted' AND finished_at IS NULL))",
            ":action",
            filter.action.clone(),
        )
        .between(filter.since, filter.until);
    super::paging::newest_first(
        connection,
        &super::paging::Listing {
            table: "purges",
            columns: COLUMNS,
            key: "id",
        },
        &asked,
        request,
        Purge::from_row,
    )
}

/// The number of the last of the oldest runs that are all older than `cutoff`; 0 for none.
pub fn last_before(connection: &Connection, cutoff: Timestamp, now: Timestamp) -> Result<i64> {
    super::paging::last_before(connection, "purges", "id", cutoff, now)
}

/// How many runs there are up to this number.
pub fn count_through(connection: &Connection, last: i64) -> Result<u64> {
    super::paging::count_through(connection, "purges", last)
}

/// Deletes the oldest `most` runs up to this number; says how many.
pub fn delete_through(tx: &Transaction<'_>, last: i64, most: u64) -> Result<u64> {
    super::paging::delete_through(tx, "purges", last, most)
}
