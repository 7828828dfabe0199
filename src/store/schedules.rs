//! Table `schedules`: named, recurring purges and prunings.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::error::unknown_word;
use crate::error::Result;
use crate::model::calendar::Every;
use crate::model::id::ScheduleId;
use crate::model::schedule::{LastStatus, RunKind, ScheduleState};
use crate::model::time::{Timestamp, from_millis};

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

const COLUMNS: &str =
    "id, name, run, every, start, next_at, retention_days, keep_empty, log, state, created_at,
    last_run_at, last_status, last_error, last_deleted, total_deleted";

impl Schedule {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let word = |column: usize| row.get::<_, String>(column);
        let moment = |column: usize| -> rusqlite::Result<Option<Timestamp>> {
            Ok(row.get::<_, Option<i64>>(column)?.map(from_millis))
        };
        let (run, every, state) = (word(2)?, word(3)?, word(9)?);
        let status: Option<String> = row.get(12)?;
        Ok(Self {
            id: ScheduleId(row.get(0)?),
            name: row.get(1)?,
            run: RunKind::from_word(&run).ok_or_else(|| unknown_word("schedules.run", &run))?,
            every: Every::from_stored(&every)
                .ok_or_else(|| unknown_word("schedules.every", &every))?,
            start: row.get(4)?,
            next_at: moment(5)?,
            retention_days: row.get(6)?,
            keep_empty: row.get(7)?,
            log: row.get(8)?,
            state: ScheduleState::from_word(&state)
                .ok_or_else(|| unknown_word("schedules.state", &state))?,
            created_at: from_millis(row.get(10)?),
            last_run_at: moment(11)?,
            last_status: status
                .map(|word| {
                    LastStatus::from_word(&word)
                        .ok_or_else(|| unknown_word("schedules.last_status", &word))
                })
                .transpose()?,
            last_error: row.get(13)?,
            last_deleted: row.get(14)?,
            total_deleted: row.get(15)?,
        })
    }
}

/// The schedule of this name.
pub fn by_name(connection: &Connection, name: &str) -> Result<Option<Schedule>> {
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS} FROM schedules WHERE name = :name"
    ))?;
    Ok(statement
        .query_row(named_params! { ":name": name }, Schedule::from_row)
        .optional()?)
}

/// The schedule with this number.
pub fn by_id(connection: &Connection, id: ScheduleId) -> Result<Option<Schedule>> {
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM schedules WHERE id = :id"))?;
    Ok(statement
        .query_row(named_params! { ":id": id.0 }, Schedule::from_row)
        .optional()?)
}

/// All schedules by name.
pub fn all(connection: &Connection) -> Result<Vec<Schedule>> {
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM schedules ORDER BY name"))?;
    let schedules = statement
        .query_map([], Schedule::from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(schedules)
}

/// Enabled schedules whose next run is due.
pub fn due(connection: &Connection, now: Timestamp) -> Result<Vec<Schedule>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM schedules WHERE state = 'enabled' AND next_at <= :now ORDER BY next_at, id"
    ))?;
    let schedules = statement
        .query_map(
            named_params! { ":now": now.as_millisecond() },
            Schedule::from_row,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(schedules)
}

/// Enabled schedules whose last run lies ahead of the clock.
pub fn ran_after(connection: &Connection, now: Timestamp) -> Result<Vec<Schedule>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM schedules WHERE state = 'enabled' AND last_run_at > :now ORDER BY id"
    ))?;
    let schedules = statement
        .query_map(
            named_params! { ":now": now.as_millisecond() },
            Schedule::from_row,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(schedules)
}

/// When the next run of any enabled schedule is due.
pub fn next_due(connection: &Connection) -> Result<Option<Timestamp>> {
    let at: Option<i64> = connection.query_row(
        "SELECT MIN(next_at) FROM schedules WHERE state = 'enabled' AND next_at IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    Ok(at.map(from_millis))
}

/// Adds a schedule; its number and what its runs left behind are not looked at.
pub fn insert(tx: &Transaction<'_>, schedule: &Schedule) -> Result<ScheduleId> {
    let id = tx.query_row(
        "INSERT INTO schedules (name, run, every, start, next_at, retention_days, keep_empty, log, state, created_at)
         VALUES (:name, :run, :every, :start, :next, :days, :keep, :log, :state, :created) RETURNING id",
        named_params! {
            ":name": schedule.name, ":run": schedule.run.word(), ":every": schedule.every.to_string(),
            ":start": schedule.start, ":next": schedule.next_at.map(Timestamp::as_millisecond),
            ":days": schedule.retention_days, ":keep": schedule.keep_empty, ":log": schedule.log,
            ":state": schedule.state.word(), ":created": schedule.created_at.as_millisecond(),
        },
        |row| row.get(0),
    )?;
    Ok(ScheduleId(id))
}

/// Changes what a schedule is, not what its runs left behind.
pub fn update(tx: &Transaction<'_>, schedule: &Schedule) -> Result<()> {
    tx.execute(
        "UPDATE schedules SET name = :name, run = :run, every = :every, start = :start, next_at = :next,
                retention_days = :days, keep_empty = :keep, log = :log, state = :state WHERE id = :id",
        named_params! {
            ":id": schedule.id.0, ":name": schedule.name, ":run": schedule.run.word(),
            ":every": schedule.every.to_string(), ":start": schedule.start,
            ":next": schedule.next_at.map(Timestamp::as_millisecond), ":days": schedule.retention_days,
            ":keep": schedule.keep_empty, ":log": schedule.log, ":state": schedule.state.word(),
        },
    )?;
    Ok(())
}

/// Says when it runs next.
pub fn set_next(tx: &Transaction<'_>, id: ScheduleId, next_at: Option<Timestamp>) -> Result<()> {
    tx.execute(
        "UPDATE schedules SET next_at = :next WHERE id = :id",
        named_params! { ":id": id.0, ":next": next_at.map(Timestamp::as_millisecond) },
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
    tx.execute(
        "UPDATE schedules SET last_run_at = :now, last_status = :status, last_error = :error,
                last_deleted = :deleted, total_deleted = total_deleted + :deleted WHERE id = :id",
        named_params! {
            ":id": id.0, ":now": now.as_millisecond(), ":status": status.word(), ":error": error,
            ":deleted": deleted,
        },
    )?;
    Ok(())
}

/// Removes a schedule with its runs that have not begun.
pub fn delete(tx: &Transaction<'_>, id: ScheduleId) -> Result<()> {
    tx.execute(
        "DELETE FROM tasks WHERE schedule_id = :id AND state = 'queued'",
        named_params! { ":id": id.0 },
    )?;
    tx.execute(
        "DELETE FROM schedules WHERE id = :id",
        named_params! { ":id": id.0 },
    )?;
    Ok(())
}
