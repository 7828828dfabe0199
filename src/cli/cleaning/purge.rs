//! `purge`: deletes dead codes whose retention is over.

use clap::Args;

use crate::actions::cleaning::purge::{Answer, Request, purge};
use crate::actions::cleaning::shrink::{free, goes_in_steps, shrink};
use crate::cli::desk::{Call, Report, number, send_now};
use crate::error::{Error, Kind, Result};
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::record::{Record, Value};
use crate::render::words::count;

/// Delete codes that were used, invalidated, deleted, superseded or expired long enough ago
///
/// Never takes a code that could still work. Works in small steps and lets logins go first;
/// interrupted, it loses nothing, and the next run goes on. Silent when all is well; -v says
/// what was done, and how much is free inside the store's file.
#[derive(Debug, Args)]
pub struct Purge {
    /// Days a dead code is kept; 0 for none [default: purge.retention_days]
    #[arg(long, value_name = "N", value_parser = number::within(0..=36_500), allow_negative_numbers = true)]
    retention_days: Option<u64>,

    /// Keep emptied batches in lists, in the state they are in
    #[arg(long)]
    keep_empty_batches: bool,

    /// Codes in one transaction [default: purge.chunk]
    #[arg(long, value_name = "N", value_parser = number::within(1..=100_000), allow_negative_numbers = true)]
    chunk: Option<u64>,

    /// Codes in this run, or unlimited [default: purge.max_per_run]
    #[arg(long, value_name = "N", value_parser = most, allow_hyphen_values = true)]
    max: Option<Most>,

    /// Only count what would be deleted
    #[arg(long)]
    dry_run: bool,

    /// Afterwards give what is free inside the store's file back to the disk, in small steps, too
    #[arg(long, conflicts_with = "dry_run")]
    shrink: bool,
}

/// How many codes a run may delete; none for all.
#[derive(Clone, Copy, Debug)]
struct Most(Option<u64>);

fn most(text: &str) -> Result<Most, String> {
    match text {
        "unlimited" | "-1" => Ok(Most(None)),
        _ => match text.parse() {
            Ok(number) if number > 0 => Ok(Most(Some(number))),
            _ => Err("give a number of at least 1, or unlimited".to_owned()),
        },
    }
}

impl Purge {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let settings = call.settings()?.purge;
        let mut workspace = call.workspace()?;
        if self.shrink && !goes_in_steps(&workspace)? {
            call.confirm("the store's file is of an earlier version, and is written anew once: nobody can log in meanwhile, some seconds for each GiB in use")?;
        }
        let request = Request {
            retention_days: self.retention_days.unwrap_or(settings.retention_days),
            keep_empty: self.keep_empty_batches,
            chunk: self.chunk.unwrap_or(settings.chunk),
            most: self.max.map_or(settings.max_per_run, |most| most.0),
            dry_run: self.dry_run,
            log: settings.log,
            schedule: None,
        };
        let stop = stop_on_signals()?;
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        let answer = purge(&mut workspace, &request, &mut pace)?;
        let given_back = match self.shrink && !answer.is_interrupted {
            true => shrink(&mut workspace, &pace)?,
            false => 0,
        };
        let space = Space {
            given_back,
            free: free(&workspace)?,
        };
        let millis = pace.elapsed_millis();
        let report = report(&answer, &request, &space, millis, call.global.verbose);
        let mail: Vec<_> = answer.mail.into_iter().collect();
        send_now(call, &mut workspace, &mail, false, report)
    }
}

/// What became of the space in the store's file.
struct Space {
    given_back: u64,
    free: u64,
}

impl Space {
    /// So little is not worth a sentence: the next codes fill it.
    const LITTLE: u64 = 1 << 20;

    fn told(&self) -> Vec<String> {
        let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
        let given_back = (self.given_back >= Self::LITTLE)
            .then(|| format!("{} were given back to the disk.", mib(self.given_back)));
        let free = (self.free >= Self::LITTLE).then(|| {
            format!(
                "{} are free inside the store's file, for what is written next; `recovery-codes purge --shrink` gives them back to the disk.",
                mib(self.free)
            )
        });
        given_back.into_iter().chain(free).collect()
    }
}

fn report(answer: &Answer, request: &Request, space: &Space, millis: u64, verbose: bool) -> Report {
    let taken = answer.taken;
    let record = Record::new()
        .data("codes", taken.codes)
        .data("batches", taken.batches)
        .data("skipped", answer.skipped)
        .data("dry_run", request.dry_run)
        .data("seconds", Value::Millis(millis))
        .data("retention_days", request.retention_days)
        .data("interrupted", answer.is_interrupted)
        .data("given_back", Value::Bytes(space.given_back))
        .data("free", Value::Bytes(space.free));
    let what = format!(
        "{} of {}",
        count(taken.codes, "code"),
        count(taken.batches, "batch")
    );
    let left = if answer.skipped > 0 {
        format!("; {} left for the next run", count(answer.skipped, "code"))
    } else {
        String::new()
    };
    let report = Report::lines(record, Vec::new());
    if answer.is_interrupted {
        let error = Error::new(Kind::Interrupted, format!("interrupted after {what}{left}"));
        return report.obstacle(error.hint("nothing is lost; the next purge goes on"));
    }
    if request.dry_run {
        return report.note(format!("A purge would delete {what}{left}."));
    }
    if verbose {
        let report = report.note(format!(
            "Purged {what} in {}.{} seconds{left}.",
            millis / 1000,
            millis % 1000 / 100
        ));
        return space.told().into_iter().fold(report, Report::note);
    }
    report
}
