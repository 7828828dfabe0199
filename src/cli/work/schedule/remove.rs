//! `schedule remove`

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::record::details;
use crate::actions::work::schedules::{find, remove};
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::schedule::parse_name;

/// Remove a schedule, with its runs that have not begun
#[derive(Debug, Args)]
pub struct Remove {
    /// The schedule's name
    #[arg(add = ArgValueCandidates::new(complete::schedules))]
    name: String,
}

impl Remove {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = parse_name(&self.name)?;
        let mut workspace = call.workspace()?;
        let found = find(workspace.store.read(), &name)?;
        call.confirm(&format!(
            "the schedule {} no longer runs: {} {}",
            found.name,
            found.run.word(),
            found.every.words()
        ))?;
        let schedule = remove(&mut workspace, &name)?;
        let note = format!("Removed {}.", schedule.name);
        Ok(Report::done(details(&schedule).data("removed", true), note))
    }
}
