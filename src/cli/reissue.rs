//! `generate --all-outdated`: new codes for everybody after a restore.

use super::call::Call;
use super::report::Report;
use crate::actions::reissue::{Reissue, Summary, outdated, reissue};
use crate::error::{Error, Kind, Result};
use crate::platform::progress::Progress;
use crate::render::record::Record;
use crate::render::words::count;

/// Asks, issues, and tells what became of it.
pub fn run(call: &mut Call<'_>, request: &Reissue) -> Result<Report> {
    if request.sheets.is_none() && !request.email {
        return Err(Error::new(Kind::Usage, "the codes have nowhere to go")
            .hint("name a directory with --sheets, or give --email"));
    }
    let mut workspace = call.workspace()?;
    let names = outdated(&workspace)?;
    let all = names.len() as u64;
    if all > 0 {
        call.confirm(&consequence(request, all))?;
    }
    let is_watched =
        call.platform.terminal.is_interactive() && !call.global.quiet && !call.global.json;
    let progress = Progress::new(all, is_watched);
    let mut post = call.post();
    let summary = reissue(&mut workspace, &mut post, request, &names, &|| {
        progress.step();
    })?;
    drop(progress);
    let left = outdated(&workspace)?.len() as u64;
    Ok(report(request, summary, left))
}

fn consequence(request: &Reissue, all: u64) -> String {
    let users = count(all, "user");
    let mut ways = Vec::new();
    if let Some((directory, _)) = &request.sheets {
        ways.push(format!(
            "sheets for them in {} are written, and replaced where they are there",
            directory.display()
        ));
    }
    if request.email {
        ways.push("each gets a mail with them".to_owned());
    }
    format!(
        "new codes are issued for {users} in the place of those from before the restore; {}",
        ways.join("; ")
    )
}

fn report(request: &Reissue, summary: Summary, left: u64) -> Report {
    let failed: Vec<Record> = summary
        .failed
        .iter()
        .map(|(user, error)| {
            Record::new()
                .data("user", user.as_str())
                .data("kind", error.kind().word())
                .data("message", error.to_string())
        })
        .collect();
    let sheets = request
        .sheets
        .as_ref()
        .map(|(directory, _)| directory.display().to_string());
    let record = Record::new()
        .data("issued", summary.issued)
        .data("queued", summary.queued)
        .data("left", left)
        .data("sheets", sheets.as_deref())
        .data("failed", failed);
    let said = if summary.issued > 0 {
        format!("Issued new codes for {}.", count(summary.issued, "user"))
    } else if left == 0 {
        "Nobody has codes from before a restore.".to_owned()
    } else {
        "Issued no new codes.".to_owned()
    };
    let mut report = Report::done(record, said);
    if let Some(directory) = sheets.filter(|_| summary.issued > 0) {
        report = report.note(format!("Their sheets are in {directory}."));
    }
    if summary.queued > 0 {
        report = report.note(format!(
            "{} in the queue; `recovery-codes worker --once` sends what is due.",
            match summary.queued {
                1 => "1 mail waits".to_owned(),
                many => format!("{many} mails wait"),
            }
        ));
    }
    for (user, error) in &summary.failed {
        let why = error.to_string();
        report = report.note(if why.contains(user.as_str()) {
            format!("{why}.")
        } else {
            format!("{user}: {why}.")
        });
    }
    let again = "what is done stays done; run it again when that is mended";
    if let Some(error) = summary.stopped {
        let hint = match error.advice() {
            Some(advice) => format!("{advice}; {again}"),
            None => again.to_owned(),
        };
        let message = format!("it stopped with {} left", count(left, "user"));
        return report.obstacle(
            Error::new(Kind::Incomplete, message)
                .because(error)
                .hint(hint),
        );
    }
    if summary.failed.is_empty() {
        return report;
    }
    let users: Vec<&str> = summary
        .failed
        .iter()
        .map(|(user, _)| user.as_str())
        .collect();
    let message = format!("it did not succeed for {}", users.join(", "));
    report.obstacle(Error::new(Kind::Incomplete, message).hint(again))
}
