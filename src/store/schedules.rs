//! Table `schedules`: named, recurring purges and prunings.

use super::engine::{Connection, Transaction, params, row};

use crate::error::Result;
use crate::model::calendar::Every;
use crate::model::id::ScheduleId;
use crate::model::schedule::{LastStatus, RunKind, ScheduleState};
use crate::model::time::Timestamp;

row! {
    "";
    /// One row of `schedules`.
    #[derive(Clone, Debug)]
    pub struct Schedule {
        pub id: ScheduleId,
        pub name: String,
        pub run: RunKind,
        pub every: Every,
        /// The first run, as `model::calendar::At` writes it.
        pub start: String,
        /// None when there is none left.
        pub next_at: Option<Timestamp>,
        pub retention_days: Option<u64>,
        pub keep_empty: bool,
        pub log: bool,
        pub state: ScheduleState,
        pub created_at: Timestamp,
        pub last_run_at: Option<Timestamp>,
        pub last_status: Option<LastStatus>,
        pub last_error: Option<String>,
        pub last_deleted: Option<u64>,
        pub total_deleted: u64,
    }
}

const COLUMNS: &str = Schedule::COLUMNS;

/// The schedule of this name.
pub fn by_name(connection: &Connection, name: &str) -> Result<Option<Schedule>> {
    connection.maybe(
        &format!("SELECT {COLUMNS} FROM schedules WHERE name = :name"),
        params! { ":name": name },
        Schedule::read,
    )
}

/// The schedule with this number.
pub fn by_id(connection: &Connection, id: ScheduleId) -> Result<Option<Schedule>> {
    connection.maybe(
        &format!("SELECT {COLUMNS} FROM schedules WHERE id = :id"),
        params! { ":id": id },
        Schedule::read,
    )
}

/// All schedules by name.
pub fn all(connection: &Connection) -> Result<Vec<Schedule>> {
    connection.all(
        &format!("SELECT {COLUMNS} FROM schedules ORDER BY name"),
        params! {},
        Schedule::read,
    )
}

/// Enabled schedules whose next run is due.
pub fn due(connection: &Connection, now: Timestamp) -> Result<Vec<Schedule>> {
    connection.all(
        &format!(
            "SELECT {COLUMNS} FROM schedules WHERE state = 'enabled' AND next_at <= :now ORDER BY next_at, id"
        ),
        params! { ":now": now },
        Schedule::read,
    )
}

/// Enabled schedules whose last run lies ahead of the clock.
pub fn ran_after(connection: &Connection, now: Timestamp) -> Result<Vec<Schedule>> {
    connection.all(
        &format!(
            "SELECT {COLUMNS} FROM schedules WHERE state = 'enabled' AND last_run_at > :now ORDER BY id"
        ),
        params! { ":now": now },
        Schedule::read,
    )
}

/// When the next run of any enabled schedule is due.
pub fn next_due(connection: &Connection) -> Result<Option<Timestamp>> {
    connection.value(
        "SELECT MIN(next_at) FROM schedules WHERE state = 'enabled' AND next_at IS NOT NULL",
        params! {},
    )
}

/// Adds a schedule; its number and what its runs left behind are not looked at.
pub fn insert(tx: &Transaction<'_>, schedule: &Schedule) -> Result<ScheduleId> {
    tx.value(
        "INSERT INTO schedules (name, run, every, start, next_at, retention_days, keep_empty, log, state, created_at)
         VALUES (:name, :run, :every, :start, :next, :days, :keep, :log, :state, :created) RETURNING id",
        params! {
            ":name": schedule.name, ":run": schedule.run, ":every": schedule.every,
            ":start": schedule.start, ":next": schedule.next_at,
            ":days": schedule.retention_days, ":keep": schedule.keep_empty, ":log": schedule.log,
            ":state": schedule.state, ":created": schedule.created_at,
        })
}

/// Changes what a schedule is, not what its runs left behind.
pub fn update(tx: &Transaction<'_>, schedule: &Schedule) -> Result<()> {
    tx.change(
        "UPDATE schedules SET name = :name, run = :run, every = :every, start = :start, next_at = :next,
                retention_days = :days, keep_empty = :keep, log = :log, state = :state WHERE id = :id",
        params! {
            ":id": schedule.id, ":name": schedule.name, ":run": schedule.run,
            ":every": schedule.every, ":start": schedule.start,
            ":next": schedule.next_at, ":days": schedule.retention_days,
            ":keep": schedule.keep_empty, ":log": schedule.log, ":state": schedule.state,
        },
    )?;
    Ok(())
}

/// Says when it runs next.
pub fn set_next(tx: &Transaction<'_>, id: ScheduleId, next_at: Option<Timestamp>) -> Result<()> {
    tx.change(
        "UPDATE schedules SET next_at = :next WHERE id = :id",
        params! { ":id": id, ":next": next_at },
    )?;
    Ok(())
}

/// Notes how a run ended.
pub fn note_run(
    tx: &Transaction<'_>,
    id: ScheduleId,
    now: Timestamp,
    status: LastStatus,
    error: Option<&str>,
    deleted: u64,
) -> Result<()> {
    tx.change(
        "UPDATE schedules SET last_run_at = :now, last_status = :status, last_error = :error,
                last_deleted = :deleted, total_deleted = total_deleted + :deleted WHERE id = :id",
        params! {
            ":id": id, ":now": now, ":status": status, ":error": error,
            ":deleted": deleted,
        },
    )?;
    Ok(())
}

/// Removes a schedule with its runs that have not begun.
pub fn delete(tx: &Transaction<'_>, id: ScheduleId) -> Result<()> {
    tx.change(
        "DELETE FROM tasks WHERE schedule_id = :id AND state = 'queued'",
        params! { ":id": id },
    )?;
    tx.change(
        "DELETE FROM schedules WHERE id = :id",
        params! { ":id": id },
    )?;
    Ok(())
}
