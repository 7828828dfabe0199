//! What is said of entries of a list that cannot be imported.

use clap::Args;

use crate::actions::users::roster::{Refusals, Refused, Shared};
use crate::cli::desk::Report;
use crate::error::Error;
use crate::render::record::Record;
use crate::render::words::count;

/// What a word that imports users is told about addresses.
#[derive(Clone, Copy, Debug, Args)]
pub struct SharedEmails {
    /// Add users whose address is somebody else's too without it
    #[arg(long)]
    without_shared_emails: bool,
}

impl SharedEmails {
    /// What is done about an address that several users have.
    pub fn policy(self) -> Shared {
        match self.without_shared_emails {
            true => Shared::LeftOut,
            false => Shared::Refused,
        }
    }
}

/// Entries that are named one by one to a person.
const NAMED: usize = 20;

/// Those that are kept, and how many others there are, for programs. `unit` is what they are counted by.
pub fn listed(record: Record, wrong: &Refusals, unit: &'static str) -> Record {
    let (wrong, others) = wrong.kept();
    record
        .data("refused", list(wrong, unit))
        .data("refused_more", others)
}

/// These, for programs.
fn list(wrong: &[Refused], unit: &'static str) -> Vec<Record> {
    wrong
        .iter()
        .map(|refused| {
            Record::new()
                .data(unit, refused.line)
                .data("kind", refused.error.kind().word())
                .data("message", refused.error.to_string())
        })
        .collect()
}

/// Nothing was changed because of them, and of so many `others`.
pub fn report(record: Record, (wrong, others): (&[Refused], u64), unit: &str) -> Report {
    let said = |refused: &Refused| format!("{unit} {}: {}", refused.line, refused.error);
    let mut report = Report::lines(record, Vec::new());
    if wrong.len() > 1 {
        report = report.notes(wrong.iter().take(NAMED).map(said).collect());
    }
    let more = wrong.len().saturating_sub(NAMED) as u64 + others;
    if more > 0 {
        let more = count(more, &format!("more {unit}"));
        report = report.note(format!("and {more}"));
    }
    let Some(first) = wrong.first() else {
        return report;
    };
    let all = count(wrong.len() as u64 + others, unit);
    let advice = first.error.advice().unwrap_or("mend the list");
    report.obstacle(
        Error::new(
            first.error.kind(),
            format!("{all} cannot be imported: {}", said(first)),
        )
        .hint(format!("nothing was changed; {advice}")),
    )
}
