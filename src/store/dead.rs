//! Codes that are dead: counting them, and taking them away batch by batch.

use std::collections::HashMap;
use std::ops::AddAssign;

use super::engine::value::Params;
use super::engine::{Connection, Transaction, params};

use super::purges::{note, note_emptied};
use super::together::{IDS, TOGETHER, and_ids};
use super::totals;
use crate::error::Result;
use crate::model::id::{BatchId, PurgeId};
use crate::model::time::Timestamp;

/// What a purge may take.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// When the run began.
    pub now: Timestamp,
    /// Codes that ended, or expired, at this moment or before.
    pub cutoff: Timestamp,
    /// Nothing that was dead before this moment is left to take: the run has come as far. To look
    /// for it anew would read past all that is gone, which a server keeps for a while.
    pub from: Timestamp,
    /// Whether a batch without rows keeps its state.
    pub keep_empty: bool,
}

impl Scope {
    /// SQL: what becomes of the state of a batch without rows.
    fn and_state(&self) -> &'static str {
        if self.keep_empty {
            ""
        } else {
            ", state = 'purged'"
        }
    }
}

/// A batch with rows that may go.
struct Candidate {
    id: i64,
    dead_from: Timestamp,
    /// All its codes are dead by expiry.
    is_expired: bool,
    /// Rows it has.
    rows: u64,
    /// This run took codes of it before.
    is_noted: bool,
    /// It is active or pending.
    is_open: bool,
}

/// Codes and batches that were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub codes: u64,
    pub batches: u64,
}

impl AddAssign for Taken {
    fn add_assign(&mut self, more: Self) {
        self.codes += more.codes;
        self.batches += more.batches;
    }
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
    let most = most.unwrap_or(u64::MAX);
    let mut plan = Plan::default();
    connection.walk(
        &format!(
            "SELECT (SELECT COUNT(*) FROM codes c WHERE c.batch_id = b.id AND {DEAD}) FROM batches b
             WHERE b.dead_from <= :cutoff ORDER BY b.dead_from, b.id"
        ),
        params! { ":cutoff": scope.cutoff },
        |row| {
            let codes: u64 = row.get(0)?;
            plan.there += codes;
            let taken = codes.min(most.saturating_sub(plan.taken.codes));
            plan.taken.codes += taken;
            plan.taken.batches += u64::from(taken > 0);
            Ok(true)
        },
    )?;
    Ok(plan)
}

/// Deletes at most `most` dead codes of the batches that were dead first, notes them under the
/// run, closes emptied batches, and moves the scope on. None when no batch is left to look at; a batch
/// whose dead code was brought back yields nothing, and others may stand behind it.
pub fn take_chunk(
    tx: &Transaction<'_>,
    run: PurgeId,
    scope: &mut Scope,
    most: u64,
) -> Result<Option<Taken>> {
    let candidates = candidates(tx, run, scope, most)?;
    let Some((last, before)) = candidates.split_last() else {
        return Ok(None);
    };
    let rows: u64 = candidates.iter().map(|batch| batch.rows).sum();
    let is_whole = rows <= most;
    let whole = if is_whole { &candidates } else { before };
    let mut taken = take_whole(tx, run, scope, whole)?;
    let room = most.saturating_sub(taken.codes);
    if !is_whole && room > 0 {
        let codes = delete_rows(tx, last, scope, room)?;
        if codes == room && codes < last.rows {
            count_taken(tx, last, codes, scope)?;
        } else {
            settle(tx, last, codes, scope)?;
        }
        taken += noted(tx, run, last, codes)?;
    }
    if taken.codes > 0 {
        tx.change(
            "UPDATE purges SET codes = codes + :codes, batches = batches + :batches WHERE id = :id",
            params! { ":id": run, ":codes": taken.codes, ":batches": taken.batches },
        )?;
    }
    scope.from = last.dead_from;
    Ok(Some(taken))
}

/// Takes all dead codes of batches, with one statement for each thing to do; only those that
/// are unlike the others cost statements of their own.
fn take_whole(
    tx: &Transaction<'_>,
    run: PurgeId,
    scope: &Scope,
    batches: &[Candidate],
) -> Result<Taken> {
    let mut taken = Taken::default();
    for batches in batches.chunks(TOGETHER) {
        let left = delete_dead(tx, scope, batches)?;
        let (mut emptied, mut of_over) = (Vec::new(), 0);
        for batch in batches {
            let left = left.get(&batch.id).copied().unwrap_or(0);
            let codes = batch.rows.saturating_sub(left);
            if left == 0 && codes > 0 && !batch.is_noted {
                emptied.push(batch.id);
                of_over += if ends(tx, batch, scope)? { codes } else { 0 };
                taken += Taken { codes, batches: 1 };
            } else {
                settle(tx, batch, codes, scope)?;
                taken += noted(tx, run, batch, codes)?;
            }
        }
        note_emptied(tx, run, &emptied)?;
        close_emptied(tx, scope, &emptied)?;
        count_purged(tx, of_over)?;
    }
    Ok(taken)
}

