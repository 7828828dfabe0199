//! The keyed digests of the audit chain (HMAC-SHA-256, RFC 2104; DESIGN section 4.10).

use super::keyring::Keyring;
use crate::model::audit::{Entry, Head, Mac, NO_MAC};
use crate::model::seal::Seals;

/// Chains an entry to the digest before it, with the current key.
pub fn seal_entry(ring: &Keyring, entry: &mut Entry, previous: &Mac) {
    entry.key = ring.current().id().clone();
    entry.mac = ring.current().audit_key().mac(&entry.covered(previous));
}

/// Closes the head, with the current key.
pub fn seal_head(ring: &Keyring, head: &mut Head) {
    head.key = ring.current().id().clone();
    head.mac = ring.current().audit_key().mac(&head.covered());
}

/// The head of a chain without entries, from which this hangs; it is not closed yet.
pub fn empty_head(ring: &Keyring, seals: Seals) -> Head {
    Head {
        pruned: 0,
        pruned_mac: NO_MAC,
        count: 0,
        last_mac: NO_MAC,
        seals: Some(seals),
        key: ring.current().id().clone(),
        mac: NO_MAC,
    }
}

/// Whether an entry is what it was when it was chained; none if its key is missing.
pub fn entry_holds(ring: &Keyring, entry: &Entry, previous: &Mac) -> Option<bool> {
    let key = ring.audit_key(&entry.key)?;
    Some(key.is_mac(&entry.covered(previous), &entry.mac))
}

/// Whether the head is what it was when it was closed; none if its key is missing.
pub fn head_holds(ring: &Keyring, head: &Head) -> Option<bool> {
    let key = ring.audit_key(&head.key)?;
    Some(key.is_mac(&head.covered(), &head.mac))
}
