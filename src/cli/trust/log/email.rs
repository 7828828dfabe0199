//! `log email`

use clap::Args;

use super::imported;
use super::selection::{Selection, is_partial, with_user};
use crate::actions::desk::find;
use crate::actions::mail::deliver::mask;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::django::ImportedLog;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::store::mail_log;

/// Show what became of mail, newest first: when, what about, to whom, how it ended
///
/// Kept only with the setting mail.log. Addresses are masked; contents are never kept.
#[derive(Debug, Args)]
pub struct Email {
    #[command(flatten)]
    selection: Selection,

    /// Show what another system wrote, as it came with an import
    #[arg(long, conflicts_with = "action")]
    imported: bool,

    /// Only this kind of mail, or this outcome: sent, retry, failed
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
}

impl Email {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        if self.imported {
            return imported::report(call, &self.selection, ImportedLog::Email);
        }
        let (filter, request) = self.selection.read(call, self.action)?;
        let is_partial = is_partial(&filter);
        let is_kept = call.settings()?.mail.log;
        let mut store = call.store()?;
        let page = store.snapshot(|connection| {
            let filter = with_user(filter, |name| {
                let email = find::user(connection, &name)?.email;
                // A user without an address never got mail.
                Ok(email.map_or_else(|| "-".to_owned(), |email| mask(email.as_str())))
            })?;
            mail_log::list(connection, &filter, request)
        })?;
        let report = Report::page(
            page.map(|mailed| {
                Record::new()
                    .field("at", "When", mailed.at)
                    .field("kind", "About", mailed.kind)
                    .field("recipient", "To", mailed.recipient)
                    .field("outcome", "Outcome", mailed.outcome)
            }),
            nothing("mail", is_partial),
        );
        Ok(if is_kept {
            report
        } else {
            report.note("Mail is not recorded: mail.log is false.")
        })
    }
}
