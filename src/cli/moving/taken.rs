//! What every `import` of shorter codes is told, and says.

use clap::Args;

use super::manner::{Manner, outcomes_of};
use super::refused;
use crate::actions::moving::collected::Collected;
use crate::actions::moving::judge::{Terms, judge};
use crate::actions::moving::preview::{Preview, Summary, preview};
use crate::actions::moving::take_over::{Answer, Request, take_over};
use crate::actions::users::roster::{Refusals, Shared};
use crate::cli::desk::{Call, Report, made_notes};
use crate::cli::issuing::issued;
use crate::error::{Error, Kind, Result};
use crate::model::span::Span;
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::record::Record;
use crate::render::words::count;

/// On what terms codes are taken over.
#[derive(Debug, Args)]
pub struct Taking {
    /// Take codes over that can be guessed with fewer than 64 bits: each of their users can then be tried
    /// 100 times in all, from wherever
    #[arg(long)]
    accept_weak: bool,

    /// Take codes over that are hashed slowly, each with a salt: until they are used or expire, each attempt
    /// with such a code costs as many hashes more as one of their users has, for everybody
    #[arg(long)]
    accept_slow: bool,

    /// When the codes expire here: a number of days, or 12h, 30d, 6mo; never later than there [default:
    /// never; weak ones after 90d]
    #[arg(long, value_name = "SPAN")]
    expires_in: Option<String>,

    #[command(flatten)]
    manner: Manner,
}

/// When weak codes expire, unless it is said.
const WEAK_EXPIRE_IN: &str = "90d";

/// From where the codes come.
pub struct System {
    pub from: Elsewhere,
    /// What accounts are counted by.
    pub unit: &'static str,
    /// How its own login is switched off, and how that is seen.
    pub switch_off: &'static str,
    /// What of the codes is left in what was read.
    pub leftover: &'static str,
}

impl Taking {
    /// Takes the codes over, or shows what would become of them.
    pub fn run(self, call: &mut Call<'_>, accounts: Collected, system: &System) -> Result<Report> {
        let weak = self.expires_in.as_deref().unwrap_or(WEAK_EXPIRE_IN);
        let terms = Terms {
            expires_at: self
                .expires_in
                .as_deref()
                .map(|span| after(span, call.now))
                .transpose()?,
            weak_expire_at: after(weak, call.now)?,
            shared: self.manner.shared(),
        };
        let mut found = match judge(accounts, system.from, system.unit, terms)? {
            Ok(found) => found,
            Err(wrong) => return Ok(not_imported(&wrong, system.unit)),
        };
        let (mut workspace, made) = call.workspace_or_new()?;
        if terms.shared == Shared::LeftOut {
            found.leave_out_taken(&mut workspace)?;
        }
        let stop = stop_on_signals()?;
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        if let Some(page) = self.manner.shown(call)? {
            return Ok(match preview(&mut workspace, found, page, &pace)? {
                Err(wrong) => not_imported(&wrong, system.unit),
                Ok(found) => shown(found, system, &self),
            }
            .notes(made_notes(&made)));
        }
        let request = Request {
            accepts_weak: self.accept_weak,
            accepts_slow: self.accept_slow,
            trusts: self.manner.trusts(),
            threads: self.manner.threads(),
        };
        Ok(
            match take_over(&mut workspace, found, request, &mut pace)? {
                Answer::Refused(wrong) => not_imported(&wrong, system.unit),
                Answer::Done(summary) => report(summary, system).notes(made_notes(&made)),
            },
        )
    }
}

fn after(span: &str, now: Timestamp) -> Result<Timestamp> {
    Span::parse(span)?.after(now).ok_or_else(|| {
        Error::new(Kind::Usage, "that is beyond the calendar").hint("give a shorter --expires-in")
    })
}

fn not_imported(wrong: &Refusals, unit: &'static str) -> Report {
    let record = record(&Summary::default(), wrong, unit);
    refused::report(record, wrong.kept(), unit)
}

fn record(summary: &Summary, wrong: &Refusals, unit: &'static str) -> Record {
    let record = Record::new()
        .data("added", summary.added)
        .data("imported", summary.imported)
        .data("codes", summary.codes)
        .data("weak", summary.weak)
        .data("slow", summary.slow)
        .data("skipped", summary.skipped)
        .data("dead", summary.dead)
        .data("left", summary.left);
    refused::listed(record, wrong, unit)
}

/// What would come, as a table.
fn shown(found: Preview, system: &System, taking: &Taking) -> Report {
    let Preview {
        fates,
        outcomes,
        summary,
        slow,
    } = found;
    let rows = fates.map(|fate| {
        Record::new()
            .field("user", "User", fate.user.as_str())
            .field("codes", "Codes", fate.codes)
            .field("weak", "Weak", fate.is_weak)
            .field("slow", "Slow", fate.slow)
            .field("action", "What would happen", fate.outcome)
    });
    let beside = Record::new()
        .data("codes", summary.codes)
        .data("weak", summary.weak)
        .data("slow", summary.slow)
        .data("dead", summary.dead);
    let come = format!(
        "{} would come{}.",
        count(summary.codes, "code"),
        behind(&summary)
    );
    let mut report = outcomes_of(
        Report::page(rows, "No codes in it work."),
        beside,
        outcomes.iter().map(|(outcome, users)| (*outcome, *users)),
    )
    .note(come);
    if summary.weak > 0 && !taking.accept_weak {
        report = report.note(format!(
            "The codes of {} can be guessed with fewer than 64 bits; they come with --accept-weak alone.",
            count(summary.weak, "user")
        ));
    }
    if let Some(why) = slow {
        let only = ["; they come with --accept-slow alone", ""][usize::from(taking.accept_slow)];
        report = report.note(format!("{why}{only}."));
    }
    report.note(format!("First: {}", system.switch_off))
}

/// Who and what is left behind, as the end of a sentence.
fn behind(summary: &Summary) -> String {
    let mut said = match summary.skipped {
        0 => String::new(),
        1 => "; 1 user has codes here, had these before, or is not active".to_owned(),
        many => format!("; {many} users have codes here, had these before, or are not active"),
    };
    match summary.dead {
        0 => {}
        1 => said.push_str("; 1 code is left behind that no longer works there"),
        many => said.push_str(&format!(
            "; {many} codes are left behind that no longer work there"
        )),
    }
    said
}

fn report(summary: Summary, system: &System) -> Report {
    let said = match summary.imported {
        0 => "Took over no codes".to_owned(),
        users => format!(
            "Took over {} of {}",
            count(summary.codes, "code"),
            count(users, "user")
        ),
    };
    let record = record(&summary, &Refusals::default(), system.unit);
    let mut report = Report::done(record, format!("{said}{}.", behind(&summary)));
    if summary.weak > 0 {
        report = report.note(format!(
            "The codes of {} can be guessed with fewer than 64 bits: each can be tried 100 times in all. Issue new ones before these expire.",
            count(summary.weak, "user")
        ));
    }
    if summary.slow > 0 {
        report = report.note(format!(
            "The codes of {} are hashed slowly: everybody's attempts with such codes take longer until these are used or expire, as `recovery-codes status` says.",
            count(summary.slow, "user")
        ));
    }
    report = report
        .note(format!("{}: remove what you do not need.", system.leftover))
        .note(system.switch_off);
    match summary.stopped {
        Some(error) => report.obstacle(issued::stopped(error, summary.left)),
        None => report,
    }
}
