//! `log verify-attempts`

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::selection::{Selection, is_partial, with_user};
use crate::actions::desk::find;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::id::BatchPrefix;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::store::attempts;
use crate::store::batches;

/// Show every code that was tried, newest first, with the real reason
#[derive(Debug, Args)]
pub struct VerifyAttempts {
    #[command(flatten)]
    selection: Selection,

    /// Only attempts with this outcome, or only those of verify or confirm
    #[arg(long, value_name = "ACTION", value_parser = PossibleValuesParser::new(actions()))]
    action: Option<String>,
}

fn actions() -> Vec<&'static str> {
    let purposes = Purpose::ALL.iter().map(|purpose| purpose.word());
    purposes
        .chain(Outcome::ALL.iter().map(|outcome| outcome.word()))
        .collect()
}

impl VerifyAttempts {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let (filter, request) = self.selection.read(call, self.action)?;
        let is_partial = is_partial(&filter);
        let mut store = call.store()?;
        let (page, issued) = store.snapshot(|connection| {
            let filter = with_user(filter, |name| Ok(find::user(connection, &name)?.id))?;
            let page = attempts::list(connection, &filter, request)?;
            let mut issued = Vec::new();
            for attempt in &page.items {
                let batch = match attempt.batch.as_deref().map(BatchPrefix::parse) {
                    Some(Ok(prefix)) => batches::by_prefix(connection, &prefix, 1)?.pop(),
                    _ => None,
                };
                issued.push(batch.map(|batch| batch.created_at));
            }
            Ok((page, issued))
        })?;
        let mut issued = issued.into_iter();
        let [has_times, has_source] = [
            page.items.iter().any(|attempt| attempt.times > 1),
            page.items.iter().any(|attempt| attempt.source.is_some()),
        ];
        let zone = call.zone();
        let page = page.map(|attempt| {
            let issued = issued.next().flatten();
            let short = attempt
                .batch
                .as_deref()
                .map(|batch| batch.get(..8).unwrap_or(batch).to_owned());
            let sheet = match (short, issued) {
                (Some(batch), Some(at)) => Some(format!("{batch} of {}", zone.readable(at))),
                (batch, _) => batch,
            };
            let record = Record::new()
                .field("at", "When", attempt.at)
                .field("user", "User", attempt.user)
                .field("purpose", "For", attempt.purpose.word())
                .field("outcome", "Outcome", attempt.outcome.word())
                .words("The code", attempt.outcome.explanation())
                .field("hint", "Hint", attempt.hint)
                .words("Sheet", sheet)
                .data("times", attempt.times)
                .data("from", attempt.source.clone())
                .data("reason", attempt.reason)
                .data("batch", attempt.batch)
                .data("actor", attempt.actor);
            let record = match has_source {
                true => record.words("From", attempt.source),
                false => record,
            };
            match has_times {
                true => record.words("Times", attempt.times),
                false => record,
            }
        });
        Ok(Report::page(page, nothing("attempt", is_partial)))
    }
}
