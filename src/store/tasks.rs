//! Table `tasks`: background work, taken by one worker at a time under a lease.

use super::engine::{Connection, Transaction, params, row};

use super::paging::Asked;
use crate::error::Result;
use crate::model::id::{ScheduleId, TaskId};
use crate::model::page::{Page, PageRequest};
use crate::model::state::words;
use crate::model::task::{LONGEST_RETRY, LONGEST_TIMEOUT, TaskKind, TaskState};
use crate::model::time::{self, Timestamp};

row! {
    "";
    /// One row of `tasks`.
    #[derive(Clone, Debug)]
    pub struct Task {
        pub id: TaskId,
        pub kind: TaskKind,
        /// What it is about.
        pub subject: String,
        pub state: TaskState,
        pub created_at: Timestamp,
        /// Not before this moment.
        pub due_at: Timestamp,
        pub tries: u64,
        pub lease_until: Option<Timestamp>,
        pub finished_at: Option<Timestamp>,
        /// Why the last try failed, or what the run did.
        pub outcome: Option<String>,
        /// The schedule whose run it is.
        pub schedule_id: Option<ScheduleId>,
    }
}

const COLUMNS: &str = Task::COLUMNS;

/// The task with this number.
pub fn by_id(connection: &Connection, id: TaskId) -> Result<Option<Task>> {
    connection.maybe(
        &format!("SELECT {COLUMNS} FROM tasks WHERE id = :id"),
        params! { ":id": id },
        Task::read,
    )
}

/// One page of tasks, newest first.
pub fn list(
    connection: &Connection,
    state: Option<TaskState>,
    request: PageRequest,
) -> Result<Page<Task>> {
    let asked = Asked::default().only("state = :state", ":state", &state);
    let total = asked.count(connection, "tasks")?;
    let filter = asked.filter();
    let sql =
        format!("SELECT {COLUMNS} FROM tasks {filter} ORDER BY id DESC LIMIT :size OFFSET :offset");
    asked.page(connection, &sql, (request, total), Task::read)
}

/// How many tasks are in this state.
pub fn count(connection: &Connection, state: TaskState) -> Result<u64> {
    // The state stands in the text, for there are indexes for some of them alone.
    let sql = format!(
        "SELECT COUNT(*) FROM tasks WHERE state = '{}'",
        state.word()
    );
    connection.value(&sql, params! {})
}

/// When there is something to do next: a queued task is due, or a lease is over.
pub fn next_due(connection: &Connection) -> Result<Option<Timestamp>> {
    connection.value(
        "SELECT MIN(at) FROM (SELECT MIN(due_at) AS at FROM tasks WHERE state = 'queued'
             UNION ALL SELECT MIN(lease_until) FROM tasks WHERE state = 'running') AS moments",
        params! {},
    )
}

/// Queues a task.
pub fn insert(
    tx: &Transaction<'_>,
    kind: TaskKind,
    subject: &str,
    schedule: Option<ScheduleId>,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<TaskId> {
    tx.value(
        "INSERT INTO tasks (kind, subject, state, created_at, due_at, schedule_id)
         VALUES (:kind, :subject, 'queued', :now, :due_at, :schedule) RETURNING id",
        params! {
            ":kind": kind, ":subject": subject, ":now": now, ":due_at": due_at,
            ":schedule": schedule,
        },
    )
}

/// Takes the next due task, or this one if it is named, under a lease. Of any number of
/// workers one gets it.
pub fn take(
    tx: &Transaction<'_>,
    named: Option<TaskId>,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<Task>> {
    tx.maybe(
        &format!(
            "UPDATE tasks SET state = 'running', lease_until = :lease, tries = tries + 1
             WHERE id = (SELECT id FROM tasks
                         WHERE state = 'queued' AND (id = :id OR (:id IS NULL AND due_at <= :now))
                         ORDER BY due_at, id LIMIT 1)
             RETURNING {COLUMNS}"
        ),
        params! { ":id": named, ":now": now, ":lease": lease_until },
        Task::read,
    )
}

/// Running tasks whose worker is gone: its lease is over, or ends so late that it was given
/// under a clock that was wrong.
pub fn abandoned(connection: &Connection, now: Timestamp) -> Result<Vec<Task>> {
    let latest = time::after_seconds(now, LONGEST_TIMEOUT);
    connection.all(
        &format!(
            "SELECT {COLUMNS} FROM tasks
             WHERE state = 'running' AND NOT (lease_until > :now AND lease_until <= :latest) ORDER BY id"
        ),
        params! { ":now": now, ":latest": latest },
        Task::read,
    )
}

/// Ends a try of a running task that is still held under the lease it was taken with; says
/// whether it was.
pub fn end(
    tx: &Transaction<'_>,
    task: &Task,
    state: TaskState,
    due_at: Timestamp,
    outcome: &str,
    now: Timestamp,
) -> Result<bool> {
    let finished = matches!(state, TaskState::Done | TaskState::Failed).then_some(now);
    let changed = tx.execute(
        "UPDATE tasks SET state = :state, due_at = :due_at, lease_until = NULL,
                finished_at = :finished, outcome = :outcome
         WHERE id = :id AND state = 'running' AND lease_until = :lease",
        params! {
            ":id": task.id, ":state": state, ":due_at": due_at,
            ":finished": finished, ":outcome": outcome,
            ":lease": task.lease_until,
        },
    )?;
    Ok(changed == 1)
}

/// Puts a running task back that is still held under the lease it was taken with, as if this try
/// had not been; says whether it was.
pub fn put_back(
    tx: &Transaction<'_>,
    task: &Task,
    due_at: Timestamp,
    outcome: &str,
) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE tasks SET state = 'queued', due_at = :due_at, lease_until = NULL, tries = tries - 1,
                outcome = :outcome
         WHERE id = :id AND state = 'running' AND lease_until = :lease",
        params! {
            ":id": task.id, ":due_at": due_at, ":outcome": outcome,
            ":lease": task.lease_until,
        },
    )?;
    Ok(changed == 1)
}

