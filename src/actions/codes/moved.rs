//! Which code of another system is meant. What was typed leads to a hint only together with the batch, and
//! with the salt that system mixed in.

use crate::actions::codes::sight::Sight;
use crate::actions::desk::workspace::Workspace;
use crate::error::Result;
use crate::model::id::{KeyId, UserId};
use crate::secret::code::Code;
use crate::secret::keyring::Keyring;
use crate::secret::moved::MovedText;
use crate::store::batches::Batch;
use crate::store::codes::{self, CodeRow};
use crate::store::{Connection, moved};

/// Whether codes of other systems may be typed: while anybody has some, for everybody alike.
///
/// # Errors
/// What reading the store says.
pub fn are_typed(workspace: &Workspace) -> Result<bool> {
    moved::any_open(workspace.store.read())
}

/// The user's unpurged code that this is, with the code that stands for it. Codes under keys that the ring
/// lacks are none.
pub(in crate::actions) fn find(
    sight: Sight<'_>,
    user: UserId,
    typed: &MovedText,
) -> Result<Option<(CodeRow, Batch, Code)>> {
    let Sight { store, ring, .. } = sight;
    for batch in moved::of_user(store, user)? {
        let Some(from) = batch.imported_from else {
            continue;
        };
        let mut last: Option<(KeyId, Option<String>, Code)> = None;
        for row in codes::of_batch(store, batch.id)? {
            let Some(key) = ring.get(&row.key_id) else {
                continue;
            };
            // Without salts it is the same for the whole batch.
            let read = match last {
                Some((id, salt, read)) if id == row.key_id && salt == row.salt => read,
                _ => {
                    let kept = typed.kept(from, row.salt.as_deref());
                    Code::of_kept(&kept, key, from, &batch.name)
                }
            };
            if read.hint() == row.hint {
                return Ok(Some((row, batch, read)));
            }
            last = Some((row.key_id, row.salt, read));
        }
    }
    Ok(None)
}

/// Makes sure that a user's codes can be read, before an attempt is counted: without the key they were
/// taken over with, right codes look like wrong ones.
///
/// # Errors
/// [`Kind::MissingKey`](crate::error::Kind::MissingKey).
pub(in crate::actions) fn require_readable(
    store: &Connection,
    ring: &Keyring,
    batch: &Batch,
) -> Result<()> {
    if batch.imported_from.is_none() {
        return Ok(());
    }
    for row in codes::of_batch(store, batch.id)? {
        ring.require(&row.key_id, "this user's codes")?;
    }
    Ok(())
}