/// Notes what was deleted of a batch, which counts the first time that this run takes of it.
fn noted(tx: &Transaction<'_>, run: PurgeId, batch: &Candidate, codes: u64) -> Result<Taken> {
    let batches = u64::from(codes > 0 && note(tx, run, batch.id, codes)?);
    Ok(Taken { codes, batches })
}

/// Counts what was deleted of a batch that has no more to delete now.
fn settle(tx: &Transaction<'_>, batch: &Candidate, codes: u64, scope: &Scope) -> Result<()> {
    if codes == batch.rows || is_empty(tx, batch.id)? {
        close(tx, batch, codes, scope)
    } else {
        shrink(tx, batch, codes, scope)
    }
}

/// Batches to take codes of, in order, until they have as many as are wanted. They are asked for few
/// at a time: a batch has several codes, so most of `most` batches would not be reached. Whether a
/// batch is noted is asked for each by its key: of what EXISTS asks, a server reads all notes at once.
fn candidates(
    tx: &Transaction<'_>,
    run: PurgeId,
    scope: &Scope,
    most: u64,
) -> Result<Vec<Candidate>> {
    let (mut found, mut rows) = (Vec::new(), 0_u64);
    let mut is_more = true;
    while is_more && rows < most {
        let next = tx.all(
            "SELECT b.id, b.dead_from, b.expires_at IS NOT NULL AND b.expires_at <= :cutoff, b.issued - b.purged,
                    (SELECT p.codes FROM purged_batches p WHERE p.purge_id = :run AND p.batch_id = b.id) IS NOT NULL,
                    b.state IN ('active', 'pending')
             FROM batches b WHERE b.dead_from BETWEEN :from AND :cutoff ORDER BY b.dead_from, b.id
             LIMIT :some OFFSET :found",
            params! {
                ":run": run, ":cutoff": scope.cutoff, ":from": scope.from, ":some": TOGETHER as u64,
                ":found": found.len() as u64,
            },
            |row| {
                Ok(Candidate {
                    id: row.get(0)?,
                    dead_from: row.get(1)?,
                    is_expired: row.get(2)?,
                    rows: row.get(3)?,
                    is_noted: row.get(4)?,
                    is_open: row.get(5)?,
                })
            },
        )?;
        is_more = next.len() == TOGETHER;
        for candidate in next {
            if rows < most {
                rows = rows.saturating_add(candidate.rows);
                found.push(candidate);
            }
        }
    }
    Ok(found)
}

/// Deletes the dead codes of these batches; says of which how many rows are left. They are
/// counted only where fewer were deleted than there were: most batches die as a whole.
fn delete_dead(
    tx: &Transaction<'_>,
    scope: &Scope,
    batches: &[Candidate],
) -> Result<HashMap<i64, u64>> {
    let ids = |is_expired| {
        let chosen = batches
            .iter()
            .filter(|batch| batch.is_expired == is_expired);
        chosen.map(|batch| batch.id).collect::<Vec<_>>()
    };
    let deleted = delete_of(tx, scope, &ids(true), "")?
        + delete_of(tx, scope, &ids(false), "AND ended_at <= ?1")?;
    let there: u64 = batches.iter().map(|batch| batch.rows).sum();
    if deleted == there {
        return Ok(HashMap::new());
    }
    let all: Vec<i64> = batches.iter().map(|batch| batch.id).collect();
    let left = tx.all(
        &format!(
            "SELECT batch_id, COUNT(*) FROM codes WHERE batch_id IN ({IDS}) GROUP BY batch_id",
            IDS = *IDS
        ),
        Params::Numbered(&and_ids(0, &all)),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(left.into_iter().collect())
}

/// Deletes those codes of these batches that meet a condition; says how many.
fn delete_of(tx: &Transaction<'_>, scope: &Scope, ids: &[i64], condition: &str) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    tx.execute(
        &format!(
            "DELETE FROM codes WHERE batch_id IN ({IDS}) {condition}",
            IDS = *IDS
        ),
        Params::Numbered(&and_ids(scope.cutoff.as_millisecond(), ids)),
    )
}

