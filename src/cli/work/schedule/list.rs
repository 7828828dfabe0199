//! `schedule list`

use clap::Args;

use super::record::record;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::page::Page;
use crate::render::words::nothing;
use crate::store::schedules;

/// List schedules by name
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let store = call.store()?;
        let rows = schedules::all(store.read())?.iter().map(record).collect();
        Ok(Report::page(Page::whole(rows), nothing("schedule", false)))
    }
}
