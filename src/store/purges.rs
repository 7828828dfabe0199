//! Tables `purges` and `purged_batches`, and the deletion of dead codes itself.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

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

/// What a purge may take.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Codes that ended, or expired, at this moment or before.
    pub cutoff: Timestamp,
    /// Whether a batch without rows keeps its state.
    pub keep_empty: bool,
}

/// A batch with rows that may go.
struct Candidate {
    id: i64,
    /// All its codes are dead by expiry.
    is_expired: bool,
    /// Rows it has.
    rows: u64,
}

/// Codes and batches that were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub codes: u64,
    pub batches: u64,
}

/// SQL: a row of `codes c` that is dead since the cutoff, in a batch `b`.
const DEAD: &str = "(c.ended_at <= :cutoff OR b.expires_at <= :cutoff)";

/// What a purge finds, and what it would take of that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// All dead codes beyond the retention.
    pub there: u64,
    /// Those a run takes.
    pub taken: Taken,
}

/// What a run that takes `most` codes would take, counted in the order in which it takes them.
pub fn plan(connection: &Connection, scope: &Scope, most: Option<u64>) -> Result<Plan> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT (SELECT COUNT(*) FROM codes c WHERE c.batch_id = b.id AND {DEAD}) FROM batches b
         WHERE b.dead_from <= :cutoff ORDER BY b.dead_from, b.id"
    ))?;
    let mut rows = statement.query(named_params! { ":cutoff": scope.cutoff.as_millisecond() })?;
    let most = most.unwrap_or(u64::MAX);
    let mut plan = Plan::default();
    while let Some(row) = rows.next()? {
        let codes: u64 = row.get(0)?;
        plan.there += codes;
        let taken = codes.min(most.saturating_sub(plan.taken.codes));
        plan.taken.codes += taken;
        plan.taken.batches += u64::from(taken > 0);
    }
    Ok(plan)
}

/// Deletes at most `most` dead codes of the batches that were dead first, notes them under the
/// run, and closes emptied batches. None when no batch is left to look at; a batch whose dead
/// code was brought back yields nothing, and others may stand behind it.
pub fn take_chunk(
    tx: &Transaction<'_>,
    run: PurgeId,
    scope: &Scope,
    most: u64,
) -> Result<Option<Taken>> {
    let candidates = candidates(tx, scope, most)?;
    if candidates.is_empty() {
        return Ok(None);
    }
    let mut taken = Taken::default();
    for candidate in candidates {
        let room = most.saturating_sub(taken.codes);
        if room == 0 {
            break;
        }
        let codes = delete_rows(tx, &candidate, scope, room)?;
        if codes == candidate.rows || is_empty(tx, candidate.id)? {
            close(tx, candidate.id, codes, scope.keep_empty)?;
        } else if codes < room {
            shrink(tx, candidate.id, codes)?;
        } else {
            count_taken(tx, candidate.id, codes)?;
        }
        if codes > 0 {
            taken.codes += codes;
            taken.batches += u64::from(note(tx, run, candidate.id, codes)?);
        }
    }
    if taken.codes > 0 {
        tx.prepare_cached(
            "UPDATE purges SET codes = codes + :codes, batches = batches + :batches WHERE id = :id",
        )?
        .execute(
            named_params! { ":id": run.0, ":codes": taken.codes, ":batches": taken.batches },
        )?;
    }
    Ok(Some(taken))
}

fn candidates(tx: &Transaction<'_>, scope: &Scope, most: u64) -> Result<Vec<Candidate>> {
    let mut statement = tx.prepare_cached(
        "SELECT id, expires_at IS NOT NULL AND expires_at <= :cutoff, issued - purged FROM batches
         WHERE dead_from <= :cutoff ORDER BY dead_from, id LIMIT :most",
    )?;
    let found = statement
        .query_map(
            named_params! { ":cutoff": scope.cutoff.as_millisecond(), ":most": most },
            |row| {
                Ok(Candidate {
                    id: row.get(0)?,
                    is_expired: row.get(1)?,
                    rows: row.get(2)?,
                })
            },
        )?
        .scan(0_u64, |rows, candidate: rusqlite::Result<Candidate>| {
            // A batch has several codes: most of `most` batches would not be reached.
            let is_wanted = *rows < most;
            *rows = rows.saturating_add(candidate.as_ref().map_or(0, |found| found.rows));
            is_wanted.then_some(candidate)
        })
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

fn delete_rows(tx: &Transaction<'_>, batch: &Candidate, scope: &Scope, room: u64) -> Result<u64> {
    let deleted = if batch.is_expired && batch.rows <= room {
        tx.prepare_cached("DELETE FROM codes WHERE batch_id = :batch")?
            .execute(named_params! { ":batch": batch.id })?
    } else if batch.rows <= room {
        tx.prepare_cached("DELETE FROM codes WHERE batch_id = :batch AND ended_at <= :cutoff")?
            .execute(
                named_params! { ":batch": batch.id, ":cutoff": scope.cutoff.as_millisecond() },
            )?
    } else {
        tx.prepare_cached(
            "DELETE FROM codes WHERE batch_id = :batch AND position IN (
                 SELECT position FROM codes WHERE batch_id = :batch AND (:expired OR ended_at <= :cutoff)
                 ORDER BY position LIMIT :room)",
        )?
        .execute(named_params! {
            ":batch": batch.id, ":expired": batch.is_expired, ":room": room,
            ":cutoff": scope.cutoff.as_millisecond(),
        })?
    };
    Ok(deleted as u64)
}

/// Whether no row of a batch is left, whatever its counts say.
fn is_empty(tx: &Transaction<'_>, batch: i64) -> Result<bool> {
    let mut statement = tx.prepare_cached("SELECT 1 FROM codes WHERE batch_id = :batch LIMIT 1")?;
    Ok(!statement.exists(named_params! { ":batch": batch })?)
}

/// A batch that may have more dead rows: it stays where it is in the order, so that it is
/// emptied before the next.
fn count_taken(tx: &Transaction<'_>, batch: i64, codes: u64) -> Result<()> {
    tx.prepare_cached("UPDATE batches SET purged = purged + :codes WHERE id = :batch")?
        .execute(named_params! { ":batch": batch, ":codes": codes })?;
    Ok(())
}

/// A batch of which no row is left.
fn close(tx: &Transaction<'_>, batch: i64, codes: u64, keep: bool) -> Result<()> {
    tx.prepare_cached(
        "UPDATE batches SET purged = purged + :codes, dead_from = NULL,
                state = CASE WHEN :keep THEN state ELSE 'purged' END
         WHERE id = :batch",
    )?
    .execute(named_params! { ":batch": batch, ":codes": codes, ":keep": keep })?;
    Ok(())
}

/// A batch that keeps rows: it is dead again from the first end among them, or its expiry.
fn shrink(tx: &Transaction<'_>, batch: i64, codes: u64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE batches SET purged = purged + :codes,
                dead_from = (SELECT MIN(at) FROM (
                    SELECT MIN(ended_at) AS at FROM codes WHERE batch_id = :batch
                    UNION ALL SELECT expires_at FROM batches WHERE id = :batch))
         WHERE id = :batch",
    )?
    .execute(named_params! { ":batch": batch, ":codes": codes })?;
    Ok(())
}

/// Notes how many codes of a batch a run took; says whether it is the run's first of it.
fn note(tx: &Transaction<'_>, run: PurgeId, batch: i64, codes: u64) -> Result<bool> {
    let parameters = named_params! { ":run": run.0, ":batch": batch, ":codes": codes };
    // A row is there only for the batch at which the chunk before ended.
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
