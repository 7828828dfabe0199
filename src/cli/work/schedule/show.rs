//! `schedule show`

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::record::details;
use crate::actions::work::schedules::find;
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::schedule::parse_name;

/// Show one schedule: when it runs, and how the last run ended
#[derive(Debug, Args)]
pub struct Show {
    /// The schedule's name
    #[arg(add = ArgValueCandidates::new(complete::schedules))]
    name: String,
}

impl Show {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = parse_name(&self.name)?;
        let store = call.store()?;
        Ok(Report::details(details(&find(store.read(), &name)?)))
    }
}
