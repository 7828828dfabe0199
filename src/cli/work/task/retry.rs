//! `task retry`

use clap::Args;

use super::record::{task_id, task_record};
use crate::actions::work::retry_task::retry_task;
use crate::cli::desk::{Call, Report, send_now};
use crate::error::Result;
use crate::model::task::TaskKind;

/// Try a task again that failed or waits, as if it had never been tried
#[derive(Debug, Args)]
pub struct Retry {
    /// The task's number
    id: String,
}

impl Retry {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let id = task_id(&self.id)?;
        let mut workspace = call.workspace()?;
        let task = retry_task(&mut workspace, id)?;
        let report = Report::done(
            task_record(&task),
            format!("Task {} is queued again.", id.0),
        );
        match task.kind {
            TaskKind::Mail => send_now(call, &mut workspace, &[id], true, report),
            TaskKind::Purge | TaskKind::Prune => Ok(report),
        }
    }
}
