//! Turns due schedules into tasks, and runs such a task.

use std::time::Duration;

use crate::actions::cleaning::prune::prune;
use crate::actions::cleaning::purge::{self, purge};
use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::deliver::Ended;
use crate::error::{Error, Kind, Result};
use crate::model::calendar::{self, At};
use crate::model::id::TaskId;
use crate::model::schedule::{LastStatus, RunKind};
use crate::model::task::{TaskKind, TaskState, retry_wait};
use crate::model::time::{self, Timestamp};
use crate::platform::pace::Pace;
use crate::platform::signals::Stop;
use crate::store::schedules::{self, Schedule};
use crate::store::tasks::{self, Task};
use crate::store::{Transaction, meta};

/// Queues a task for every schedule that is due, and says when each is due next: one that was
/// missed many times runs once.
pub(in crate::actions) fn queue_due(workspace: &mut Workspace) -> Result<()> {
    let now = workspace.origin.at;
    let connection = workspace.store.read();
    if schedules::due(connection, now)?.is_empty()
        && schedules::ran_after(connection, now)?
            .iter()
            .all(|schedule| next_by_the_clock(schedule, now).is_none())
    {
        return Ok(());
    }
    workspace.store.write(|tx| {
        for schedule in schedules::due(tx, now)? {
            match At::from_stored(&schedule.start) {
                Ok(start) => {
                    queue(tx, &schedule, now)?;
                    let next = calendar::next(&schedule.every, &start, now);
                    schedules::set_next(tx, schedule.id, next)?;
                }
                // One schedule that cannot be read does not keep all others from running.
                Err(error) => {
                    let why = error.to_string();
                    schedules::set_next(tx, schedule.id, None)?;
                    schedules::note_run(tx, schedule.id, now, LastStatus::Failed, Some(&why), 0)?;
                }
            }
        }
        for schedule in schedules::ran_after(tx, now)? {
            if let Some(next) = next_by_the_clock(&schedule, now) {
                schedules::set_next(tx, schedule.id, Some(next))?;
            }
        }
        Ok(())
    })
}

/// When a schedule is due whose last run lies ahead of the clock by a whole turn and more, and
/// which waits for a moment after that: the clock was wrong then. A clock that went back by
/// less lets no turn come twice.
fn next_by_the_clock(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    let start = At::from_stored(&schedule.start).ok()?;
    let next = calendar::next(&schedule.every, &start, now)?;
    let after = calendar::next(&schedule.every, &start, next)?;
    let (ran, waits) = (schedule.last_run_at?, schedule.next_at?);
    (after <= ran && next < waits).then_some(next)
}

/// Queues a run of a schedule at once.
pub fn queue_now(workspace: &mut Workspace, name: &str) -> Result<TaskId> {
    workspace.require_sure_clock()?;
    let now = workspace.origin.at;
    workspace.store.write(|tx| {
        let schedule = crate::actions::work::schedules::find(tx, name)?;
        queue(tx, &schedule, now)
    })
}

fn queue(tx: &Transaction<'_>, schedule: &Schedule, now: Timestamp) -> Result<TaskId> {
    let kind = match schedule.run {
        RunKind::Purge => TaskKind::Purge,
        RunKind::Prune => TaskKind::Prune,
    };
    tasks::insert(tx, kind, &schedule.name, Some(schedule.id), now, now)
}

/// A day in seconds: how often the logs are pruned by themselves.
const DAY: u64 = 86_400;

/// Prunes the logs by themselves once a day, if the settings say so. Looking is work, so a day
/// on which nothing was old enough counts as well.
pub(in crate::actions) fn auto_prune(workspace: &mut Workspace, stop: &Stop) -> Result<()> {
    let (now, settings) = (workspace.origin.at, workspace.settings.audit.clone());
    let last = meta::auto_pruned_at(workspace.store.read())?;
    let is_time = last.is_none_or(|last| time::after_seconds(last, DAY) <= now || last > now);
    if !settings.auto_prune || !is_time {
        return Ok(());
    }
    workspace.require_sure_clock()?;
    workspace.store.write(|tx| meta::set_auto_pruned(tx, now))?;
    prune(
        workspace,
        settings.retention_days,
        false,
        &mut Pace::new(stop, None, false),
    )?;
    Ok(())
}

