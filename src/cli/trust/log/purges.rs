//! `log purges`

use clap::Args;

use super::imported;
use super::selection::{Selection, is_partial, with_user};
use crate::actions::desk::find;
use crate::cli::desk::{Call, Report};
use crate::error::{Error, Kind, Result};
use crate::model::django::ImportedLog;
use crate::model::id::PurgeId;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::store::purges;

/// Show every run of a purge, newest first, or what one run took of which batch
#[derive(Debug, Args)]
pub struct Purges {
    #[command(flatten)]
    selection: Selection,

    /// Show what another system wrote, as it came with an import
    #[arg(long, conflicts_with = "action")]
    imported: bool,

    /// Only runs of this schedule, or `interrupted` ones
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,

    /// What this run took, batch by batch
    #[arg(long, value_name = "N", conflicts_with_all = ["user", "since", "until", "action", "imported"])]
    run: Option<i64>,
}

impl Purges {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        if self.imported {
            return imported::report(call, &self.selection, ImportedLog::Purges);
        }
        let (filter, request) = self.selection.read(call, self.action)?;
        let is_partial = is_partial(&filter);
        let mut store = call.store()?;
        if let Some(run) = self.run {
            let page = store.snapshot(|connection| {
                let run = PurgeId(run);
                purges::by_id(connection, run)?.ok_or_else(|| {
                    Error::new(
                        Kind::UnknownPurge,
                        format!("there is no run {} of a purge", run.0),
                    )
                    .hint("`recovery-codes log purges` shows all")
                })?;
                purges::batches(connection, run, request)
            })?;
            let page = page.map(|batch| {
                Record::new()
                    .field("user", "User", batch.user)
                    .data("batch", batch.batch.as_str())
                    .words("Batch", batch.batch.short())
                    .field("codes", "Codes", batch.codes)
            });
            return Ok(Report::page(page, "It took no batch."));
        }
        let page = store.snapshot(|connection| {
            let filter = with_user(filter, |name| Ok(find::user(connection, &name)?.id))?;
            purges::list(connection, &filter, request)
        })?;
        let page = page.map(|run| {
            Record::new()
                .field("run", "Run", u64::try_from(run.id.0).unwrap_or(0))
                .field("at", "When", run.at)
                .field("actor", "Who", run.actor)
                .field("schedule", "Schedule", run.schedule)
                .field("retention_days", "Retention", run.retention_days)
                .field("codes", "Codes", run.codes)
                .field("batches", "Batches", run.batches)
                .field("finished", "Finished", run.finished_at.is_some())
                .data("finished_at", run.finished_at)
        });
        Ok(Report::page(page, nothing("purge", is_partial)))
    }
}
