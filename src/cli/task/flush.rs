//! `task flush`

use clap::Args;

use crate::actions::flush_tasks::flush_tasks;
use crate::cli::call::Call;
use crate::cli::report::Report;
use crate::error::Result;
use crate::render::record::Record;
use crate::render::words::count;
use crate::store::tasks::Clear;

/// Clear tasks that are not running
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("which").required(true)))]
pub struct Flush {
    /// Those that failed
    #[arg(long, group = "which")]
    failed: bool,

    /// Runs of schedules, waiting or ended; the schedules stay
    #[arg(long, group = "which")]
    scheduler: bool,

    /// All of them, with mail that waits to be sent
    #[arg(long, group = "which")]
    all: bool,
}

impl Flush {
    pub(in crate::cli) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let (which, word) = if self.failed {
            (Clear::Failed, "failed")
        } else if self.scheduler {
            (Clear::Scheduler, "scheduler")
        } else {
            (Clear::All, "all")
        };
        let mut workspace = call.workspace()?;
        let question = format!("Are you sure you want to clear {word} tasks?");
        call.ask(&question, &format!("{word} tasks are cleared"))?;
        let cleared = flush_tasks(&mut workspace, which, word)?;
        let what = match which {
            Clear::All => "task".to_owned(),
            Clear::Failed | Clear::Scheduler => format!("{word} task"),
        };
        Ok(Report::done(
            Record::new().data("cleared", cleared).data("which", word),
            format!("Cleared {}.", count(cleared, &what)),
        ))
    }
}
