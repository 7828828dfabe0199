//! Deletes dead codes whose retention is over, chunk by chunk, and gives way between chunks.

use crate::actions::cleaning::report::{self, Purged};
use crate::actions::desk::workspace::Workspace;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::model::id::{PurgeId, TaskId};
use crate::model::page::PageRequest;
use crate::model::time::{self, Timestamp};
use crate::platform::pace::Pace;
use crate::store::dead::{self, Scope, Taken};
use crate::store::{Transaction, purges};

/// What is to be purged.
#[derive(Clone, Debug)]
pub struct Request {
    pub retention_days: u64,
    /// Emptied batches keep their state.
    pub keep_empty: bool,
    /// Codes in one transaction.
    pub chunk: u64,
    /// Codes in this run; none for all.
    pub most: Option<u64>,
    /// Only counts.
    pub dry_run: bool,
    /// Whether the report goes to the log file.
    pub log: bool,
    /// The schedule whose run it is.
    pub schedule: Option<String>,
}

/// What was purged.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// None for a dry run.
    pub run: Option<PurgeId>,
    pub taken: Taken,
    /// Dead codes beyond the retention that were left for the next run.
    pub skipped: u64,
    /// Whether a signal or a deadline ended it early.
    pub is_interrupted: bool,
    /// The report to the administrator, if one waits to be sent.
    pub mail: Option<TaskId>,
}

/// Chunks of which the last waits for the disk and a standby. Whoever logs in waits for what these have not done
/// yet, so they are few.
const AHEAD: u32 = 8;

/// Purges. `pace` says when to stop, and hears how far it has come; between chunks the purge
/// pauses as long as it held the lock, if somebody waits for it. Few chunks wait for the disk or a standby;
/// the end of the run does, for all of them.
///
/// # Errors
/// [`crate::error::Kind::DoubtfulClock`], and what the store says; what was purged until then stays purged, or
/// as much of it as a crash left.
pub fn purge(workspace: &mut Workspace, request: &Request, pace: &mut Pace<'_>) -> Result<Answer> {
    workspace.require_sure_clock()?;
    let now = workspace.origin.at;
    let mut scope = Scope {
        now,
        cutoff: time::before_days(now, request.retention_days),
        from: Timestamp::MIN,
        keep_empty: request.keep_empty,
    };
    if request.dry_run {
        let plan = dead::plan(workspace.store.read(), &scope, request.most)?;
        return Ok(Answer {
            taken: plan.taken,
            skipped: plan.there - plan.taken.codes,
            ..Answer::default()
        });
    }
    if pace.is_seen() {
        let plan = dead::plan(workspace.store.read(), &scope, request.most)?;
        pace.begin(plan.taken.codes);
    }
    let (actor, schedule) = (workspace.origin.actor.clone(), request.schedule.as_deref());
    let run = workspace.store.write_early(|tx| {
        purges::insert(tx, now, actor.as_str(), schedule, request.retention_days)
    })?;
    let (mut taken, mut is_interrupted, mut has_begun) = (Taken::default(), false, false);
    let mut ahead = 0_u32;
    loop {
        let room = request.most.map_or(request.chunk, |most| {
            request.chunk.min(most.saturating_sub(taken.codes))
        });
        if room == 0 {
            break;
        }
        // A deadline lets every try come at least one step further.
        if pace.is_signalled() || (has_begun && pace.must_stop()) {
            is_interrupted = true;
            break;
        }
        has_begun = true;
        let held = pace.measure();
        let mut next = scope;
        let mut deed = |tx: &Transaction<'_>| {
            next = scope;
            dead::take_chunk(tx, run, &mut next, room)
        };
        ahead += 1;
        let chunk = match ahead % AHEAD {
            0 => workspace.store.write_again(&mut deed),
            _ => workspace.store.write_early(&mut deed),
        }?;
        scope = next;
        let Some(chunk) = chunk else {
            break;
        };
        taken += chunk;
        pace.advance(taken.codes);
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    let skipped = dead::plan(workspace.store.read(), &scope, None)?.there;
    let mut answer = Answer {
        run: Some(run),
        taken,
        skipped,
        is_interrupted,
        mail: None,
    };
    answer.mail = finish(workspace, request, run, &answer)?;
    pace.end();
    Ok(answer)
}

/// Most batches that are named in an audit entry and in a report; the rest stand in
/// `log purges`.
pub(in crate::actions) const NAMED: u64 = 20;

/// Ends the run: its history row, one audit entry, and the report to the administrator.
fn finish(
    workspace: &mut Workspace,
    request: &Request,
    run: PurgeId,
    answer: &Answer,
) -> Result<Option<TaskId>> {
    let (now, taken) = (workspace.origin.at, answer.taken);
    workspace.write(|tx| {
        purges::require(tx, run, (taken.codes, taken.batches))?;
        if !answer.is_interrupted {
            purges::finish(tx, run, now)?;
        }
        let named = purges::batches(
            tx,
            run,
            PageRequest {
                number: 1,
                size: NAMED,
            },
        )?;
        let mut details = format!(
            "run {}: {} codes of {} batches, retention {} days",
            run.0, taken.codes, taken.batches, request.retention_days
        );
        if answer.is_interrupted {
            details.push_str(", interrupted");
        }
        for batch in &named.items {
            details.push_str(&format!(
                "; {} {}: {}",
                batch.user,
                batch.batch.short(),
                batch.codes
            ));
        }
        if named.pages > 1 {
            details.push_str(&format!("; and {} more", named.total - NAMED));
        }
        if request.log {
            tracing::info!(
                run = run.0,
                codes = taken.codes,
                batches = taken.batches,
                skipped = answer.skipped,
                retention_days = request.retention_days,
                schedule = request.schedule,
                "purge"
            );
        }
        tx.record(Deed::new(Action::CodesPurged).details(details))?;
        report::queue(
            tx,
            &Purged {
                taken: answer.taken,
                skipped: answer.skipped,
                retention_days: request.retention_days,
                schedule: request.schedule.as_deref(),
            },
            &named,
        )
    })
}
