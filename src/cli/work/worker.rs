//! `worker`: does what is due, once or for good.

use std::time::Duration;

use clap::Args;

use crate::actions::work::run_tasks::{Summary, next_due, run_due};
use crate::cli::desk::{Call, Report};
use crate::error::{Error, Kind, Result};
use crate::model::time::seconds_until;
use crate::platform::pace;
use crate::platform::signals::{Stop, stop_on_signals};
use crate::render::record::Record;
use crate::render::words::count;

/// Do the background work that is due: runs of schedules and queued mail
///
/// With --once, for cron and timers, it ends when nothing is due: with 0 when all went well, also
/// when there was nothing to do, and with 4 when something did not succeed. Without it goes on,
/// sleeps until the next work, and ends on SIGTERM. Silent when all is well.
#[derive(Debug, Args)]
pub struct Worker {
    /// Do what is due now and end
    #[arg(long)]
    once: bool,
}

/// The longest sleep: work that other programs queue is seen after this many seconds.
const LONGEST_SLEEP: u64 = 15;

/// Seconds after which a store that could not be used is tried again.
const AFTER_FAILURE: u64 = 5;

impl Worker {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let stop = stop_on_signals()?;
        let mut all = Summary::default();
        if self.once {
            let (summary, _) = round(call, &stop)?;
            all = summary;
        } else {
            // What is wrong from the start is told at once; later it is waited for.
            drop(call.workspace()?);
            loop {
                let sleep = match round(call, &stop) {
                    Ok((summary, next)) => {
                        // What went wrong stands in `task list`; here it would pile up.
                        all.done += summary.done;
                        next.map_or(LONGEST_SLEEP, |seconds| seconds.min(LONGEST_SLEEP))
                    }
                    Err(error) => {
                        complain(call, &error);
                        AFTER_FAILURE
                    }
                };
                if pace::wait(&stop, Duration::from_secs(sleep.max(1))) {
                    break;
                }
                call.now = (call.platform.clock)();
            }
        }
        Ok(report(all, call.global.verbose, self.once))
    }
}

/// Does what is due at this moment; says after how many seconds there is more to do.
fn round(call: &mut Call<'_>, stop: &Stop) -> Result<(Summary, Option<u64>)> {
    let mut workspace = call.workspace()?;
    let mut post = call.post();
    let summary = run_due(&mut workspace, &mut post, stop)?;
    let next = next_due(&workspace)?.map(|at| seconds_until(call.now, at));
    Ok((summary, next))
}

/// A worker that goes on says on standard error what it is waiting for.
fn complain(call: &mut Call<'_>, error: &Error) {
    let line = crate::render::visible::visible(&format!("error: {error}; trying again\n"));
    call.platform.terminal.write_error(line.as_bytes());
}

fn report(summary: Summary, verbose: bool, once: bool) -> Report {
    let later = summary.later.len() as u64 + summary.put_off;
    let failed = summary.failed.len() as u64;
    let record = Record::new()
        .data("done", summary.done)
        .data("later", later)
        .data("failed", failed);
    let mut report = Report::lines(record, Vec::new());
    if verbose {
        report = report.note(format!("Done: {}.", count(summary.done, "task")));
    }
    let first = summary.failed.into_iter().chain(summary.later).next();
    match first {
        Some((id, error)) if once => {
            let more = later + failed - 1;
            let rest = match more {
                0 => String::new(),
                _ => format!(", and {} more", count(more, "task")),
            };
            let advice = error
                .advice()
                .unwrap_or("see `recovery-codes task list`")
                .to_owned();
            let kind = match error.kind() {
                Kind::Mail => Kind::Mail,
                _ => Kind::Task,
            };
            report.obstacle(
                Error::new(
                    kind,
                    format!("task {} did not succeed: {error}{rest}", id.0),
                )
                .hint(advice),
            )
        }
        _ => report,
    }
}
