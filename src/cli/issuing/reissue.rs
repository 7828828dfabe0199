//! `generate --all-outdated`: new codes for everybody after a restore.

use super::issued;
use crate::actions::issuing::generate::Whom;
use crate::actions::issuing::issue_many::{Summary, Terms, issue_many, outdated};
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::platform::pace::{Pace, stop_on_signals};
use crate::render::record::Record;
use crate::render::words::count;

/// Asks, issues, and tells what became of it.
pub fn run(call: &mut Call<'_>, terms: &Terms) -> Result<Report> {
    terms.require_way()?;
    let mut workspace = call.workspace()?;
    let names = outdated(&workspace)?;
    let all = names.len() as u64;
    if all > 0 {
        call.confirm(&consequence(terms, all))?;
    }
    let stop = stop_on_signals()?;
    let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
    let whom = (Whom::Outdated, names.as_slice());
    let summary = issue_many(&mut workspace, &mut call.post(), terms, whom, &mut pace)?;
    let left = outdated(&workspace)?.len() as u64;
    Ok(report(terms, summary, left))
}

fn consequence(terms: &Terms, all: u64) -> String {
    let users = count(all, "user");
    let mut ways = Vec::new();
    if let Some((directory, _)) = &terms.sheets {
        ways.push(format!(
            "sheets for them in {} are written, and replaced where they are there",
            directory.display()
        ));
    }
    if terms.email {
        ways.push("each gets a mail with them".to_owned());
    }
    format!(
        "new codes are issued for {users} in the place of those from before the restore; {}",
        ways.join("; ")
    )
}

fn report(terms: &Terms, summary: Summary, left: u64) -> Report {
    let record = Record::new()
        .data("issued", summary.issued)
        .data("queued", summary.queued)
        .data("left", left)
        .data("sheets", issued::sheets(terms))
        .data("failed", issued::failed(&summary));
    let said = if summary.issued > 0 {
        format!("Issued new codes for {}.", count(summary.issued, "user"))
    } else if left == 0 {
        "Nobody has codes from before a restore.".to_owned()
    } else {
        "Issued no new codes.".to_owned()
    };
    issued::tell(Report::done(record, said), terms, summary, left)
}
