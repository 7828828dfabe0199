//! Whether the audit chain still holds what was written down of it elsewhere.

use crate::error::Result;
use crate::model::audit::{Anchor, Head, Mac, NO_MAC};
use crate::store::{Connection, audit};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The chain holds all of them.
    All,
    /// It does not hold this entry, or another one in its place.
    Not { entry: i64, why: String },
    /// This entry was pruned, so nobody can say any more.
    Untold { entry: i64, why: String },
}

/// Holds a chain that proved itself to what was written down. An old copy of the whole store is
/// such a chain, but it lacks what came later. What is wrong goes before what cannot be told.
pub fn hold_audit(connection: &Connection, anchors: &[Anchor]) -> Result<Held> {
    let Some(head) = audit::head(connection)? else {
        return Ok(Held::All);
    };
    let mut held = Held::All;
    for anchor in anchors {
        match hold(connection, &head, anchor)? {
            Held::All => {}
            no @ Held::Not { .. } => return Ok(no),
            untold @ Held::Untold { .. } => held = untold,
        }
    }
    Ok(held)
}

fn hold(connection: &Connection, head: &Head, anchor: &Anchor) -> Result<Held> {
    let entry = anchor.number;
    if entry > head.count {
        let why = format!(
            "entry {entry} was written down, but the last one is {}; the store may be an old copy",
            head.count
        );
        return Ok(Held::Not { entry, why });
    }
    if entry > 0 && entry < head.pruned {
        let why = format!(
            "entry {entry} was pruned, and the oldest that can be compared is {}",
            head.pruned
        );
        return Ok(Held::Untold { entry, why });
    }
    if mac_of(connection, head, entry)? == Some(anchor.mac) {
        return Ok(Held::All);
    }
    let why = format!(
        "entry {entry} is not the one that was written down; the store may be an old copy that went on, or another store"
    );
    Ok(Held::Not { entry, why })
}

fn mac_of(connection: &Connection, head: &Head, entry: i64) -> Result<Option<Mac>> {
    Ok(match entry {
        0 => Some(NO_MAC),
        _ if entry == head.pruned => Some(head.pruned_mac),
        _ => audit::by_number(connection, entry)?.map(|entry| entry.mac),
    })
}
