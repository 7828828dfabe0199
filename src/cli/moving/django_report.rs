//! What `import django` says.

use zeroize::Zeroizing;

use super::manner::outcomes_of;
use super::refused;
use crate::actions::moving::django::schedules::Kept;
use crate::actions::moving::django::survey::Fates;
use crate::actions::moving::import_django::Summary;
use crate::actions::users::roster::Refusals;
use crate::cli::desk::Report;
use crate::cli::issuing::issued;
use crate::config::from_django::{Taken, to_toml};
use crate::model::page::{Page, PageRequest};
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;
use crate::render::words::{and, count};

/// Nothing was changed, because of these.
pub fn not_imported(wrong: &Refusals, unit: &'static str) -> Report {
    refused::report(record(&Summary::default(), wrong, unit), wrong.kept(), unit)
}

fn record(summary: &Summary, wrong: &Refusals, unit: &'static str) -> Record {
    let (kept, left): (Vec<&Kept>, Vec<&Kept>) = summary
        .schedules
        .iter()
        .partition(|schedule| schedule.why.is_none());
    let names = |schedules: &[&Kept]| -> Vec<String> {
        schedules.iter().map(|kept| kept.name.clone()).collect()
    };
    let record = Record::new()
        .data("added", summary.added)
        .data("disabled", summary.disabled)
        .data("imported", summary.imported)
        .data("codes", summary.codes)
        .data("codes_left", summary.stray)
        .data("dead", summary.dead)
        .data("batches", summary.batches)
        .data("history", summary.history)
        .data("schedules", names(&kept))
        .data("schedules_left", names(&left))
        .data("skipped", summary.skipped)
        .data("left", summary.left);
    refused::listed(record, wrong, unit)
}

/// What would come, as a table: schedules and logs, if there are any, then users.
pub fn shown(fates: &Fates, page: PageRequest) -> Report {
    let users = fates.users.iter().map(|fate| {
        Record::new()
            .data("user", fate.user.as_str())
            .data("schedule", None::<String>)
            .data("log", None::<String>)
            .words("What", fate.user.as_str())
            .field("codes", "Codes", fate.codes)
            .field("dead", "Dead", fate.dead)
            .field("batches", "Batches", fate.batches)
            .field("action", "What would happen", fate.outcome())
    });
    let schedules = fates.schedules.iter().map(|kept| {
        let action = match &kept.why {
            None => "added".to_owned(),
            Some(why) => format!("nothing: {why}"),
        };
        beside((Some(&kept.name), None), action)
    });
    let logs = fates.new_logs().map(|(log, lines)| {
        let word = log.word();
        let action = format!("{} for `log {word} --imported`", count(*lines, "line"));
        beside((None, Some(word)), action)
    });
    let before = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let most = usize::try_from(page.size).unwrap_or(usize::MAX);
    let rows = schedules.chain(logs).skip(before).chain(users).take(most);
    let rows = Page::new(rows.collect(), page, fates.beside() + fates.all);
    let all = Record::new()
        .data("codes", fates.codes)
        .data("codes_left", fates.stray)
        .data("dead", fates.dead)
        .data("batches", fates.batches);
    let outcomes = fates.outcomes.iter();
    let report = outcomes_of(
        Report::page(rows, "Nobody has or had codes there."),
        all,
        outcomes.map(|(outcome, users)| (outcome.as_str(), *users)),
    )
    .note(format!(
        "{} would come, and {} in {}. Waits of the limiter stay behind: successes count as failures there.",
        count(fates.codes, "code"),
        count(fates.dead, "dead code"),
        count(fates.batches, "batch"),
    ));
    match stray(fates.stray) {
        Some(note) => report.note(note),
        None => report,
    }
    .note(SWITCH_OFF)
}

/// Codes that stay behind.
fn stray(codes: u64) -> Option<String> {
    (codes > 0).then(|| {
        format!(
            "{} left behind: there is no batch of that user for them.",
            count(codes, "code")
        )
    })
}

