//! `generate --all-…`: new codes for everybody who needs them.

use super::issued;
use crate::actions::check::status::measure;
use crate::actions::issuing::bundle::Sheets;
use crate::actions::issuing::generate::Whom;
use crate::actions::issuing::issue_many::{Terms, issue_many, require_somewhere};
use crate::actions::mail::send_many::Summary;
use crate::cli::desk::{Call, Report};
use crate::error::{Error, Kind, Result};
use crate::model::page::Page;
use crate::model::span::Span;
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::record::Record;
use crate::render::words::count;
use crate::store::users::{self, Condition, Measure};

/// For whom.
#[derive(Clone, Copy, Debug)]
pub struct Those<'a> {
    pub condition: Condition,
    /// What expires within this span expires soon.
    pub within: Option<&'a str>,
    /// Only tells who they are.
    pub dry_run: bool,
}

/// Asks, issues, and tells what became of it.
pub fn run(call: &mut Call<'_>, terms: &Terms, those: Those<'_>) -> Result<Report> {
    if !those.dry_run {
        terms.require_way()?;
    }
    let low = call.settings()?.codes.low;
    let mut workspace = call.workspace()?;
    let mut measure = measure(workspace.origin.at, low);
    if let Some(span) = those.within.map(Span::parse).transpose()? {
        measure.soon = span.after(measure.now).ok_or_else(|| {
            Error::new(
                Kind::Usage,
                "everything expires before the end of the calendar",
            )
            .hint("give a shorter span with --all-expiring")
        })?;
    }
    let names = users::those(workspace.store.read(), those.condition, &measure)?;
    if those.dry_run {
        let rows = names
            .iter()
            .map(|name| Record::new().field("user", "User", name.as_str()));
        let nobody = format!("Nobody {}.", who(those.condition, &measure));
        return Ok(Report::page(Page::whole(rows.collect()), nobody));
    }
    let all = names.len() as u64;
    if all > 0 {
        call.confirm(&consequence(terms, all, &who(those.condition, &measure)))?;
    }
    require_somewhere(&workspace, terms)?;
    let stop = stop_on_signals()?;
    let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
    let whom = (Whom::Those(those.condition, measure), names.as_slice());
    let summary = issue_many(&mut workspace, &mut call.post(), terms, whom, &mut pace)?;
    let left = users::those(workspace.store.read(), those.condition, &measure)?.len() as u64;
    Ok(report(
        terms,
        summary,
        left,
        &who(those.condition, &measure),
    ))
}

/// What they are, behind "nobody" or "users who".
fn who(condition: Condition, measure: &Measure) -> String {
    match condition {
        Condition::None => "is without a code that works".to_owned(),
        Condition::Low => format!("has {} or fewer codes left", measure.low),
        Condition::Expiring => "has codes that expire soon".to_owned(),
        Condition::Outdated => "has codes from before a restore".to_owned(),
        Condition::Unconfirmed => "never confirmed their codes".to_owned(),
        Condition::Undelivered => "never got their codes".to_owned(),
    }
}

fn consequence(terms: &Terms, all: u64, who: &str) -> String {
    let users = count(all, "user");
    let mut ways = Vec::new();
    match &terms.sheets {
        Some(Sheets::Each(directory, _)) => ways.push(format!(
            "sheets for them in {} are written, and replaced where they are there",
            directory.display()
        )),
        Some(Sheets::Bound(file)) => ways.push(format!(
            "sheets for them are written into {}",
            file.display()
        )),
        None => {}
    }
    if terms.email {
        ways.push("each gets a mail with them".to_owned());
    }
    format!(
        "new codes are issued for {users}, each of whom {who}, in the place of those they have; {}",
        ways.join("; ")
    )
}

fn report(terms: &Terms, summary: Summary, left: u64, who: &str) -> Report {
    let record = Record::new()
        .data("issued", summary.done)
        .data("queued", summary.queued)
        .data("left", left)
        .data("sheets", issued::sheets(terms))
        .data("failed", issued::failed(&summary));
    let said = if summary.done > 0 {
        format!("Issued new codes for {}.", count(summary.done, "user"))
    } else if left == 0 {
        format!("Nobody {who}.")
    } else {
        "Issued no new codes.".to_owned()
    };
    issued::tell(Report::done(record, said), terms, summary, left)
}
