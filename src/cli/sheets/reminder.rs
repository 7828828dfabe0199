//! `email --reminder`: whether people still have their codes.

use crate::actions::check::status::measure;
use crate::actions::mail::enqueue::require_backend;
use crate::actions::mail::remind::{due, remind, remind_many};
use crate::actions::mail::send_many::Summary;
use crate::cli::desk::{Call, Report, send_now};
use crate::cli::issuing::issued;
use crate::error::Result;
use crate::model::page::Page;
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::record::Record;
use crate::render::words::count;

const NOBODY: &str = "Nobody needs a reminder now.";

/// Reminds one user.
pub fn to_one(call: &mut Call<'_>, user: &str) -> Result<Report> {
    let mut workspace = call.workspace()?;
    let answer = remind(&mut workspace, user)?;
    let record = Record::new()
        .data("user", answer.user.as_str())
        .data("email", answer.email.as_str())
        .data("task", u64::try_from(answer.task.0).unwrap_or(0));
    let report = Report::done(
        record,
        format!("Reminding {} at {}.", answer.user, answer.email.as_str()),
    );
    send_now(call, &mut workspace, &[answer.task], true, report)
}

/// Asks, reminds everybody who needs it, and tells what became of it.
pub fn to_all(call: &mut Call<'_>, dry_run: bool) -> Result<Report> {
    let low = call.settings()?.codes.low;
    let mut workspace = call.workspace()?;
    let measure = measure(workspace.origin.at, low);
    let names = due(&workspace, &measure)?;
    if dry_run {
        let rows = names
            .iter()
            .map(|name| Record::new().field("user", "User", name.as_str()));
        return Ok(Report::page(Page::whole(rows.collect()), NOBODY));
    }
    require_backend(&workspace.settings)?;
    if !names.is_empty() {
        call.confirm(&format!(
            "{} get a mail that asks whether they still have their codes",
            count(names.len() as u64, "user")
        ))?;
    }
    let stop = stop_on_signals()?;
    let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
    let summary = remind_many(&mut workspace, &mut call.post(), &names, &mut pace)?;
    let left = due(&workspace, &measure)?.len() as u64;
    Ok(report(summary, left))
}

fn report(summary: Summary, left: u64) -> Report {
    let record = Record::new()
        .data("reminded", summary.done)
        .data("queued", summary.queued)
        .data("left", left)
        .data("failed", issued::failed(&summary));
    let said = match summary.done {
        0 if left == 0 => NOBODY.to_owned(),
        0 => "Reminded nobody.".to_owned(),
        done => format!("Reminded {}.", count(done, "user")),
    };
    issued::told(Report::done(record, said), summary, left)
}
