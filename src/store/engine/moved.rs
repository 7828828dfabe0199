//! A store whose contents are at another place by now.

use crate::error::{Error, Kind, Result};

/// Whether such a store is used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Even {
    /// No: what is used there would work here again.
    Here,
    /// Yes, to move it once more.
    Moved,
}

/// Refuses one that was moved to this place.
pub(super) fn require_here(moved_to: Option<String>) -> Result<()> {
    match moved_to {
        None => Ok(()),
        Some(place) => Err(Error::new(
            Kind::ReplacedStore,
            format!("the store was moved to {place}"),
        )
        .hint("name that one with --store, or as `store` in the configuration")),
    }
}
