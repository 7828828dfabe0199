//! The report of a purge to the administrator.

use crate::actions::desk::workspace::Writing;
use crate::actions::mail::enqueue;
use crate::config::settings::ReportWhen;
use crate::error::Result;
use crate::model::id::TaskId;
use crate::model::mail::LetterKind;
use crate::model::page::Page;
use crate::render::record::Record;
use crate::store::dead::Taken;
use crate::store::purges::PurgedBatch;

/// What a run did.
pub(in crate::actions) struct Purged<'a> {
    pub taken: Taken,
    /// Dead codes beyond the retention that were left for the next run.
    pub skipped: u64,
    pub retention_days: u64,
    /// The schedule whose run it was.
    pub schedule: Option<&'a str>,
}

/// Queues the report, if somebody is to get one.
pub(in crate::actions) fn queue(
    tx: &Writing<'_>,
    purged: &Purged<'_>,
    named: &Page<PurgedBatch>,
) -> Result<Option<TaskId>> {
    let is_wanted = match tx.settings.purge.report {
        ReportWhen::Always => true,
        ReportWhen::Changes => purged.taken.codes > 0,
        ReportWhen::Never => false,
    };
    if !is_wanted {
        return Ok(None);
    }
    let rows: Vec<Record> = named
        .items
        .iter()
        .map(|batch| {
            Record::new()
                .data("user", batch.user.as_str())
                .data("batch", batch.batch.short())
                .data("codes", batch.codes)
        })
        .collect();
    enqueue::report(tx, LetterKind::Report, |values| {
        values
            .data("codes", purged.taken.codes)
            .data("batches", purged.taken.batches)
            .data("skipped", purged.skipped)
            .data("retention_days", purged.retention_days)
            .data("schedule", purged.schedule)
            .data("rows", rows)
            .data("more", named.total - named.items.len() as u64)
    })
}
