//! Whether the audit chain holds, or the first place where it does not.

use crate::error::Result;
use crate::model::audit::{Anchor, NO_MAC};
use crate::secret::chain;
use crate::secret::keyring::{Holding, Keyring};
use crate::store::{Connection, audit};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is what it was and where it was.
    Holds {
        /// Entries that were looked at.
        entries: i64,
        /// Entries that pruning had taken before.
        pruned: i64,
        /// The last entry, to be written down elsewhere.
        head: Anchor,
    },
    /// The first entry where it does not, if it is one entry, and why.
    Broken {
        entry: Option<i64>,
        why: String,
        /// Whether it only cannot be told, because a key is missing.
        missing_key: bool,
    },
}

/// Walks along the whole chain of the store in use. Its head must be closed with a key that is
/// not retired, as every head is from the moment of a retirement on: otherwise an old key would
/// be enough to write another past.
pub fn verify_audit(connection: &Connection, ring: &Keyring) -> Result<Verdict> {
    verify_newest(connection, ring, i64::MAX, &mut |_| {})
}

/// The same for the newest entries alone, so many at the most, of a chain that may be long: they are
/// what they were and where they were, behind whatever stands before them. `seen` hears how many were
/// looked at so far.
pub fn verify_newest(
    connection: &Connection,
    ring: &Keyring,
    most: i64,
    seen: &mut dyn FnMut(i64),
) -> Result<Verdict> {
    if let Some(head) = audit::head(connection)?
        && ring.holding(&head.key) == Holding::AuditOnly
    {
        return Ok(Verdict::Broken {
            entry: None,
            why: format!(
                "the head of the chain was closed with the retired key {}",
                head.key
            ),
            missing_key: false,
        });
    }
    follow(connection, ring, most, seen)
}

/// [`verify_audit`] for a copy from an earlier time, which a key may have closed that is retired now.
pub fn verify_old_audit(connection: &Connection, ring: &Keyring) -> Result<Verdict> {
    follow(connection, ring, i64::MAX, &mut |_| {})
}

fn follow(
    connection: &Connection,
    ring: &Keyring,
    most: i64,
    seen: &mut dyn FnMut(i64),
) -> Result<Verdict> {
    let unproven = |entry: Option<i64>, why: String, missing_key: bool| {
        Ok(Verdict::Broken {
            entry,
            why,
            missing_key,
        })
    };
    let broken = |entry, why| unproven(entry, why, false);
    let Some(head) = audit::head(connection)? else {
        return broken(None, "the head of the chain is gone".into());
    };
    match chain::head_holds(ring, &head) {
        Some(true) => {}
        Some(false) => {
            return broken(
                None,
                "the head of the chain was changed without the key".into(),
            );
        }
        None => {
            return unproven(
                None,
                format!("the head needs the key {}, which is missing", head.key),
                true,
            );
        }
    }
    let first = head.pruned.max(head.count.saturating_sub(most));
    let before = match first > head.pruned {
        true => audit::by_number(connection, first)?.map(|entry| entry.mac),
        false if first == 0 => Some(NO_MAC),
        false => Some(head.pruned_mac),
    };
    let Some(mut previous) = before else {
        return broken(Some(first), format!("entry {first} is missing"));
    };
    let mut number = first;
    let (mut fault, mut missing_key) = (None, false);
    // What stands before the first is looked for, too: it would be a number that was given before.
    let begin = if first == head.pruned {
        i64::MIN
    } else {
        first
    };
    audit::walk_behind(connection, begin, |entry| {
        let expected = number + 1;
        if expected > head.count {
            fault = Some((
                expected,
                format!("entry {expected} lies behind the end that the head names"),
            ));
            return Ok(false);
        }
        if entry.number != expected {
            fault = Some((expected, format!("entry {expected} is missing")));
            return Ok(false);
        }
        match chain::entry_holds(ring, &entry, &previous) {
            Some(true) => {}
            Some(false) => {
                fault = Some((
                    expected,
                    format!("entry {expected} was changed, inserted or moved"),
                ));
                return Ok(false);
            }
            None => {
                missing_key = true;
                fault = Some((
                    expected,
                    format!(
                        "entry {expected} needs the key {}, which is missing",
                        entry.key
                    ),
                ));
                return Ok(false);
            }
        }
        number = entry.number;
        previous = entry.mac;
        seen(number - first);
        Ok(true)
    })?;
    if let Some((entry, why)) = fault {
        return unproven(Some(entry), why, missing_key);
    }
    if number < head.count {
        let why = match head.count - number {
            1 => format!("entry {} is missing, the last one", head.count),
            _ => format!(
                "entries {} to {} are missing, the last ones",
                number + 1,
                head.count
            ),
        };
        return broken(Some(number + 1), why);
    }
    if previous != head.last_mac {
        return broken(
            Some(number),
            format!("entry {number} is not the one that the head names as the last"),
        );
    }
    Ok(Verdict::Holds {
        entries: head.count - first,
        pruned: head.pruned,
        head: Anchor {
            number: head.count,
            mac: head.last_mac,
        },
    })
}
