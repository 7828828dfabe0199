//! `schedule add`

use clap::Args;

use super::record::{HowOften, RunWord, details};
use crate::actions::work::schedules::{Request, add};
use crate::cli::desk::{Call, Report, number};
use crate::error::Result;
use crate::model::calendar::At;
use crate::model::schedule::{ScheduleState, parse_name};

/// Add a recurring purge or pruning; the worker runs it
///
/// Runs follow the calendar from the first one on: what begins on the 31st runs on the last day
/// of shorter months, and days, weeks and months keep the time of day when the clock is set, while
/// minutes and hours pass. One that was missed runs once when the worker is back.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("often").required(true).args(["every", "cron"])))]
pub struct Add {
    /// The schedule's name
    name: String,

    /// What it runs
    #[arg(long)]
    run: RunWord,

    #[command(flatten)]
    often: HowOften,

    /// The first run, in UTC unless a zone is named: 03:00, 2026-11-30T03:00,
    /// 2026-11-30T03:00[Europe/Berlin]; with --cron, from when on [default for --cron: now]
    #[arg(long, value_name = "TIME", required_unless_present = "cron")]
    at: Option<String>,

    /// The next run, if it is to be another than the calendar's; not earlier than --at
    #[arg(long, value_name = "TIME")]
    next: Option<String>,

    /// Days a dead code or an entry is kept [default: the setting at the time of the run]
    #[arg(long, value_name = "N", value_parser = number::within(0..=36_500), allow_negative_numbers = true)]
    retention_days: Option<u64>,

    /// Keep emptied batches in lists
    #[arg(long)]
    keep_empty_batches: bool,

    /// Write a report of each run to the log file
    #[arg(long)]
    log: bool,

    /// Add it without letting it run yet
    #[arg(long)]
    disabled: bool,
}

impl Add {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let request = Request {
            name: Some(parse_name(&self.name)?),
            run: Some(self.run.into()),
            every: self.often.parse()?,
            start: Some(match &self.at {
                Some(text) => At::parse(text, call.now)?,
                None => At::in_utc(call.now),
            }),
            next: match &self.next {
                Some(text) => Some(At::parse(text, call.now)?.first()),
                None => None,
            },
            retention_days: self.retention_days,
            keep_empty: Some(self.keep_empty_batches),
            log: Some(self.log),
            state: Some(if self.disabled {
                ScheduleState::Disabled
            } else {
                ScheduleState::Enabled
            }),
        };
        let mut workspace = call.workspace()?;
        let schedule = add(&mut workspace, &request)?;
        let next = schedule
            .next_at
            .map_or_else(|| "never".to_owned(), |at| call.zone().readable(at));
        let note = format!(
            "Added {}; next run {next}. The worker runs it: see `recovery-codes schedule install`.",
            schedule.name
        );
        Ok(Report::done(details(&schedule), note))
    }
}
