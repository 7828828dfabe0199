//! Tells that somebody without the key changed what decides about a login: once in the audit log and
//! once by mail, however often it is met.

use crate::actions::desk::workspace::Writing;
use crate::actions::mail::enqueue;
use crate::error::{Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::mail::LetterKind;
use crate::secret::chain;
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
    if is_recorded(tx, &deed)? {
        return Ok(());
    }
    tx.record(deed)?;
    let letter = enqueue::report(tx, LetterKind::Forged, |values| {
        values
            .data("about", user.name.as_str())
            .data("batch", code.map(|(_, batch)| batch.name.short()))
            .data("hint", code.map(|(hint, _)| hint))
    });
    match letter {
        // What the settings say of mail must not undo the record; what the store says undoes both.
        Err(error)
            if matches!(
                error.kind(),
                Kind::Config | Kind::MalformedEmail | Kind::Mail
            ) =>
        {
            tracing::warn!(%error, "nobody is told by mail that the store was changed");
            Ok(())
        }
        letter => letter.map(drop),
    }
}

/// Whether the newest entry of this deed is there, and was written with the key.
fn is_recorded(tx: &Writing<'_>, deed: &Deed) -> Result<bool> {
    let Some(entry) = audit::newest_of(tx, deed)? else {
        return Ok(false);
    };
    let before = entry.number.saturating_sub(1);
    let previous = match audit::by_number(tx, before)? {
        Some(previous) => Some(previous.mac),
        None => audit::head(tx)?
            .filter(|head| head.pruned == before)
            .map(|head| head.pruned_mac),
    };
    Ok(previous.is_some_and(|mac| chain::entry_holds(tx.ring, &entry, &mac) == Some(true)))
}
