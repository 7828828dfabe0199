//! What is said of codes that were issued to many users at once.

use std::path::Path;

use crate::actions::issuing::bundle::Sheets;
use crate::actions::issuing::issue_many::Terms;
use crate::actions::mail::send_many::Summary;
use crate::cli::desk::Report;
use crate::cli::sheets::export::{FormatWord, format_for};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;
use crate::render::words::{count, wait};

/// Where the sheets are.
pub fn sheets(terms: &Terms) -> Option<String> {
    let sheets = terms.sheets.as_ref()?;
    Some(sheets.path().display().to_string())
}

/// Where `--sheets` and `--format` want them: a path that ends in `.pdf` is one file for all.
///
/// # Errors
/// [`Kind::Usage`] for one file in another format.
pub fn sheets_at(path: &Path, format: Option<FormatWord>, settings: &Settings) -> Result<Sheets> {
    let ending = path.extension().unwrap_or_default();
    if !ending.eq_ignore_ascii_case("pdf") || path.is_dir() {
        return Ok(Sheets::Each(
            path.to_owned(),
            format_for(format, None, settings),
        ));
    }
    if !matches!(format, None | Some(FormatWord::Pdf)) {
        return Err(Error::new(Kind::Usage, "one file for all sheets is a pdf")
            .hint("leave --format out, or name a directory with --sheets"));
    }
    Ok(Sheets::Bound(path.to_owned()))
}

/// Who got none, or whose mail did not leave, for programs.
pub fn failed(summary: &Summary) -> Vec<Record> {
    summary
        .failed
        .iter()
        .map(|(user, error)| {
            Record::new()
                .data("user", user.as_str())
                .data("kind", error.kind().word())
                .data("message", error.to_string())
        })
        .collect()
}

/// Adds where the codes are, who has none, and how many users are `left` if it stopped.
pub fn tell(mut report: Report, terms: &Terms, summary: Summary, left: u64) -> Report {
    if let Some(place) = sheets(terms).filter(|_| summary.done > 0 && !summary.is_unbound) {
        report = report.note(format!("Their sheets are in {place}."));
    }
    told(report, summary, left)
}

/// Adds whose mail waits, for whom it failed, and how many users are `left` if it stopped.
pub fn told(mut report: Report, summary: Summary, left: u64) -> Report {
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
    if let Some(error) = summary.stopped {
        return report.obstacle(stopped(error, left));
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
    report.obstacle(Error::new(Kind::Incomplete, message).hint(AGAIN))
}

const AGAIN: &str = "what is done stays done; run it again when that is mended";

/// The obstacle beside what was done until it stopped.
pub fn stopped(error: Error, left: u64) -> Error {
    let message = format!("it stopped with {} left", count(left, "user"));
    let (kind, hint) = match (error.kind(), error.advice()) {
        (Kind::Interrupted, _) => (
            Kind::Interrupted,
            "what is done stays done; run it again to go on".to_owned(),
        ),
        (_, Some(advice)) => (Kind::Incomplete, format!("{advice}; {AGAIN}")),
        (_, None) => (Kind::Incomplete, AGAIN.to_owned()),
    };
    Error::new(kind, message).because(error).hint(hint)
}

/// The limiter says no.
pub fn must_wait(user: &str, seconds: u64) -> Error {
    Error::new(
        Kind::Wait,
        format!("{user} got new codes a moment ago; wait {}", wait(seconds)),
    )
    .retry_after(seconds)
    .hint(format!(
        "trying again before that makes it longer; `recovery-codes limit reset {}` ends it",
        name_in_shell(user)
    ))
}
