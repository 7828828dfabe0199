//! Tells that somebody without the key changed what decides about a login: once in the audit log and
//! once by mail, however often it is met.

use crate::actions::desk::workspace::Writing;
use crate::actions::mail::enqueue;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::model::mail::LetterKind;
use crate::store::audit;
use crate::store::batches::Batch;
use crate::store::users::User;

/// Tells of a user, and of the code that was tried, if one was found.
pub(in crate::actions) fn report(
    tx: &Writing<'_>,
    user: &User,
    code: Option<(&str, &Batch)>,
) -> Result<()> {
    let mut deed = Deed::new(Action::StoreForged)
        .user(user.id, user.name.as_str())
        .details("met by an attempt to log in, which was denied");
    if let Some((hint, batch)) = code {
        deed = deed.batch(&batch.name).hint(hint);
    }
    if audit::has(tx, &deed)? {
        return Ok(());
    }
    tx.record(deed)?;
    let letter = enqueue::report(tx, LetterKind::Forged, |values| {
        values
            .data("about", user.name.as_str())
            .data("batch", code.map(|(_, batch)| batch.name.short()))
            .data("hint", code.map(|(hint, _)| hint))
    });
    // A letter that cannot be written must not undo the record.
    if let Err(error) = letter {
        tracing::warn!(%error, "nobody is told by mail that the store was changed");
    }
    Ok(())
}
