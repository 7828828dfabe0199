//! `log prune`

use clap::Args;

use crate::actions::cleaning::prune::prune;
use crate::cli::desk::{Call, Report, number};
use crate::error::{Error, Kind, Result};
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::record::Record;
use crate::render::words::count;

/// Delete old entries of all logs; the audit chain can still be proven
///
/// Takes audit entries, attempts, lines of the mail log, runs of purges and imported lines. A
/// chain that does not hold is not touched.
#[derive(Debug, Args)]
pub struct Prune {
    /// Days an entry is kept; 0 for none [default: audit.retention_days]
    #[arg(long, value_name = "N", value_parser = number::within(0..=36_500), allow_negative_numbers = true)]
    retention_days: Option<u64>,

    /// Only count what would be deleted
    #[arg(long)]
    dry_run: bool,
}

impl Prune {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let days = self
            .retention_days
            .unwrap_or(call.settings()?.audit.retention_days);
        let mut workspace = call.workspace()?;
        let stop = stop_on_signals()?;
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        let answer = prune(&mut workspace, days, self.dry_run, &mut pace)?;
        let record = Record::new()
            .data("audit", answer.audit)
            .data("verify_attempts", answer.attempts)
            .data("email", answer.mail)
            .data("purges", answer.purges)
            .data("imported", answer.imported)
            .data("retention_days", days)
            .data("dry_run", self.dry_run);
        let what = count(answer.total(), "entry");
        let report = Report::lines(record, Vec::new());
        if answer.is_interrupted {
            return Ok(report.obstacle(
                Error::new(Kind::Interrupted, format!("interrupted after {what}"))
                    .hint("nothing is lost; the next pruning goes on"),
            ));
        }
        Ok(if self.dry_run {
            report.note(format!("Pruning would delete {what}."))
        } else if call.global.verbose {
            report.note(format!("Pruned {what}."))
        } else {
            report
        })
    }
}
