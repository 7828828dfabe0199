//! `schedule edit`

use clap::{ArgAction, Args};
use clap_complete::engine::ArgValueCandidates;

use super::record::{HowOften, RunWord, details};
use crate::actions::work::schedules::{Request, edit};
use crate::cli::desk::{Call, Report, complete, number};
use crate::error::Result;
use crate::model::calendar::At;
use crate::model::schedule::parse_name;

/// Change a schedule; a run that has begun goes on as it was
#[derive(Debug, Args)]
#[command(
    group(clap::ArgGroup::new("change").required(true).multiple(true).args(["every", "cron"])),
    override_usage = "recovery-codes schedule edit [OPTIONS] <NAME>"
)]
pub struct Edit {
    /// The schedule's name as it is now
    #[arg(add = ArgValueCandidates::new(complete::schedules))]
    name: String,

    /// The new name
    #[arg(long = "name", value_name = "NEW", group = "change")]
    new_name: Option<String>,

    /// What it runs
    #[arg(long, group = "change")]
    run: Option<RunWord>,

    #[command(flatten)]
    often: HowOften,

    /// The first run
    #[arg(long, value_name = "TIME", group = "change")]
    at: Option<String>,

    /// The next run; not earlier than the first
    #[arg(long, value_name = "TIME", group = "change")]
    next: Option<String>,

    /// Days a dead code or an entry is kept
    #[arg(long, value_name = "N", group = "change", value_parser = number::within(0..=36_500), allow_negative_numbers = true)]
    retention_days: Option<u64>,

    /// Whether emptied batches stay in lists
    #[arg(long, value_name = "true|false", group = "change", action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    keep_empty_batches: Option<bool>,

    /// Whether each run writes a report to the log file
    #[arg(long, value_name = "true|false", group = "change", action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    log: Option<bool>,
}

impl Edit {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = parse_name(&self.name)?;
        let at = |text: &Option<String>| {
            text.as_deref()
                .map(|text| At::parse(text, call.now))
                .transpose()
        };
        let request = Request {
            name: self.new_name.as_deref().map(parse_name).transpose()?,
            run: self.run.map(Into::into),
            every: self.often.parse()?,
            start: at(&self.at)?,
            next: at(&self.next)?.map(|at| at.first()),
            retention_days: self.retention_days,
            keep_empty: self.keep_empty_batches,
            log: self.log,
            state: None,
        };
        let mut workspace = call.workspace()?;
        let schedule = edit(&mut workspace, &name, &request)?;
        let next = schedule
            .next_at
            .map_or_else(|| "never".to_owned(), |at| call.zone().readable(at));
        Ok(Report::done(
            details(&schedule),
            format!("Changed {}; next run {next}.", schedule.name),
        ))
    }
}
