//! `worker`: does what is due.

use clap::Args;

use super::call::Call;
use super::report::Report;
use crate::actions::deliver::Post;
use crate::actions::run_tasks::run_due;
use crate::error::{Error, Kind, Result};
use crate::render::record::Record;
use crate::render::words::count;

/// Do the background work that is due: send queued mail
///
/// Ends with 0 when all went well, also when there was nothing to do, and with 4 when something
/// failed. Silent when all is well.
#[derive(Debug, Args)]
pub struct Worker {
    /// Do what is due now and end
    #[arg(long, required = true)]
    once: bool,
}

impl Worker {
    pub(super) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let mut workspace = call.workspace()?;
        let mut post = Post {
            mailer: &mut *call.platform.mailer,
            clock: &*call.platform.clock,
            terminal: &mut *call.platform.terminal,
        };
        let summary = run_due(&mut workspace, &mut post)?;
        let (later, failed) = (summary.later.len() as u64, summary.failed.len() as u64);
        let record = Record::new()
            .data("done", summary.done)
            .data("later", later)
            .data("failed", failed);
        let mut report = Report::lines(record, Vec::new());
        if call.global.verbose {
            report = report.note(format!("Done: {}.", count(summary.done, "task")));
        }
        let first = summary.failed.into_iter().chain(summary.later).next();
        Ok(match first {
            None => report,
            Some((id, error)) => {
                let more = later + failed - 1;
                let rest = if more == 0 {
                    String::new()
                } else {
                    format!(", and {} more", count(more, "task"))
                };
                let advice = error
                    .advice()
                    .unwrap_or("see `recovery-codes task list`")
                    .to_owned();
                report.obstacle(
                    Error::new(
                        Kind::Mail,
                        format!("task {} did not succeed: {error}{rest}", id.0),
                    )
                    .hint(advice),
                )
            }
        })
    }
}
