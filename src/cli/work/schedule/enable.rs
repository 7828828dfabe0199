//! `schedule enable`

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::record::switch;
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::schedule::ScheduleState;

/// Let a schedule run by itself again, from its next turn on
#[derive(Debug, Args)]
pub struct Enable {
    /// The schedule's name
    #[arg(add = ArgValueCandidates::new(complete::schedules))]
    name: String,
}

impl Enable {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        switch(call, &self.name, ScheduleState::Enabled)
    }
}
