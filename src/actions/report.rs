//! The report of a purge to the administrator.

use crate::actions::enqueue::Sealing;
use crate::actions::purge::{Answer, Request};
use crate::config::Settings;
use crate::config::settings::ReportWhen;
use crate::error::Result;
use crate::model::id::TaskId;
use crate::model::mail::Backend;
use crate::model::page::Page;
use crate::render::record::Record;
use crate::store::Transaction;
use crate::store::purges::PurgedBatch;

/// Queues the report, if somebody is to get one.
pub(super) fn queue(
    tx: &Transaction<'_>,
    sealing: &Sealing<'_>,
    settings: &Settings,
    request: &Request,
    answer: &Answer,
    named: &Page<PurgedBatch>,
) -> Result<Option<TaskId>> {
    let is_wanted = match settings.purge.report {
        ReportWhen::Always => true,
        ReportWhen::Changes => answer.taken.codes > 0,
        ReportWhen::Never => false,
    };
    let Some(to) = settings.mail.report_to.as_deref() else {
        return Ok(None);
    };
    if !is_wanted || settings.mail.backend == Backend::None {
        return Ok(None);
    }
    let name = settings
        .mail
        .report_name
        .as_deref()
        .unwrap_or("administrator");
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
    sealing.report(tx, to, name, |values| {
        values
            .data("codes", answer.taken.codes)
            .data("batches", answer.taken.batches)
            .data("skipped", answer.skipped)
            .data("retention_days", request.retention_days)
            .data("schedule", request.schedule.as_deref())
            .data("rows", rows)
            .data("more", named.total - named.items.len() as u64)
    })
}
