//! Does the background work that is due, one task after the other, each under a lease.

use std::sync::atomic::Ordering;

use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::deliver::{self, Ended, Post, deliver};
use crate::actions::work::run_schedule;
use crate::error::{Error, Kind, Result};
use crate::model::id::TaskId;
use crate::model::mail::LetterKind;
use crate::model::schedule::LastStatus;
use crate::model::task::{TaskKind, TaskState};
use crate::model::time::{self, Timestamp};
use crate::platform::signals::Stop;
use crate::store::tasks::{self, Task};
use crate::store::{letters, schedules};

/// What was done.
#[derive(Debug, Default)]
pub struct Summary {
    pub done: u64,
    /// Tasks that are tried again later, and why.
    pub later: Vec<(TaskId, Error)>,
    /// Letters that were not tried, because the mail server was away for the one before.
    pub put_off: u64,
    /// Tasks that are not tried again by themselves, and why.
    pub failed: Vec<(TaskId, Error)>,
}

/// When there is something to do next.
pub fn next_due(workspace: &Workspace) -> Result<Option<Timestamp>> {
    let connection = workspace.store.read();
    let (task, schedule) = (
        tasks::next_due(connection)?,
        schedules::next_due(connection)?,
    );
    Ok([task, schedule].into_iter().flatten().min())
}

/// Does everything that is due. The time is read anew for each task: a lease counts from when
/// the task is taken, however long those before it took.
///
/// # Errors
/// [`Kind::DoubtfulClock`], and what reading the store says.
pub fn run_due(workspace: &mut Workspace, post: &mut Post<'_>, stop: &Stop) -> Result<Summary> {
    workspace.require_sure_clock()?;
    let mut summary = Summary::default();
    take_up_abandoned(workspace, &mut summary)?;
    run_schedule::queue_due(workspace)?;
    while !stop.load(Ordering::Relaxed) {
        let Some(task) = take(workspace, post, None)? else {
            break;
        };
        let id = task.id;
        match run(workspace, post, &task, stop)? {
            Ended::Done(_) => summary.done += 1,
            // A run that reached its deadline goes on after what else is due.
            Ended::Later(_, error)
                if error.kind() == Kind::Interrupted && !stop.load(Ordering::Relaxed) => {}
            Ended::Later(_, error) => summary.later.push((id, error)),
            Ended::Failed(error) => summary.failed.push((id, error)),
        }
        if post.is_away {
            summary.put_off += put_off(workspace)?;
        }
    }
    if !stop.load(Ordering::Relaxed) {
        run_schedule::auto_prune(workspace, stop).map_err(not_pruned)?;
    }
    Ok(summary)
}

/// Lets all mail that is due wait: the silence of a mail server is met once, not once for each.
fn put_off(workspace: &mut Workspace) -> Result<u64> {
    let now = workspace.origin.at;
    let later = time::after_seconds(now, workspace.settings.task.retry_after);
    workspace
        .store
        .write(|tx| tasks::put_off_mail(tx, now, later))
}

fn not_pruned(error: Error) -> Error {
    let advice = error.advice().unwrap_or("see `recovery-codes log verify`");
    Error::new(Kind::Task, format!("the logs were not pruned: {error}")).hint(advice)
}

/// Does one queued task at once, whenever it is due; none if another worker has it.
pub fn run_one(
    workspace: &mut Workspace,
    post: &mut Post<'_>,
    id: TaskId,
    stop: &Stop,
) -> Result<Option<Ended>> {
    match take(workspace, post, Some(id))? {
        Some(task) => run(workspace, post, &task, stop).map(Some),
        None => Ok(None),
    }
}

fn run(workspace: &mut Workspace, post: &mut Post<'_>, task: &Task, stop: &Stop) -> Result<Ended> {
    match task.kind {
        TaskKind::Mail => deliver(workspace, post, task),
        TaskKind::Purge | TaskKind::Prune => run_schedule::run(workspace, task, stop),
    }
}

fn take(workspace: &mut Workspace, post: &Post<'_>, named: Option<TaskId>) -> Result<Option<Task>> {
    let now = (post.clock)();
    workspace.read_clock(now)?;
    let now = workspace.origin.at;
    let lease = time::after_seconds(now, workspace.settings.task.timeout);
    workspace
        .store
        .write(|tx| tasks::take(tx, named, now, lease))
}

/// Ends the tries of workers that are gone. Whether a letter left before its worker died is
/// not known: a notice is sent again, codes only when somebody says so.
fn take_up_abandoned(workspace: &mut Workspace, summary: &mut Summary) -> Result<()> {
    let (now, settings) = (workspace.origin.at, &workspace.settings);
    if tasks::abandoned(workspace.store.read(), now)?.is_empty() {
        return Ok(());
    }
    let (max_tries, log) = (settings.task.max_tries, settings.mail.log);
    let failed = workspace.store.write(|tx| {
        let mut failed = Vec::new();
        for task in tasks::abandoned(tx, now)? {
            let letter = letters::of_task(tx, task.id)?;
            let is_codes = letter
                .as_ref()
                .is_some_and(|letter| letter.kind == LetterKind::Codes);
            let why = if is_codes {
                "interrupted while it was sent; it may have arrived"
            } else {
                "interrupted"
            };
            let state = if is_codes || task.tries >= max_tries {
                TaskState::Failed
            } else {
                TaskState::Queued
            };
            tasks::end(tx, &task, state, now, why, now)?;
            if state == TaskState::Failed {
                if let Some(letter) = letter.filter(|_| log) {
                    deliver::log(tx, &letter, "failed", now)?;
                }
                if let Some(schedule) = task.schedule_id {
                    schedules::note_run(tx, schedule, now, LastStatus::Failed, Some(why), 0)?;
                }
                let kind = match task.kind {
                    TaskKind::Mail => Kind::Mail,
                    TaskKind::Purge | TaskKind::Prune => Kind::Task,
                };
                failed.push((
                    task.id,
                    deliver::retry_advised(
                        Error::new(kind, format!("{}: {why}", task.subject)),
                        &task,
                    ),
                ));
            }
        }
        Ok(failed)
    })?;
    summary.failed.extend(failed);
    Ok(())
}