/// Runs the schedule of a task that was taken under a lease, and notes on both how it ended. A
/// run that reaches task.timeout, or is asked to stop, goes on with the next try.
pub(in crate::actions) fn run(
    workspace: &mut Workspace,
    task: &Task,
    stop: &Stop,
) -> Result<Ended> {
    let schedule = match task.schedule_id {
        Some(id) => schedules::by_id(workspace.store.read(), id)?,
        None => None,
    };
    let Some(schedule) = schedule else {
        note(
            workspace,
            task,
            None,
            &Ok((0, false)),
            "its schedule was removed",
        )?;
        return Ok(Ended::Done(None));
    };
    // It ends before its lease does, so that no other worker takes it up meanwhile.
    let limit = Duration::from_secs(workspace.settings.task.timeout) * 9 / 10;
    let mut pace = Pace::new(stop, Some(limit), false);
    let mut report = None;
    let done = match schedule.run {
        RunKind::Purge => {
            purge(workspace, &purge_request(workspace, &schedule), &mut pace).map(|answer| {
                report = answer.mail;
                (answer.taken.codes, answer.is_interrupted)
            })
        }
        RunKind::Prune => {
            let days = schedule
                .retention_days
                .unwrap_or(workspace.settings.audit.retention_days);
            prune(workspace, days, false, &mut pace)
                .map(|answer| (answer.total(), answer.is_interrupted))
        }
    };
    let said = match &done {
        Ok((deleted, false)) => format!("{deleted} deleted"),
        Ok((deleted, true)) => format!("{deleted} deleted so far; goes on"),
        Err(error) => error.to_string(),
    };
    let due_at = note(workspace, task, Some(&schedule), &done, &said)?;
    Ok(match done {
        Ok((_, false)) => Ended::Done(report),
        Ok((_, true)) => Ended::Later(
            due_at,
            Error::new(Kind::Interrupted, "the run was interrupted"),
        ),
        Err(error) if task.tries >= workspace.settings.task.max_tries => Ended::Failed(error),
        Err(error) => Ended::Later(due_at, error),
    })
}

fn purge_request(workspace: &Workspace, schedule: &Schedule) -> purge::Request {
    let settings = workspace.settings.purge.clone();
    purge::Request {
        retention_days: schedule.retention_days.unwrap_or(settings.retention_days),
        keep_empty: schedule.keep_empty,
        chunk: settings.chunk,
        most: settings.max_per_run,
        dry_run: false,
        log: schedule.log || settings.log,
        schedule: Some(schedule.name.clone()),
    }
}

/// Notes the end of a try on the task and on the schedule, in one step; says when it goes on.
fn note(
    workspace: &mut Workspace,
    task: &Task,
    schedule: Option<&Schedule>,
    done: &Result<(u64, bool)>,
    said: &str,
) -> Result<Timestamp> {
    let (now, settings) = (workspace.origin.at, workspace.settings.task.clone());
    let (state, due_at) = match done {
        Ok((_, false)) => (TaskState::Done, task.due_at),
        Ok((_, true)) => (TaskState::Queued, now),
        Err(_) if task.tries >= settings.max_tries => (TaskState::Failed, task.due_at),
        Err(_) => (
            TaskState::Queued,
            time::after_seconds(now, retry_wait(settings.retry_after, task.tries)),
        ),
    };
    workspace.store.write(|tx| {
        tasks::end(tx, task, state, due_at, said, now)?;
        if let Some(schedule) = schedule {
            let (status, error, deleted) = match done {
                Ok((deleted, _)) => (LastStatus::Done, None, *deleted),
                Err(_) => (LastStatus::Failed, Some(said), 0),
            };
            schedules::note_run(tx, schedule.id, now, status, error, deleted)?;
        }
        tasks::forget_finished(tx, settings.keep)?;
        Ok(due_at)
    })
}
