//! `schedule disable`

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::record::switch;
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::schedule::ScheduleState;

/// Keep a schedule from running by itself
#[derive(Debug, Args)]
pub struct Disable {
    /// The schedule's name
    #[arg(add = ArgValueCandidates::new(complete::schedules))]
    name: String,
}

impl Disable {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        switch(call, &self.name, ScheduleState::Disabled)
    }
}
