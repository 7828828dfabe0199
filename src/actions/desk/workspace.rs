//! What a deed works with: the open store, the key ring, the settings, and who gives the command.

use std::path::PathBuf;

use crate::config::Settings;
use crate::model::audit::Origin;
use crate::model::environment::Entropy;
use crate::secret::hash::Cost;
use crate::secret::keyring::Keyring;
use crate::store::Store;

/// Everything a deed that changes something needs.
pub struct Workspace {
    pub store: Store,
    pub ring: Keyring,
    pub settings: Settings,
    pub origin: Origin,
    pub entropy: Entropy,
    /// The user's private directory for keys of sessions, if there is one.
    pub runtime: Option<PathBuf>,
}

impl Workspace {
    /// What a new hash costs.
    pub fn cost(&self) -> Cost {
        cost(&self.settings)
    }
}

/// What a new hash costs under these settings.
pub fn cost(settings: &Settings) -> Cost {
    let hash = settings.hash;
    Cost {
        memory_kib: hash.memory_kib,
        iterations: hash.iterations,
        parallelism: hash.parallelism,
    }
}
