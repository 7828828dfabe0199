//! What the words of `limit` say of a limiter.

use crate::model::limiter::{LimitedAction, Limiter, Policy};
use crate::model::time::Timestamp;
use crate::render::record::{Record, Value};

/// A limiter as a row among others; `first` holds what stands before it.
pub fn limiter_record(
    first: Record,
    action: LimitedAction,
    limiter: &Limiter,
    now: Timestamp,
    policy: &Policy,
) -> Record {
    limiter_fields(
        first.field("action", "For", action.word()),
        limiter,
        now,
        policy,
    )
}

/// Everything about a limiter, after what `first` holds.
pub fn limiter_fields(first: Record, limiter: &Limiter, now: Timestamp, policy: &Policy) -> Record {
    let is_forgotten = limiter.forgotten_at(policy).is_some_and(|at| at <= now);
    let limiter = if is_forgotten {
        &Limiter::default()
    } else {
        limiter
    };
    let remaining = limiter.remaining(now, policy);
    let waits = if remaining > 0 {
        Value::Seconds(remaining)
    } else {
        Value::Absent
    };
    first
        .field("failures", "Failures", limiter.failures)
        .field("retry_after", "Has to wait", waits)
        .field("locked", "Locked", limiter.locked_at.is_some())
        .field("last_attempt", "Last attempt", limiter.last_attempt)
}
