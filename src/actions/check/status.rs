//! All users at a glance, at one moment.

use crate::actions::codes::moved::open_work;
use crate::error::Result;
use crate::model::task::TaskState;
use crate::model::time::{self, Timestamp};
use crate::render::words::count;
use crate::store::batches;
use crate::store::engine::health;
use crate::store::glance::{self, Counts, Totals};
use crate::store::limiters::{self, Named};
use crate::store::users::Measure;
use crate::store::{Store, audit, meta, moved, schedules, tasks};

/// Codes that expire within this many seconds expire soon: two weeks.
const SOON: u64 = 14 * 86_400;

/// What is known of the whole store.
#[derive(Debug)]
pub struct Status {
    pub users: Counts,
    pub codes: Totals,
    /// Temporary codes that work now.
    pub temporary: u64,
    /// Users with weak codes that work now, and those codes.
    pub weak: (u64, u64),
    /// Slow hashes that each attempt with a code of another system costs.
    pub slow: u64,
    /// Users who have to wait or are locked.
    pub limited: Vec<Named>,
    /// Tasks that wait, run, and failed.
    pub tasks: [u64; 3],
    /// When there is work to do next.
    pub next_due: Option<Timestamp>,
    pub audit_entries: i64,
    /// Bytes in use and bytes free inside the file.
    pub size: (u64, u64),
    pub created_at: Timestamp,
}

/// What is said of slow hashes, behind `each`.
pub fn costs_more(slow: u64) -> String {
    format!(
        "attempt with a code of another system costs {} more for everybody, because codes were taken over that are hashed slowly",
        count(slow, "hash")
    )
}

/// What "few" and "soon" mean now.
pub fn measure(now: Timestamp, low: u64) -> Measure {
    Measure {
        now,
        low,
        soon: time::after_seconds(now, SOON),
    }
}

/// Counts everything.
pub fn status(store: &mut Store, measure: &Measure) -> Result<Status> {
    store.snapshot(|connection| {
        let meta = meta::get(connection)?;
        let (users, codes) = glance::counts(connection, measure)?;
        let limited = limiters::of_users(connection, measure.now)?
            .into_iter()
            .filter(|named| {
                let limiter = &named.limiter;
                let waits = limiter
                    .blocked_until
                    .is_some_and(|until| until > measure.now);
                limiter.locked_at.is_some() || (waits && limiter.was_in_vain())
            })
            .collect();
        Ok(Status {
            users,
            codes,
            temporary: batches::count_temporary(connection, measure.now)?,
            weak: moved::count_weak(connection, measure.now)?,
            slow: open_work(connection, measure.now)?.count() as u64,
            limited,
            tasks: [
                tasks::count(connection, TaskState::Queued)?,
                tasks::count(connection, TaskState::Running)?,
                tasks::count(connection, TaskState::Failed)?,
            ],
            next_due: [
                tasks::next_due(connection)?,
                schedules::next_due(connection)?,
            ]
            .into_iter()
            .flatten()
            .min(),
            audit_entries: audit::head(connection)?
                .map_or(0, |head| head.count.saturating_sub(head.pruned)),
            size: health::size(connection)?,
            created_at: meta.created_at,
        })
    })
}
