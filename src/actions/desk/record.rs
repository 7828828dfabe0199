//! Adds an entry to the audit chain, in the transaction of the deed it records.

use crate::error::{Error, Kind, Result};
use crate::model::audit::{Deed, Entry, NO_MAC, Origin};
use crate::secret::chain;
use crate::secret::keyring::Keyring;
use crate::store::{Transaction, audit};

/// Records one deed.
///
/// # Errors
/// [`Kind::DamagedStore`] when the head of the chain is gone: a deed that cannot be recorded
/// does not happen.
pub fn record(tx: &Transaction<'_>, ring: &Keyring, origin: &Origin, deed: Deed) -> Result<()> {
    let mut head = audit::head(tx)?.ok_or_else(edited)?;
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
    chain::seal_head(ring, &mut head);
    audit::put_head(tx, &head)
}

fn edited() -> Error {
    Error::new(
        Kind::DamagedStore,
        "the head of the audit chain is gone, or leaves no room for an entry",
    )
    .hint("somebody edited the store; put a backup in its place")
}
