//! Adds, changes, switches and removes schedules.

use crate::actions::desk::workspace::{Workspace, Writing};
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::calendar::{self, At, Every, Often};
use crate::model::id::ScheduleId;
use crate::model::schedule::{RunKind, ScheduleState};
use crate::model::time::Timestamp;
use crate::model::user::quote;
use crate::store::Connection;
use crate::store::schedules::{self, Schedule};

/// What a schedule is to be; in a change, what is none stays.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub name: Option<String>,
    pub run: Option<RunKind>,
    pub every: Option<Every>,
    /// The first run.
    pub start: Option<At>,
    /// The next run, not earlier than the first.
    pub next: Option<Timestamp>,
    pub retention_days: Option<u64>,
    pub keep_empty: Option<bool>,
    pub log: Option<bool>,
    pub state: Option<ScheduleState>,
}

/// The schedule of this name.
///
/// # Errors
/// [`Kind::UnknownSchedule`].
pub fn find(connection: &Connection, name: &str) -> Result<Schedule> {
    schedules::by_name(connection, name)?.ok_or_else(|| {
        Error::new(
            Kind::UnknownSchedule,
            format!("there is no schedule {}", quote(name)),
        )
        .hint("`recovery-codes schedule list` shows all")
    })
}

/// Adds a schedule; name, run, every and start must be given.
///
/// # Errors
/// [`Kind::ScheduleExists`]; [`Kind::Usage`] when the next run is before the first, or there is
/// none in the future; [`Kind::DoubtfulClock`].
pub fn add(workspace: &mut Workspace, request: &Request) -> Result<Schedule> {
    let (Some(name), Some(run), Some(every), Some(start)) =
        (&request.name, request.run, &request.every, &request.start)
    else {
        return Err(Error::new(
            Kind::Usage,
            "a schedule needs a name, what it runs, how often and from when",
        )
        .hint("see `recovery-codes schedule add --help`"));
    };
    workspace.require_sure_clock()?;
    let schedule = Schedule {
        id: ScheduleId(0),
        name: name.clone(),
        run,
        every: every.clone(),
        start: start.to_stored(),
        next_at: Some(first_run(every, start, request.next, workspace.origin.at)?),
        retention_days: request.retention_days,
        keep_empty: request.keep_empty.unwrap_or(false),
        log: request.log.unwrap_or(false),
        state: request.state.unwrap_or(ScheduleState::Enabled),
        created_at: workspace.origin.at,
        last_run_at: None,
        last_status: None,
        last_error: None,
        last_deleted: None,
        total_deleted: 0,
    };
    workspace.write(|tx| {
        require_free(tx, name, None)?;
        schedules::insert(tx, &schedule)?;
        let deed = Deed::new(Action::ScheduleAdded).details(describe(&schedule));
        tx.record(deed)?;
        find(tx, name)
    })
}

/// Changes a schedule. A run that has begun goes on as it was.
///
/// # Errors
/// [`Kind::UnknownSchedule`], [`Kind::ScheduleExists`], [`Kind::Usage`], [`Kind::DoubtfulClock`] as [`add`].
pub fn edit(workspace: &mut Workspace, name: &str, request: &Request) -> Result<Schedule> {
    workspace.require_sure_clock()?;
    workspace.write(|tx| {
        let old = find(tx, name)?;
        let mut new = old.clone();
        if let Some(renamed) = &request.name {
            require_free(tx, renamed, Some(old.id))?;
            new.name = renamed.clone();
        }
        new.run = request.run.unwrap_or(old.run);
        new.every = request.every.clone().unwrap_or(old.every.clone());
        new.retention_days = request.retention_days.or(old.retention_days);
        new.keep_empty = request.keep_empty.unwrap_or(old.keep_empty);
        new.log = request.log.unwrap_or(old.log);
        let start = match &request.start {
            Some(start) => start.clone(),
            None => At::from_stored(&old.start)?,
        };
        new.start = start.to_stored();
        let is_moved = request.every.is_some() || request.start.is_some() || request.next.is_some();
        if is_moved {
            new.next_at = Some(first_run(&new.every, &start, request.next, tx.origin.at)?);
        }
        schedules::update(tx, &new)?;
        let deed = Deed::new(Action::ScheduleEdited).details(format!(
            "{}; before: {}",
            describe(&new),
            describe(&old)
        ));
        tx.record(deed)?;
        find(tx, &new.name)
    })
}

