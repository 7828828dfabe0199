//! `check`: looks at everything that could be wrong.

use clap::Args;

use crate::actions::check::{Level, check};
use crate::actions::trust::accept_clock::accept_clock;
use crate::cli::desk::{Call, Report};
use crate::error::{Error, Exit, Kind, Result};
use crate::model::page::Page;
use crate::model::time;
use crate::platform::mailer::Mailer;
use crate::render::record::Record;
use crate::render::words::count;

/// Look at settings, key, permissions, store, audit chain and clock
///
/// Says everything that is wrong at once, each with what to do about it. Ends with 1 if
/// anything is wrong, with 4 if there is no store to look at.
#[derive(Debug, Args)]
pub struct Check {
    /// Also compare each index with its table, read every hash, look at every schedule, and ask
    /// the mail server whether it would take mail
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
        time::readable(seen),
        time::readable(call.now)
    );
    call.confirm(&consequence)?;
    accept_clock(&mut workspace, seen)?;
    Ok(format!(
        "The clock is taken for right; the store had seen {}.",
        time::readable(seen)
    ))
}

impl Check {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let accepted = match self.accept_clock {
            true => Some(accept(call)?),
            false => None,
        };
        let mailer = &mut *call.platform.mailer;
        let deep: Option<&mut dyn Mailer> = if self.deep { Some(mailer) } else { None };
        let findings = check(&call.loaded, &call.platform.environment, call.now, deep);
        let (is_wrong, no_store) = (findings.is_wrong(), findings.no_store);
        let wrong = findings
            .items
            .iter()
            .filter(|finding| finding.level == Level::Wrong)
            .count();
        let printer = &call.printer;
        let records = findings
            .items
            .into_iter()
            .map(|finding| {
                Record::new()
                    .field("check", "Check", finding.about)
                    .data("level", finding.level.word())
                    .words(
                        "Found",
                        match finding.level {
                            Level::Ok => finding.message.clone(),
                            Level::Note => format!("note: {}", finding.message),
                            Level::Wrong => format!("WRONG: {}", finding.message),
                        },
                    )
                    .data("message", finding.message)
                    .field(
                        "hint",
                        "What to do",
                        finding.remedy.map(|remedy| printer.advised(&remedy)),
                    )
            })
            .collect();
        let report = Report::page(Page::whole(records), "Nothing was looked at.");
        let report = accepted.into_iter().fold(report, Report::note);
        if no_store {
            let paths = &call.loaded.paths;
            return Ok(report.obstacle(
                Error::new(
                    Kind::NoStore,
                    format!("there is no store at {}", paths.store.display()),
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
