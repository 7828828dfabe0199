//! What a code is compared with.

use crate::actions::desk::workspace::{Workspace, Writing, cost};
use crate::model::time::Timestamp;
use crate::secret::hash::Cost;
use crate::secret::keyring::Keyring;
use crate::store::Connection;

/// The store as it is seen, in a transaction or outside, and what stands around it.
#[derive(Clone, Copy)]
pub(in crate::actions) struct Sight<'a> {
    pub store: &'a Connection,
    pub ring: &'a Keyring,
    pub cost: Cost,
    pub now: Timestamp,
}

impl<'a> From<&'a Writing<'_>> for Sight<'a> {
    fn from(tx: &'a Writing<'_>) -> Self {
        Self {
            store: tx,
            ring: tx.ring,
            cost: cost(tx.settings),
            now: tx.origin.at,
        }
    }
}

impl<'a> From<&'a Workspace> for Sight<'a> {
    fn from(workspace: &'a Workspace) -> Self {
        Self {
            store: workspace.store.read(),
            ring: &workspace.ring,
            cost: workspace.cost(),
            now: workspace.origin.at,
        }
    }
}
