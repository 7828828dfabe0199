//! What is said of a batch.

use crate::model::format::Format;
use crate::model::state::{BatchState, Elsewhere};
use crate::model::time::Timestamp;
use crate::render::record::{Record, Value};
use crate::store::batches;

/// Everything about a batch.
pub fn batch_record(batch: &batches::Batch, now: Timestamp) -> Record {
    Record::new()
        .data("batch", batch.name.as_str())
        .words("Batch", batch.name.short())
        .field("state", "State", batch.state.word())
        .data("temporary", batch.is_temporary)
        .words("Kind", kind(batch))
        .field("alphabet", "Alphabet", batch.alphabet.word())
        .data("imported_from", batch.imported_from.map(Elsewhere::word))
        .data("weak", batch.is_weak)
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
        .field("shown_at", "Shown", batch.shown_at)
        .field("exported_at", "Exported", batch.exported_at)
        .field(
            "export_format",
            "Exported as",
            batch.export_format.map(Format::word),
        )
        .field("emailed_at", "Mailed", batch.emailed_at)
        .field("changed_at", "Last change", batch.changed_at)
}

/// A batch as a row among others; `first` holds what stands before it.
pub fn batch_row(first: Record, batch: &batches::Batch) -> Record {
    first
        .data("batch", batch.name.as_str())
        .words("Batch", batch.name.short())
        .data("state", batch.state.word())
        .data("temporary", batch.is_temporary)
        .words("State", state(batch))
        .field("created_at", "Issued", batch.created_at)
        .field("expires_at", "Expires", batch.expires_at)
        .data("confirmed", batch.confirmed_at.is_some())
        .data("confirmed_at", batch.confirmed_at)
        .data("ended_at", batch.ended_at)
        .data("issued", batch.issued)
        .data("remaining", batch.remaining())
        .words(
            "Unused",
            format!("{} of {}", batch.remaining(), batch.issued),
        )
        .field("used", "Used", batch.used)
        .data("invalidated", batch.invalidated)
        .data("deleted", batch.deleted)
        .data("purged", batch.purged)
        .data("shown_at", batch.shown_at)
        .data("exported_at", batch.exported_at)
        .data("export_format", batch.export_format.map(Format::word))
        .data("emailed_at", batch.emailed_at)
        .data("changed_at", batch.changed_at)
        .words("Events", events(batch))
}

/// What a batch is beside others of its user.
fn kind(batch: &batches::Batch) -> &'static str {
    match batch.is_temporary {
        true => "temporary code",
        false => "sheet",
    }
}

/// Its state for a narrow column.
fn state(batch: &batches::Batch) -> &'static str {
    match (batch.is_temporary, batch.state) {
        (true, BatchState::Active) => "temporary",
        (_, state) => state.word(),
    }
}

/// What became of the plaintext, in the order in which it usually does, and the last change if
/// there was one.
pub fn events(batch: &batches::Batch) -> Value {
    let exported = batch.export_format.map_or("exported", Format::word);
    let marks = [
        ("shown", batch.shown_at),
        (exported, batch.exported_at),
        ("mailed", batch.emailed_at),
        ("confirmed", batch.confirmed_at),
        (
            "changed",
            Some(batch.changed_at).filter(|at| *at != batch.created_at),
        ),
    ];
    let said = marks.into_iter().filter_map(|(mark, at)| Some((mark, at?)));
    Value::Events(said.collect())
}
