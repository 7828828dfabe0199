//! What the words of `schedule` say.

use crate::actions::work::schedules;
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::calendar::Every;
use crate::model::schedule::{RunKind, ScheduleState, parse_name};
use crate::render::record::Record;
use crate::store::schedules::Schedule as Row;
use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCandidates;

/// What a schedule runs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RunWord {
    /// Delete dead codes
    Purge,
    /// Prune the logs
    Prune,
}

impl From<RunWord> for RunKind {
    fn from(word: RunWord) -> Self {
        match word {
            RunWord::Purge => Self::Purge,
            RunWord::Prune => Self::Prune,
        }
    }
}

/// How often it runs, in one of two ways.
#[derive(Debug, Args)]
pub struct HowOften {
    /// How often: once, hourly, daily, weekly, monthly, quarterly, yearly, or a turn of 15m, 6h,
    /// 2d, 2w, 3mo
    #[arg(long, value_name = "TURN", conflicts_with = "cron", add = ArgValueCandidates::new(complete::turns))]
    every: Option<String>,

    /// The same as a cron expression, by the clock of the zone of --at: '0 3 * * 1-5'
    #[arg(long, value_name = "EXPRESSION")]
    cron: Option<String>,
}

impl HowOften {
    pub(super) fn parse(&self) -> Result<Option<Every>> {
        match (&self.every, &self.cron) {
            (Some(text), _) => Every::parse(text).map(Some),
            (None, Some(text)) => Every::parse_cron(text).map(Some),
            (None, None) => Ok(None),
        }
    }
}

/// What every word says of a schedule.
pub fn record(schedule: &Row) -> Record {
    let next_at = schedule
        .next_at
        .filter(|_| schedule.state == ScheduleState::Enabled);
    let how_often = match schedule.every.cron() {
        Some(expression) => expression.to_owned(),
        None => schedule.every.to_string(),
    };
    Record::new()
        .field("schedule", "Schedule", schedule.name.as_str())
        .field("run", "Runs", schedule.run.word())
        .data(
            "every",
            Some(schedule.every.to_string()).filter(|_| schedule.every.cron().is_none()),
        )
        .data("cron", schedule.every.cron())
        .words("How often", how_often)
        .field("state", "State", schedule.state.word())
        .field("next_at", "Next run", next_at)
        .field("last_run_at", "Last run", schedule.last_run_at)
        .field(
            "last_status",
            "Ended",
            schedule.last_status.map(|status| status.word()),
        )
        .data("last_error", schedule.last_error.as_deref())
        .field("last_deleted", "Deleted", schedule.last_deleted)
}

/// The rest of it.
pub fn details(schedule: &Row) -> Record {
    record(schedule)
        .words("Last error", schedule.last_error.as_deref())
        .field(
            "total_deleted",
            "Deleted in all runs",
            schedule.total_deleted,
        )
        .field("at", "First run", schedule.start.as_str())
        .field(
            "retention_days",
            "Retention in days",
            schedule.retention_days,
        )
        .field(
            "keep_empty_batches",
            "Keeps empty batches",
            schedule.keep_empty,
        )
        .field("log", "Reports to the log file", schedule.log)
        .field("created_at", "Added", schedule.created_at)
}

/// What `enable` and `disable` do.
pub fn switch(call: &mut Call<'_>, name: &str, state: ScheduleState) -> Result<Report> {
    let name = parse_name(name)?;
    let mut workspace = call.workspace()?;
    let (schedule, is_changed) = schedules::switch(&mut workspace, &name, state)?;
    let already = if is_changed { "" } else { " already" };
    let note = format!("{} is {}{already}.", schedule.name, state.word());
    Ok(Report::done(
        details(&schedule).data("changed", is_changed),
        note,
    ))
}
