//! Adds an entry to the audit chain, in the transaction of the deed it records.

use crate::actions::desk::head::{self, edited};
use crate::error::Result;
use crate::model::audit::{Deed, Entry, NO_MAC, Origin};
use crate::secret::chain;
use crate::secret::keyring::Keyring;
use crate::store::{Transaction, audit};

/// Records one deed.
///
/// # Errors
/// What proving the head of the chain says: a deed that cannot be recorded does not happen.
pub fn record(tx: &Transaction<'_>, ring: &Keyring, origin: &Origin, deed: Deed) -> Result<()> {
    let mut head = head::proven(tx, ring)?;
    let (user_id, user) = deed.user.unzip();
    let mut entry = Entry {
        number: head.count.checked_add(1).ok_or_else(edited)?,
        at: origin.at,
        actor: origin.actor.as_str().to_owned(),
        reason: origin.reason.clone(),
        action: deed.action.word().to_owned(),
        user_id,
        user,
        batch: deed.batch,
        hint: deed.hint,
        details: deed.details,
        key: ring.current().id().clone(),
        mac: NO_MAC,
    };
    chain::seal_entry(ring, &mut entry, &head.last_mac);
    audit::insert(tx, &entry)?;
    tracing::info!(
        action = entry.action,
        actor = entry.actor,
        user = entry.user,
        batch = entry.batch,
        hint = entry.hint,
        details = entry.details,
        "audit"
    );
    head.count = entry.number;
    head.last_mac = entry.mac;
    if let Some(seals) = &mut head.seals {
        seals.seen_at = seals.seen_at.max(origin.at);
    }
    head::close(tx, ring, head)
}
