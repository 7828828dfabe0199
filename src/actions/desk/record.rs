//! Adds an entry to the audit chain, in the transaction of the deed it records.

use crate::actions::desk::head::{self, edited};
use crate::error::Result;
use crate::model::audit::{Deed, Entry, Head, NO_MAC, Origin};
use crate::secret::chain;
use crate::secret::keyring::Keyring;
use crate::store::{Transaction, audit};

/// Records one deed.
///
/// # Errors
/// What proving the head of the chain says: a deed that cannot be recorded does not happen.
pub fn record(tx: &Transaction<'_>, ring: &Keyring, origin: &Origin, deed: Deed) -> Result<()> {
    let mut head = head::proven(tx, ring)?;
    log(origin, &deed);
    append(tx, ring, origin, &mut head, deed)?;
    head::close(tx, ring, head)
}

/// Writes an entry behind the last one, and takes it into a head that is still to be closed.
pub(in crate::actions) fn append(
    tx: &Transaction<'_>,
    ring: &Keyring,
    origin: &Origin,
    head: &mut Head,
    deed: Deed,
) -> Result<()> {
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
    head.count = entry.number;
    head.last_mac = entry.mac;
    if let Some(seals) = &mut head.seals {
        seals.seen_at = seals.seen_at.max(origin.at);
    }
    Ok(())
}

/// Says a deed in the log file.
pub(in crate::actions) fn log(origin: &Origin, deed: &Deed) {
    tracing::info!(
        action = deed.action.word(),
        actor = origin.actor.as_str(),
        user = deed.user.as_ref().map(|(_, user)| user.as_str()),
        batch = deed.batch,
        hint = deed.hint,
        details = deed.details,
        "audit"
    );
}
