//! `log audit`

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::imported;
use super::selection::{Selection, is_partial, with_user};
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::audit::Action;
use crate::model::django::ImportedLog;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::store::audit;
use crate::store::users;

/// Show who did what to whom, newest first
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    selection: Selection,

    /// Show what another system wrote, as it came with an import
    #[arg(long, conflicts_with = "action")]
    imported: bool,

    /// Only entries of this kind
    #[arg(long, value_name = "ACTION", value_parser = PossibleValuesParser::new(Action::ALL.iter().map(|action| action.word())))]
    action: Option<String>,
}

impl Audit {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        if self.imported {
            return imported::report(call, &self.selection, ImportedLog::Audit);
        }
        let (filter, request) = self.selection.read(call, self.action)?;
        let is_partial = is_partial(&filter);
        let mut store = call.store()?;
        let page = store.snapshot(|connection| {
            // A removed user is found by name only.
            let filter = with_user(filter, |name| {
                Ok((users::find(connection, &name)?.map(|user| user.id), name))
            })?;
            audit::list(connection, &filter, request)
        })?;
        let page = page.map(|entry| {
            let short = entry
                .batch
                .as_deref()
                .map(|batch| batch.get(..8).unwrap_or(batch).to_owned());
            let mut about = Vec::new();
            about.extend(short.map(|batch| format!("batch {batch}")));
            about.extend(entry.hint.as_ref().map(|hint| format!("code {hint}")));
            about.extend(entry.details.clone());
            about.extend(
                entry
                    .reason
                    .as_ref()
                    .map(|reason| format!("because: {reason}")),
            );
            Record::new()
                .field("number", "No.", u64::try_from(entry.number).unwrap_or(0))
                .field("at", "When", entry.at)
                .field("actor", "Who", entry.actor)
                .field("action", "What", entry.action)
                .field("user", "User", entry.user)
                .words("About", about.join(", "))
                .data("batch", entry.batch)
                .data("hint", entry.hint)
                .data("details", entry.details)
                .data("reason", entry.reason)
        });
        Ok(Report::page(page, nothing("entry", is_partial)))
    }
}
