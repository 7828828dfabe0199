//! What `import django` says.

use zeroize::Zeroizing;

use super::refused;
use crate::actions::moving::django::history::Logs;
use crate::actions::moving::django::schedules::Kept;
use crate::actions::moving::import_django::{Fate, Summary};
use crate::actions::users::roster::Refused;
use crate::cli::desk::Report;
use crate::cli::issuing::issued;
use crate::config::from_django::{Taken, to_toml};
use crate::model::page::Page;
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;
use crate::render::words::{and, count};

/// Nothing was changed, because of these.
pub fn not_imported(wrong: &[Refused], unit: &'static str) -> Report {
    refused::report(record(&Summary::default(), wrong, unit), wrong, unit)
}

fn record(summary: &Summary, wrong: &[Refused], unit: &'static str) -> Record {
    let (kept, left): (Vec<&Kept>, Vec<&Kept>) = summary
        .schedules
        .iter()
        .partition(|schedule| schedule.why.is_none());
    let names = |schedules: &[&Kept]| -> Vec<String> {
        schedules.iter().map(|kept| kept.name.clone()).collect()
    };
    Record::new()
        .data("added", summary.added)
        .data("disabled", summary.disabled)
        .data("imported", summary.imported)
        .data("codes", summary.codes)
        .data("dead", summary.dead)
        .data("batches", summary.batches)
        .data("history", summary.history)
        .data("schedules", names(&kept))
        .data("schedules_left", names(&left))
        .data("skipped", summary.skipped)
        .data("left", summary.left)
        .data("refused", refused::list(wrong, unit))
}

/// What would come, as a table: users, then schedules and logs, if there are any.
pub fn shown(users: Vec<Fate>, logs: &Logs, schedules: &[Kept]) -> Report {
    let (mut codes, mut dead, mut batches) = (0, 0, 0);
    for fate in &users {
        codes += fate.codes;
        dead += fate.dead;
        batches += fate.batches;
    }
    let users = users.into_iter().map(|fate| {
        Record::new()
            .data("user", fate.user.as_str())
            .data("schedule", None::<String>)
            .data("log", None::<String>)
            .words("What", fate.user.as_str())
            .field("codes", "Codes", fate.codes)
            .field("dead", "Dead", fate.dead)
            .field("batches", "Batches", fate.batches)
            .field("action", "What would happen", outcome(&fate))
    });
    let beside = |(schedule, log): (Option<&str>, Option<&str>), action: String| {
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
    };
    let schedules = schedules.iter().map(|kept| {
        let action = match &kept.why {
            None => "added".to_owned(),
            Some(why) => format!("nothing: {why}"),
        };
        beside((Some(&kept.name), None), action)
    });
    let logs = logs.iter().filter(|(_, lines)| *lines > 0);
    let logs = logs.map(|(log, lines)| {
        let word = log.word();
        let action = format!("{} for `log {word} --imported`", count(*lines, "line"));
        beside((None, Some(word)), action)
    });
    let rows: Vec<Record> = users.chain(schedules).chain(logs).collect();
    Report::page(Page::whole(rows), "Nobody has or had codes there.")
        .note(format!(
            "{} would come, and {} in {}. Waits of the limiter stay behind: successes count as failures there.",
            count(codes, "code"),
            count(dead, "dead code"),
            count(batches, "batch"),
        ))
        .note(SWITCH_OFF)
}

/// What is said before and after.
const SWITCH_OFF: &str = "The application does not know what is used here: switch its login with codes off first, and see that it is (`recovery-codes help moving`).";

fn outcome(fate: &Fate) -> String {
    let comes = match (fate.codes, fate.batches) {
        (_, 0) => return format!("nothing: {}", fate.why.unwrap_or("there is nothing")),
        (0, _) => "the past comes",
        _ => "codes come",
    };
    let who = match (fate.is_new, fate.is_disabled) {
        (true, true) => "added, disabled, ",
        (true, false) => "added, ",
        (false, _) => "",
    };
    let why = fate.why.map(|why| format!("; {why}"));
    format!("{who}{comes}{}", why.unwrap_or_default())
}

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
    let mut report = Report::done(record(&summary, &[], unit), format!("{said}."));
    if let Some(note) = the_rest(&summary) {
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
