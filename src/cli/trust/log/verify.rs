//! `log verify`

use clap::Args;
use zeroize::Zeroizing;

use crate::actions::trust::hold_audit::{Held, hold_audit};
use crate::actions::trust::verify_audit::{Verdict, verify_audit};
use crate::cli::desk::{Call, Report};
use crate::error::{Exit, Result};
use crate::model::audit::Anchor;
use crate::render::record::Record;
use crate::render::words::count;

/// Prove that nobody changed, inserted, moved or removed an audit entry
///
/// Ends with 1 and names the first entry where the chain does not hold. That the whole store was
/// replaced by an old copy it sees only with --anchor: write down elsewhere what --head prints,
/// and give it back here. An anchor whose entry was pruned cannot be compared any more, unless it
/// is the last pruned one; that too ends with 1.
#[derive(Debug, Args)]
pub struct Verify {
    /// Print the number and digest of the last entry as N:DIGEST, to be written down elsewhere
    #[arg(long)]
    head: bool,

    /// What --head printed once; the chain must still hold it. May be given several times
    #[arg(long, value_name = "N:DIGEST")]
    anchor: Vec<String>,
}

impl Verify {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let texts = self.anchor.iter();
        let anchors = texts
            .map(|text| Anchor::parse(text))
            .collect::<Result<Vec<_>>>()?;
        let mut workspace = call.workspace()?;
        let ring = &workspace.ring;
        let (verdict, held) = workspace.store.snapshot(|connection| {
            Ok((
                verify_audit(connection, ring)?,
                hold_audit(connection, &anchors)?,
            ))
        })?;
        Ok(match (verdict, held) {
            (Verdict::Broken { entry, why, .. }, _) => broken(entry, &why),
            (_, Held::Not { entry, why }) => broken(Some(entry), &why),
            (_, Held::Untold { entry, why }) => {
                let record = Record::new()
                    .data("holds", None::<bool>)
                    .data("entry", u64::try_from(entry).unwrap_or(0))
                    .data("why", why.as_str());
                Report::done(record, format!("That cannot be told: {why}.")).exit(Exit::No)
            }
            (
                Verdict::Holds {
                    entries,
                    pruned,
                    head,
                },
                Held::All,
            ) => {
                let number = |value: i64| u64::try_from(value).unwrap_or(0);
                let record = Record::new()
                    .data("holds", true)
                    .data("entries", number(entries))
                    .data("pruned", number(pruned))
                    .data("last", number(head.number))
                    .data("head", head.digest())
                    .data("anchor", head.to_string());
                let lines = if self.head {
                    vec![Zeroizing::new(head.to_string())]
                } else {
                    Vec::new()
                };
                let report = Report::lines(record, lines);
                report.note(format!(
                    "The chain holds: {}.",
                    count(number(entries), "entry")
                ))
            }
        })
    }
}

fn broken(entry: Option<i64>, why: &str) -> Report {
    let record = Record::new()
        .data("holds", false)
        .data(
            "entry",
            entry.map(|number| u64::try_from(number).unwrap_or(0)),
        )
        .data("why", why);
    Report::done(record, format!("The chain does not hold: {why}.")).exit(Exit::No)
}
