//! The part of `check` that looks at background work: what failed, what nobody does, and what
//! waits for a moment that was reckoned under a wrong clock.

use super::findings::Findings;
use crate::error::Result;
use crate::model::schedule::ScheduleState;
use crate::model::task::{LONGEST_TIMEOUT, TaskState};
use crate::model::time::{self, Timestamp};
use crate::model::user::quote;
use crate::render::quoting::name_in_shell;
use crate::render::words::count;
use crate::store::{Connection, schedules, tasks};

/// Work that is overdue by more than these seconds has nobody to do it.
pub(super) const LATE: u64 = 3600;

/// Clocks change, and a month is longer than another: so many seconds say nothing.
const SLACK: u64 = 86_400;

/// Looks at tasks and at when schedules run.
pub(super) fn look_at_work(
    findings: &mut Findings,
    connection: &Connection,
    now: Timestamp,
) -> Result<()> {
    let before = findings.items.len();
    let failed = tasks::count(connection, TaskState::Failed)?;
    if failed > 0 {
        findings.wrong(
            "tasks",
            format!("{} failed", count(failed, "task")),
            "see `recovery-codes task list --state failed`; then `task retry` or `task flush --failed`",
        );
    }
    let overdue = tasks::next_due(connection)?.filter(|due| time::after_seconds(*due, LATE) < now);
    let missed =
        schedules::next_due(connection)?.filter(|due| time::after_seconds(*due, LATE) < now);
    if let Some(due) = overdue.into_iter().chain(missed).min() {
        findings.wrong(
            "tasks",
            format!(
                "work is due since {} and nobody does it",
                time::readable(due)
            ),
            "let the machine call the worker: see `recovery-codes schedule install`",
        );
    }
    look_at_far_tasks(findings, connection, now)?;
    if findings.items.len() == before {
        findings.ok("tasks", "no background work failed or is overdue");
    }
    look_at_far_schedules(findings, connection, now)
}

/// Tasks that wait longer than any setting can make them.
fn look_at_far_tasks(
    findings: &mut Findings,
    connection: &Connection,
    now: Timestamp,
) -> Result<()> {
    for task in tasks::queued_too_late(connection, now)? {
        findings.wrong(
            "tasks",
            format!(
                "task {} waits until {}, longer than any setting says: the clock was wrong",
                task.id.0,
                time::readable(task.due_at)
            ),
            format!(
                "let it begin now with `recovery-codes task retry {}`",
                task.id.0
            ),
        );
    }
    let latest = time::after_seconds(now, LONGEST_TIMEOUT);
    for task in tasks::abandoned(connection, now)? {
        if let Some(until) = task.lease_until.filter(|until| *until > latest) {
            findings.wrong(
                "tasks",
                format!(
                    "task {} is held until {}, longer than any setting says: the clock was wrong",
                    task.id.0,
                    time::readable(until)
                ),
                "the next worker takes it up: `recovery-codes worker --once`",
            );
        }
    }
    Ok(())
}

/// Enabled schedules that wait longer than one turn. It may be meant so, unless the schedule is
/// younger than the clock.
fn look_at_far_schedules(
    findings: &mut Findings,
    connection: &Connection,
    now: Timestamp,
) -> Result<()> {
    for schedule in schedules::all(connection)? {
        let Some(next) = schedule
            .next_at
            .filter(|_| schedule.state == ScheduleState::Enabled)
        else {
            continue;
        };
        let is_from_the_future = schedule.created_at > time::after_seconds(now, SLACK);
        let turn = schedule.every.longest_turn();
        let is_far = match turn {
            Some(turn) => next > time::after_seconds(now, turn + SLACK),
            None => is_from_the_future,
        };
        if !is_far {
            continue;
        }
        let name = quote(&schedule.name);
        let remedy = format!(
            "set it anew with `recovery-codes schedule edit --at TIME {}`",
            name_in_shell(&schedule.name)
        );
        let message = format!(
            "schedule {name} runs {}, but not before {}",
            schedule.every.words(),
            time::readable(next)
        );
        if is_from_the_future {
            let message = format!("{message}: it was added under a clock that was wrong");
            findings.wrong("schedules", message, remedy);
        } else {
            findings.note(
                "schedules",
                message,
                format!("if that is not meant, {remedy}"),
            );
        }
    }
    Ok(())
}
