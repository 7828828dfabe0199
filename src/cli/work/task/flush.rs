//! `task flush`

use clap::Args;

use crate::actions::work::flush_tasks::{clearable, flush_tasks};
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::render::record::Record;
use crate::store::tasks::Clear;

/// Clear tasks that are not running, and schedules
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("which").required(true)))]
pub struct Flush {
    /// Those that failed
    #[arg(long, group = "which")]
    failed: bool,

    /// The schedules themselves, with their runs that wait or have ended
    #[arg(long, group = "which")]
    scheduler: bool,

    /// Everything: schedules, runs, and mail that failed or waits to be sent
    #[arg(long, group = "which")]
    all: bool,
}

impl Flush {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let which = match (self.failed, self.scheduler) {
            (true, _) => Clear::Failed,
            (_, true) => Clear::Scheduler,
            _ => Clear::All,
        };
        let word = which.word();
        let mut workspace = call.workspace()?;
        let there = clearable(workspace.store.read(), which)?;
        if there.total() > 0 {
            let there = there.words();
            call.ask(
                &format!("This clears {there}. Are you sure you want to clear {word} tasks?"),
                &format!("{word} tasks are cleared: {there}"),
            )?;
        }
        let cleared = flush_tasks(&mut workspace, which)?;
        Ok(Report::done(
            Record::new()
                .data("cleared", cleared.total())
                .data("which", word)
                .data("schedules", cleared.schedules)
                .data("waiting", cleared.tasks.waiting)
                .data("failed", cleared.tasks.failed)
                .data("done", cleared.tasks.done),
            format!("Cleared {}.", cleared.words()),
        ))
    }
}
