//! `task list`

use clap::{Args, ValueEnum};

use super::task_record;
use crate::cli::call::Call;
use crate::cli::report::Report;
use crate::error::Result;
use crate::model::task::TaskState;
use crate::store::tasks;

/// List background work, newest first
#[derive(Debug, Args)]
pub struct List {
    /// Only tasks in this state
    #[arg(long)]
    state: Option<State>,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    page: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Queued,
    Running,
    Failed,
    Done,
}

impl List {
    pub(in crate::cli) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let state = self.state.map(|state| match state {
            State::Queued => TaskState::Queued,
            State::Running => TaskState::Running,
            State::Failed => TaskState::Failed,
            State::Done => TaskState::Done,
        });
        let request = call.page(self.page, None)?;
        let mut store = call.store()?;
        let page = store.snapshot(|connection| tasks::list(connection, state, request))?;
        Ok(Report::page(
            page.map(|task| task_record(&task)),
            "such task",
        ))
    }
}
