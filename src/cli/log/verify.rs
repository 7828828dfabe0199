//! `log verify`

use clap::Args;

use crate::actions::verify_audit::{Verdict, verify_audit};
use crate::cli::call::Call;
use crate::cli::report::Report;
use crate::error::{Exit, Result};
use crate::render::record::Record;
use crate::render::words::count;

/// Prove that nobody changed, inserted, moved or removed an audit entry
///
/// Ends with 1 and names the first entry where the chain does not hold. It cannot see that the
/// whole store was replaced by an old copy: for that, write down elsewhere what --head prints.
#[derive(Debug, Args)]
pub struct Verify {
    /// Print the number and digest of the last entry, to be written down elsewhere
    #[arg(long)]
    head: bool,
}

impl Verify {
    pub(in crate::cli) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let mut workspace = call.workspace()?;
        let ring = &workspace.ring;
        let verdict = workspace
            .store
            .snapshot(|connection| verify_audit(connection, ring))?;
        Ok(match verdict {
            Verdict::Holds {
                entries,
                pruned,
                head,
            } => {
                let number = |value: i64| u64::try_from(value).unwrap_or(0);
                let record = Record::new()
                    .data("holds", true)
                    .data("entries", number(entries))
                    .data("pruned", number(pruned))
                    .field("last", "Entry", number(entries + pruned))
                    .field("head", "Digest", head);
                let report = if self.head {
                    Report::details(record)
                } else {
                    Report::lines(record, Vec::new())
                };
                report.note(format!(
                    "The chain holds: {}.",
                    count(number(entries), "entry")
                ))
            }
            Verdict::Broken { entry, why, .. } => {
                let record = Record::new()
                    .data("holds", false)
                    .data(
                        "entry",
                        entry.map(|number| u64::try_from(number).unwrap_or(0)),
                    )
                    .data("why", why.as_str());
                Report::done(record, format!("The chain does not hold: {why}.")).exit(Exit::No)
            }
        })
    }
}