/// A schedule or a log as a row.
fn beside((schedule, log): (Option<&str>, Option<&str>), action: String) -> Record {
    let what = match (schedule, log) {
        (Some(schedule), _) => format!("schedule {schedule}"),
        (None, log) => format!("log {}", log.unwrap_or_default()),
    };
    Record::new()
        .data("user", None::<String>)
        .data("schedule", schedule)
        .data("log", log)
        .words("What", what)
        .field("codes", "Codes", None::<u64>)
        .field("dead", "Dead", None::<u64>)
        .field("batches", "Batches", None::<u64>)
        .field("action", "What would happen", action)
}

/// What is said before and after.
const SWITCH_OFF: &str = "The application does not know what is used here: switch its login with codes off first, and see that it is (`recovery-codes help moving`).";

/// What came.
pub fn done(summary: Summary, unit: &'static str) -> Report {
    let mut said = match (summary.imported, summary.batches) {
        (0, 0) => "Took over no codes".to_owned(),
        (0, _) => "Took over no codes that work".to_owned(),
        (users, _) => format!(
            "Took over {} of {}",
            count(summary.codes, "code"),
            count(users, "user")
        ),
    };
    if summary.batches > 0 {
        said.push_str(&format!(
            "; with {}, in {}",
            count(summary.dead, "dead code"),
            count(summary.batches, "batch")
        ));
    }
    match summary.skipped {
        0 => {}
        1 => said.push_str("; 1 user has codes here, had these before, or is disabled"),
        many => said.push_str(&format!(
            "; {many} users have codes here, had these before, or are disabled"
        )),
    }
    let mut report = Report::done(
        record(&summary, &Refusals::default(), unit),
        format!("{said}."),
    );
    if let Some(note) = the_rest(&summary) {
        report = report.note(note);
    }
    if let Some(note) = stray(summary.stray) {
        report = report.note(note);
    }
    for kept in &summary.schedules {
        if let Some(why) = kept.why.as_ref().filter(|_| !kept.is_here) {
            report = report.note(format!("The schedule {} stays away: {why}.", kept.name));
        }
    }
    if let Some(path) = &summary.kept_key {
        report = report.note(format!(
            "The application's key is kept at {}. Keep a copy of it apart from the store.",
            path.display()
        ));
    }
    if summary.replaced_key {
        report = report.note(
            "Another key of the application was known before; all imported codes are now read with this one.",
        );
    }
    if let Some(user) = summary.example {
        report = report.note(format!(
            "Whether it is the right key shows when a code works: have somebody try, with `recovery-codes confirm {}`.",
            name_in_shell(user.as_str())
        ));
    }
    if summary.codes > 0 {
        report = report.note(SWITCH_OFF);
    }
    match summary.stopped {
        Some(error) => report.obstacle(issued::stopped(error, summary.left)),
        None => report,
    }
}

/// Logs and schedules that came.
fn the_rest(summary: &Summary) -> Option<String> {
    let mut parts = Vec::new();
    if summary.disabled > 0 {
        parts.push(count(summary.disabled, "disabled user"));
    }
    if summary.history > 0 {
        parts.push(count(summary.history, "log line"));
    }
    let schedules = summary
        .schedules
        .iter()
        .filter(|kept| kept.why.is_none())
        .count() as u64;
    if schedules > 0 {
        parts.push(count(schedules, "schedule"));
    }
    (!parts.is_empty()).then(|| format!("Came too: {}.", and(&parts)))
}

/// Settings of the application as a configuration file.
pub fn settings(taken: &Taken, from: &str) -> Report {
    let text = to_toml(taken, from);
    let settings: Vec<Record> = taken
        .settings
        .iter()
        .map(|effective| {
            Record::new()
                .data("key", effective.key)
                .data("value", effective.value.to_string())
                .data("from", effective.origin.as_str())
        })
        .collect();
    let record = Record::new()
        .data("config", text.as_str())
        .data("settings", settings)
        .data("not_taken", taken.left.clone());
    let lines = vec![Zeroizing::new(text.trim_end().to_owned())];
    let left = count(taken.left.len() as u64, "setting");
    Report::lines(record, lines).note(match taken.left.is_empty() {
        true => "Nothing was changed: this is a file to look at.".to_owned(),
        false => format!("Nothing was changed: this is a file to look at. It ends with {left} that stay behind, and why."),
    })
}
