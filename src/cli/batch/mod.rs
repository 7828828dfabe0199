//! `batch …`: the codes issued to one user at one time.

mod delete;
mod list;
mod show;

use clap::Subcommand;

use super::call::Call;
use super::report::Report;
use crate::error::Result;
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::render::record::Record;
use crate::store::batches;

/// List, show and delete batches
#[derive(Debug, Subcommand)]
pub enum Batch {
    List(list::List),
    Show(show::Show),
    Delete(delete::Delete),
}

impl Batch {
    pub(super) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        match self {
            Self::List(word) => word.run(call),
            Self::Show(word) => word.run(call),
            Self::Delete(word) => word.run(call),
        }
    }
}

/// Everything about a batch.
pub(super) fn batch_record(batch: &batches::Batch, now: Timestamp) -> Record {
    Record::new()
        .data("batch", batch.name.as_str())
        .words("Batch", batch.name.short())
        .field("state", "State", batch.state.word())
        .field("alphabet", "Alphabet", batch.alphabet.word())
        .data("imported_from", batch.imported_from.map(Elsewhere::word))
        .field("created_at", "Issued", batch.created_at)
        .field("created_by", "Issued by", batch.created_by.as_str())
        .field("expires_at", "Expires", batch.expires_at)
        .field("expired", "Expired", batch.is_expired(now))
        .data("confirmed", batch.confirmed_at.is_some())
        .field("confirmed_at", "Confirmed", batch.confirmed_at)
        .field("ended_at", "Ended", batch.ended_at)
        .field("ended_by", "Ended by", batch.ended_by.as_deref())
        .field("issued", "Codes", batch.issued)
        .field("remaining", "Unused", batch.remaining())
        .field("used", "Used", batch.used)
        .field("invalidated", "Invalidated", batch.invalidated)
        .field("deleted", "Deleted", batch.deleted)
        .field("purged", "Purged", batch.purged)
}

/// A batch as a row among others; `first` holds what stands before it.
pub(super) fn batch_row(first: Record, batch: &batches::Batch) -> Record {
    first
        .data("batch", batch.name.as_str())
        .words("Batch", batch.name.short())
        .field("state", "State", batch.state.word())
        .field("created_at", "Issued", batch.created_at)
        .field("expires_at", "Expires", batch.expires_at)
        .data("confirmed", batch.confirmed_at.is_some())
        .data("ended_at", batch.ended_at)
        .field("issued", "Codes", batch.issued)
        .field("remaining", "Unused", batch.remaining())
        .field("used", "Used", batch.used)
        .data("invalidated", batch.invalidated)
        .data("deleted", batch.deleted)
        .field("purged", "Purged", batch.purged)
}
