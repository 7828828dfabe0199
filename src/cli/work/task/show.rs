//! `task show`

use clap::Args;

use super::record::{task_id, task_record};
use crate::actions::work::retry_task::task;
use crate::cli::desk::{Call, Report};
use crate::error::Result;

/// Show one task: what it is about, how often it was tried, and how that ended
#[derive(Debug, Args)]
pub struct Show {
    /// The task's number
    id: String,
}

impl Show {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let id = task_id(&self.id)?;
        let store = call.store()?;
        Ok(Report::details(task_record(&task(store.read(), id)?)))
    }
}