/// Lets all mail that is due by `now` wait until `due_at`; says how many letters.
pub fn put_off_mail(tx: &Transaction<'_>, now: Timestamp, due_at: Timestamp) -> Result<u64> {
    tx.execute(
        "UPDATE tasks SET due_at = :due_at WHERE state = 'queued' AND kind = 'mail' AND due_at <= :now",
        params! { ":now": now, ":due_at": due_at },
    )
}

/// Notes that a task is done, whoever may hold it by now.
pub fn finish(tx: &Transaction<'_>, id: TaskId, outcome: &str, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE tasks SET state = 'done', lease_until = NULL, finished_at = :now, outcome = :outcome
         WHERE id = :id",
        params! { ":id": id, ":now": now, ":outcome": outcome },
    )?;
    Ok(())
}

/// Queued tasks that are due later than any setting lets one wait: queued under a clock that was
/// wrong.
pub fn queued_too_late(connection: &Connection, now: Timestamp) -> Result<Vec<Task>> {
    let latest = time::after_seconds(now, LONGEST_RETRY);
    connection.all(
        &format!(
            "SELECT {COLUMNS} FROM tasks WHERE state = 'queued' AND due_at > :latest ORDER BY id"
        ),
        params! { ":latest": latest },
        Task::read,
    )
}

/// Queues a task anew that failed or waits for a later moment, with all its tries before it;
/// says whether it did.
pub fn requeue(tx: &Transaction<'_>, id: TaskId, now: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE tasks SET state = 'queued', due_at = :now, tries = 0, finished_at = NULL
         WHERE id = :id AND (state = 'failed' OR (state = 'queued' AND due_at > :now))",
        params! { ":id": id, ":now": now },
    )?;
    Ok(changed == 1)
}

words! {
    /// Which finished or waiting tasks are cleared.
    pub enum Clear {
        Failed = "failed",
        /// Runs of schedules.
        Scheduler = "scheduler",
        All = "all",
    }
}

impl Clear {
    fn condition(self) -> &'static str {
        match self {
            Self::Failed => "state = 'failed'",
            Self::Scheduler => "state <> 'running' AND kind <> 'mail'",
            Self::All => "state <> 'running'",
        }
    }
}

/// How many tasks that are not running are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Idle {
    pub waiting: u64,
    pub failed: u64,
    pub done: u64,
}

/// How many tasks would be cleared.
pub fn clearable(connection: &Connection, which: Clear) -> Result<Idle> {
    let sum = |state: TaskState| format!("COUNT(*) FILTER (WHERE state = '{}')", state.word());
    let sql = format!(
        "SELECT {}, {}, {} FROM tasks WHERE {}",
        sum(TaskState::Queued),
        sum(TaskState::Failed),
        sum(TaskState::Done),
        which.condition()
    );
    connection.one(&sql, params! {}, |row| {
        Ok(Idle {
            waiting: row.get(0)?,
            failed: row.get(1)?,
            done: row.get(2)?,
        })
    })
}

/// Forgets tasks that are not running; says how many.
pub fn clear(tx: &Transaction<'_>, which: Clear) -> Result<u64> {
    tx.execute(
        &format!("DELETE FROM tasks WHERE {}", which.condition()),
        params! {},
    )
}

/// Forgets all but the newest `keep` finished tasks.
pub fn forget_finished(tx: &Transaction<'_>, keep: u64) -> Result<()> {
    tx.change(
        "DELETE FROM tasks WHERE state = 'done' AND id <=
             (SELECT id FROM tasks WHERE state = 'done' ORDER BY id DESC LIMIT 1 OFFSET :keep)",
        params! { ":keep": keep },
    )?;
    Ok(())
}
