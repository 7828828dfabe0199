//! `schedule next`

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use crate::actions::work::schedules::{coming, find};
use crate::cli::desk::{Call, Report, complete, number};
use crate::error::Result;
use crate::model::calendar::{At, on_its_clock, on_its_clock_compact};
use crate::model::page::Page;
use crate::model::schedule::{ScheduleState, parse_name};
use crate::model::zone::Zone;
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;

/// Show when a schedule runs next, on the clock of its zone
#[derive(Debug, Args)]
pub struct Next {
    /// The schedule's name
    #[arg(add = ArgValueCandidates::new(complete::schedules))]
    name: String,

    /// How many runs
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = number::within(1..=1000), allow_negative_numbers = true)]
    count: u64,
}

impl Next {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = parse_name(&self.name)?;
        let store = call.store()?;
        let now = call.moment(&store)?;
        let schedule = find(store.read(), &name)?;
        let start = At::from_stored(&schedule.start)?;
        let here = match call.zone() {
            Zone::Utc => "In UTC",
            _ => "Here",
        };
        let runs = coming(&schedule, &start, now);
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        let rows: Vec<Record> = runs
            .take(count)
            .map(|at| {
                Record::new()
                    .data("local", on_its_clock(&start, at))
                    .words("Next runs", on_its_clock_compact(&start, at))
                    .field("at", here, at)
            })
            .collect();
        let report = Report::page(Page::whole(rows), format!("{name} does not run again."));
        Ok(if schedule.state == ScheduleState::Disabled {
            report.note(format!(
                "{name} is disabled: it runs so after `recovery-codes schedule enable {}`.",
                name_in_shell(&name)
            ))
        } else if schedule.next_at.is_some_and(|next| next <= now) {
            report.note("The first is due; the worker runs it.")
        } else {
            report
        })
    }
}
