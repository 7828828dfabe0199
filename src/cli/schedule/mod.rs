//! `schedule …`: named, recurring purges and prunings.

mod add;
mod disable;
mod edit;
mod enable;
mod install;
mod list;
mod remove;
mod run;
mod show;

use clap::{Subcommand, ValueEnum};

use super::call::Call;
use super::report::Report;
use crate::actions::schedules;
use crate::error::Result;
use crate::model::calendar::Every;
use crate::model::schedule::{RunKind, ScheduleState, parse_name};
use crate::render::record::Record;
use crate::store::schedules::Schedule as Row;

/// Add, show, change, run and remove recurring purges and prunings
#[derive(Debug, Subcommand)]
pub enum Schedule {
    Add(add::Add),
    List(list::List),
    Show(show::Show),
    Edit(edit::Edit),
    Enable(enable::Enable),
    Disable(disable::Disable),
    Remove(remove::Remove),
    Run(run::Run),
    Install(install::Install),
}

impl Schedule {
    pub(super) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        match self {
            Self::Add(word) => word.run(call),
            Self::List(word) => word.run(call),
            Self::Show(word) => word.run(call),
            Self::Edit(word) => word.run(call),
            Self::Enable(word) => word.run(call),
            Self::Disable(word) => word.run(call),
            Self::Remove(word) => word.run(call),
            Self::Run(word) => word.run(call),
            Self::Install(word) => word.run(call),
        }
    }
}

/// What a schedule runs.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RunWord {
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

/// How often it runs.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum EveryWord {
    Once,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

impl From<EveryWord> for Every {
    fn from(word: EveryWord) -> Self {
        match word {
            EveryWord::Once => Self::Once,
            EveryWord::Hourly => Self::Hourly,
            EveryWord::Daily => Self::Daily,
            EveryWord::Weekly => Self::Weekly,
            EveryWord::Monthly => Self::Monthly,
            EveryWord::Quarterly => Self::Quarterly,
            EveryWord::Yearly => Self::Yearly,
        }
    }
}

/// What every word says of a schedule.
fn record(schedule: &Row) -> Record {
    let next_at = schedule
        .next_at
        .filter(|_| schedule.state == ScheduleState::Enabled);
    Record::new()
        .field("schedule", "Schedule", schedule.name.as_str())
        .field("run", "Runs", schedule.run.word())
        .field("every", "Every", schedule.every.word())
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
fn details(schedule: &Row) -> Record {
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
fn switch(call: &mut Call<'_>, name: &str, state: ScheduleState) -> Result<Report> {
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