/// Lets a schedule run by itself, or not; that it is so already is fine. One that is enabled
/// after a while begins with its next turn, not with those it missed.
///
/// # Errors
/// [`Kind::UnknownSchedule`].
pub fn switch(
    workspace: &mut Workspace,
    name: &str,
    state: ScheduleState,
) -> Result<(Schedule, bool)> {
    workspace.write(|tx| {
        let mut schedule = find(tx, name)?;
        if schedule.state == state {
            return Ok((schedule, false));
        }
        schedule.state = state;
        let is_past = schedule.next_at.is_some_and(|at| at <= tx.origin.at);
        if state == ScheduleState::Enabled && is_past {
            schedule.next_at = calendar::next(
                &schedule.every,
                &At::from_stored(&schedule.start)?,
                tx.origin.at,
            );
        }
        schedules::update(tx, &schedule)?;
        let action = match state {
            ScheduleState::Enabled => Action::ScheduleEnabled,
            ScheduleState::Disabled => Action::ScheduleDisabled,
        };
        tx.record(Deed::new(action).details(schedule.name.clone()))?;
        Ok((schedule, true))
    })
}

/// Removes a schedule with its runs that have not begun.
///
/// # Errors
/// [`Kind::UnknownSchedule`].
pub fn remove(workspace: &mut Workspace, name: &str) -> Result<Schedule> {
    workspace.write(|tx| {
        let schedule = find(tx, name)?;
        delete(tx, &schedule)?;
        Ok(schedule)
    })
}

/// Takes it away with its runs that have not begun, and records that.
pub(in crate::actions) fn delete(tx: &Writing<'_>, schedule: &Schedule) -> Result<()> {
    schedules::delete(tx, schedule.id)?;
    let deed = Deed::new(Action::ScheduleRemoved).details(describe(schedule));
    tx.record(deed)
}

/// When it runs next: at the moment that is set, which may be due, and then by the calendar; a
/// disabled one by the calendar, as if it were enabled now.
pub fn coming<'a>(
    schedule: &'a Schedule,
    start: &'a At,
    now: Timestamp,
) -> impl Iterator<Item = Timestamp> + 'a {
    let set = schedule
        .next_at
        .filter(|next| schedule.state == ScheduleState::Enabled || *next > now);
    let after = set.map_or(now, |next| next.max(now));
    let has_run = set.is_none() && schedule.every == Every::Often(Often::Once);
    let others = calendar::coming(&schedule.every, start, after).filter(move |_| !has_run);
    set.into_iter().chain(others)
}

/// When a schedule that is to be added would run first.
///
/// # Errors
/// [`Kind::Usage`] as [`add`].
pub(in crate::actions) fn first(request: &Request, now: Timestamp) -> Result<Option<Timestamp>> {
    let (Some(every), Some(start)) = (&request.every, &request.start) else {
        return Ok(None);
    };
    first_run(every, start, request.next, now).map(Some)
}

/// The first run after `now`: the one that is named, or the first by the calendar.
fn first_run(
    every: &Every,
    start: &At,
    next: Option<Timestamp>,
    now: Timestamp,
) -> Result<Timestamp> {
    if let Some(next) = next {
        if next < start.first() {
            return Err(Error::new(Kind::Usage, "--next is earlier than --at")
                .hint("the next run cannot be before the first"));
        }
        return Ok(next);
    }
    calendar::next(every, start, now).ok_or_else(|| {
        Error::new(
            Kind::Usage,
            "the schedule would never run: its only run is in the past",
        )
        .hint("give a moment in the future with --at")
    })
}

fn require_free(connection: &Connection, name: &str, except: Option<ScheduleId>) -> Result<()> {
    match schedules::by_name(connection, name)? {
        Some(found) if Some(found.id) != except => Err(Error::new(
            Kind::ScheduleExists,
            format!("there is a schedule {} already", quote(name)),
        )
        .hint("give another name, or change that one with `recovery-codes schedule edit`")),
        _ => Ok(()),
    }
}

fn describe(schedule: &Schedule) -> String {
    let mut text = format!(
        "{}: {} {} from {}",
        schedule.name,
        schedule.run.word(),
        schedule.every.words(),
        schedule.start
    );
    if let Some(days) = schedule.retention_days {
        text.push_str(&format!(", retention {days} days"));
    }
    if schedule.keep_empty {
        text.push_str(", keeps empty batches");
    }
    text
}
