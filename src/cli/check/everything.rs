//! `check`: looks at everything that could be wrong.

use clap::Args;

use crate::actions::check::{Finding, Level, check};
use crate::actions::trust::accept_clock::accept_clock;
use crate::cli::desk::{Call, Report};
use crate::error::{Error, Exit, Kind, Result};
use crate::model::page::Page;
use crate::platform::mailer::Mailer;
use crate::platform::pace::Pace;
use crate::platform::signals::Stop;
use crate::render::record::Record;
use crate::render::visible::visible_line;
use crate::render::words::count;

/// Look at settings, key, permissions, store, audit chain and clock
///
/// Says everything that is wrong at once, each with what to do about it. Ends with 1 if
/// anything is wrong, with 4 if there is no store to look at.
#[derive(Debug, Args)]
pub struct Check {
    /// Also read all of a large store, compare each index with its table, read every hash, look at
    /// every schedule, and ask the mail server whether it would take mail
    #[arg(long)]
    deep: bool,

    /// Take the clock for right, although the store has seen a later moment: a wrong one
    #[arg(long)]
    accept_clock: bool,
}

/// Asks first: what was over by then is not over any more. Says what was done.
fn accept(call: &mut Call<'_>) -> Result<String> {
    let mut workspace = call.workspace()?;
    let Some(seen) = workspace.doubtful_clock()? else {
        return Ok("The clock was right already.".to_owned());
    };
    let consequence = format!(
        "the store has seen {}, and goes on from {}: codes that expire in between work again until then",
        call.zone().readable(seen),
        call.zone().readable(call.now)
    );
    call.confirm(&consequence)?;
    accept_clock(&mut workspace, seen)?;
    Ok(format!(
        "The clock is taken for right; the store had seen {}.",
        call.zone().readable(seen)
    ))
}

fn record(finding: Finding) -> Record {
    Record::new()
        .data("check", finding.about)
        .data("level", finding.level.word())
        .data("message", finding.message)
        .data("hint", finding.remedy)
}

/// A finding on one line, and below it what to do.
fn lines(finding: &Finding) -> Vec<String> {
    let level = match finding.level {
        Level::Ok => "ok",
        Level::Note => "note",
        Level::Wrong => "WRONG",
    };
    let found = format!(
        "{level:<6} {:<10} {}",
        finding.about,
        visible_line(&finding.message)
    );
    let remedy = finding.remedy.as_ref();
    let remedy = remedy.map(|remedy| format!("{:<18}to do: {}", "", visible_line(remedy)));
    std::iter::once(found).chain(remedy).collect()
}

impl Check {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let accepted = match self.accept_clock {
            true => Some(accept(call)?),
            false => None,
        };
        let mailer = &mut *call.platform.mailer;
        let deep: Option<&mut dyn Mailer> = if self.deep { Some(mailer) } else { None };
        let stop = Stop::default();
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        let environment = &call.platform.environment;
        let findings = check(&call.loaded, environment, call.now, deep, &mut pace);
        let (is_wrong, no_store) = (findings.is_wrong(), findings.no_store);
        let wrong = findings
            .items
            .iter()
            .filter(|finding| finding.level == Level::Wrong)
            .count();
        let mut items = findings.items;
        for finding in &mut items {
            let remedy = finding.remedy.take();
            finding.remedy = remedy.map(|remedy| call.printer.advised(&remedy));
        }
        let mut worst_first: Vec<&Finding> = items.iter().collect();
        worst_first.sort_by_key(|finding| match finding.level {
            Level::Wrong => 0,
            Level::Note => 1,
            Level::Ok => 2,
        });
        let lines = worst_first.into_iter().flat_map(lines).collect();
        let records = items.into_iter().map(record).collect();
        let report = Report::page(Page::whole(records), "Nothing was looked at.").shown_as(lines);
        let report = accepted.into_iter().fold(report, Report::note);
        if no_store {
            let paths = &call.loaded.paths;
            return Ok(report.obstacle(
                Error::new(
                    Kind::NoStore,
                    format!("there is no store at {}", paths.store),
                )
                .hint("make one with `recovery-codes init`, or name another with --store"),
            ));
        }
        Ok(if is_wrong {
            report
                .note(format!("Wrong: {}.", count(wrong as u64, "finding")))
                .exit(Exit::No)
        } else {
            report.note("All is well.")
        })
    }
}