/// Closes these batches, of which no row is left.
fn close_emptied(tx: &Transaction<'_>, scope: &Scope, ids: &[i64]) -> Result<()> {
    tx.change(
        &format!(
            "UPDATE batches SET purged = issued, dead_from = NULL, changed_at = ?1{and_state}
             WHERE id IN ({IDS})",
            and_state = scope.and_state(),
            IDS = *IDS
        ),
        Params::Numbered(&and_ids(scope.now.as_millisecond(), ids)),
    )?;
    Ok(())
}

fn delete_rows(tx: &Transaction<'_>, batch: &Candidate, scope: &Scope, room: u64) -> Result<u64> {
    if batch.is_expired && batch.rows <= room {
        tx.execute(
            "DELETE FROM codes WHERE batch_id = :batch",
            params! { ":batch": batch.id },
        )
    } else if batch.rows <= room {
        tx.execute(
            "DELETE FROM codes WHERE batch_id = :batch AND ended_at <= :cutoff",
            params! { ":batch": batch.id, ":cutoff": scope.cutoff },
        )
    } else {
        tx.execute(
            "DELETE FROM codes WHERE batch_id = :batch AND position IN (
                 SELECT position FROM codes WHERE batch_id = :batch AND (:expired = 1 OR ended_at <= :cutoff)
                 ORDER BY position LIMIT :room)",
            params! {
                ":batch": batch.id, ":expired": batch.is_expired, ":room": room,
                ":cutoff": scope.cutoff,
            },
        )
    }
}

/// Whether no row of a batch is left, whatever its counts say.
fn is_empty(tx: &Transaction<'_>, batch: i64) -> Result<bool> {
    let has_one = tx.exists(
        "SELECT 1 FROM codes WHERE batch_id = :batch LIMIT 1",
        params! { ":batch": batch },
    )?;
    Ok(!has_one)
}

/// A batch that may have more dead rows: it stays where it is in the order, so that it is
/// emptied before the next.
fn count_taken(tx: &Transaction<'_>, batch: &Candidate, codes: u64, scope: &Scope) -> Result<()> {
    count(tx, batch, codes, scope, (!batch.is_open, ""))
}

/// A batch of which no row is left.
fn close(tx: &Transaction<'_>, batch: &Candidate, codes: u64, scope: &Scope) -> Result<()> {
    let is_over = ends(tx, batch, scope)?;
    let changes = format!(", dead_from = NULL{}", scope.and_state());
    count(tx, batch, codes, scope, (is_over, &changes))
}

/// A batch that keeps rows: it is dead again from the first end among them, or its expiry.
fn shrink(tx: &Transaction<'_>, batch: &Candidate, codes: u64, scope: &Scope) -> Result<()> {
    let changes = ", dead_from = (SELECT MIN(at) FROM (
                    SELECT MIN(ended_at) AS at FROM codes WHERE batch_id = :batch
                    UNION ALL SELECT expires_at FROM batches WHERE id = :batch) AS moments)";
    count(tx, batch, codes, scope, (!batch.is_open, changes))
}

/// Whether a batch of which no row is left is over. One that was open until now adds to the sums of
/// those that are.
fn ends(tx: &Transaction<'_>, batch: &Candidate, scope: &Scope) -> Result<bool> {
    if batch.is_open && !scope.keep_empty {
        totals::add(tx, BatchId(batch.id))?;
    }
    Ok(!batch.is_open || !scope.keep_empty)
}

/// Counts rows that were taken among those of batches that are over.
fn count_purged(tx: &Transaction<'_>, codes: u64) -> Result<()> {
    totals::count(tx, "purged", i64::try_from(codes).unwrap_or(i64::MAX))
}

/// Counts rows of a batch that were taken; a batch of which none was did not change.
fn count(
    tx: &Transaction<'_>,
    batch: &Candidate,
    codes: u64,
    scope: &Scope,
    (is_over, changes): (bool, &str),
) -> Result<()> {
    tx.change(
        &format!(
            "UPDATE batches SET purged = purged + :codes,
                    changed_at = CASE WHEN :codes = 0 THEN changed_at ELSE :now END{changes}
             WHERE id = :batch"
        ),
        params! { ":batch": batch.id, ":codes": codes, ":now": scope.now },
    )?;
    count_purged(tx, if is_over { codes } else { 0 })
}
