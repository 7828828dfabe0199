//! What every `import` of codes is told: how it is done, and whether it is only shown.

use std::num::NonZero;

use clap::Args;

use super::refused::SharedEmails;
use crate::actions::users::roster::Shared;
use crate::cli::desk::{Call, Report, number};
use crate::error::Result;
use crate::model::page::PageRequest;
use crate::render::record::Record;
use crate::render::words::count;

/// How codes are taken over.
#[derive(Debug, Args)]
pub struct Manner {
    /// Take codes over into a store that was restored from a backup, though the backup may be from before an
    /// earlier import, and the codes used since
    #[arg(long)]
    trust_codes: bool,

    #[command(flatten)]
    shared: SharedEmails,

    /// Only show what would happen, users first of whom nothing or not all comes
    #[arg(long)]
    dry_run: bool,

    /// Which page of what would happen
    #[arg(long, value_name = "N", requires = "dry_run", value_parser = number::page, allow_negative_numbers = true)]
    page: Option<u64>,

    /// Rows on a page of it [default: history.per_page]
    #[arg(long, value_name = "N", requires = "dry_run", value_parser = number::within(1..=1000), allow_negative_numbers = true)]
    per_page: Option<u64>,

    /// Threads that hash codes, each in memory of its own [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

impl Manner {
    /// Whether codes may come into a store that was restored.
    pub fn trusts(&self) -> bool {
        self.trust_codes
    }

    /// What is done about an address that several users have.
    pub fn shared(&self) -> Shared {
        self.shared.policy()
    }

    /// How many threads hash; none for one per processor.
    pub fn threads(&self) -> Option<NonZero<usize>> {
        self.jobs.and_then(|jobs| NonZero::new(usize::from(jobs)))
    }

    /// Which page is shown, if nothing is to be changed.
    pub fn shown(&self, call: &Call<'_>) -> Result<Option<PageRequest>> {
        match self.dry_run {
            true => call.page(self.page.unwrap_or(1), self.per_page).map(Some),
            false => Ok(None),
        }
    }
}

/// Says how many users there are of each outcome, and what comes of all of them: a page shows a few.
pub fn outcomes_of<'a>(
    report: Report,
    beside: Record,
    outcomes: impl Iterator<Item = (&'a str, u64)> + Clone,
) -> Report {
    let records = outcomes
        .clone()
        .map(|(outcome, users)| Record::new().data("action", outcome).data("users", users));
    let records: Vec<Record> = records.collect();
    let is_long = report.is_a_part();
    let report = report.beside(beside.data("outcomes", records));
    match is_long {
        false => report,
        true => {
            let said =
                outcomes.map(|(outcome, users)| format!("{}: {outcome}", count(users, "user")));
            report.notes(said.collect())
        }
    }
}
