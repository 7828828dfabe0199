//! The logs of another system, which came with an import.

use super::selection::{Selection, is_partial};
use crate::actions::mail::deliver::mask;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::django::ImportedLog;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::store::imported_history;

/// One page of such a log.
pub fn report(call: &mut Call<'_>, selection: &Selection, log: ImportedLog) -> Result<Report> {
    let (mut filter, request) = selection.read(call, None)?;
    if log == ImportedLog::Email {
        filter.user = filter.user.map(|address| mask(&address));
    }
    let is_partial = is_partial(&filter);
    let mut store = call.store()?;
    let page = store
        .snapshot(|connection| imported_history::list(connection, log, &filter, request))?
        .map(|(from, entry)| {
            let short = entry
                .batch
                .as_deref()
                .map(|batch| format!("batch {}", batch.get(..8).unwrap_or(batch)));
            let about: Vec<String> = short.into_iter().chain([entry.details.clone()]).collect();
            Record::new()
                .field("imported_from", "From", from.word())
                .data("number", u64::try_from(entry.number).unwrap_or(0))
                .field("at", "When", entry.at)
                .field("actor", "Who", entry.actor)
                .field("action", "What", entry.action)
                .field("user", "User", entry.user)
                .words("About", about.join(", "))
                .data("batch", entry.batch)
                .data("details", entry.details)
        });
    Ok(Report::page(page, nothing("imported line", is_partial))
        .note("These lines are as another system wrote them: the audit chain does not prove them."))
}
