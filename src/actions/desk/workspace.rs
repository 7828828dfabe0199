//! What a deed works with: the open store, the key ring, the settings, and who gives the command.

use std::ops::Deref;
use std::path::PathBuf;

use crate::actions::desk::record::record;
use crate::config::Settings;
use crate::error::Result;
use crate::model::audit::{Deed, Origin};
use crate::model::environment::Entropy;
use crate::secret::hash::Cost;
use crate::secret::keyring::Keyring;
use crate::store::{Store, Transaction};

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

/// One writing: the transaction, and what the deeds in it need.
pub struct Writing<'a> {
    tx: &'a Transaction<'a>,
    pub ring: &'a Keyring,
    pub settings: &'a Settings,
    pub origin: &'a Origin,
    pub entropy: &'a Entropy,
}

impl Writing<'_> {
    /// Records a deed in the transaction in which it happens.
    ///
    /// # Errors
    /// As [`record`].
    pub fn record(&self, deed: Deed) -> Result<()> {
        record(self.tx, self.ring, self.origin, deed)
    }
}

impl<'a> Deref for Writing<'a> {
    type Target = Transaction<'a>;

    fn deref(&self) -> &Transaction<'a> {
        self.tx
    }
}

impl Workspace {
    /// Writes: everything that `deed` does happens, with its audit entries, or nothing.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write<T>(&mut self, deed: impl FnOnce(&Writing<'_>) -> Result<T>) -> Result<T> {
        let Self {
            store,
            ring,
            settings,
            origin,
            entropy,
            ..
        } = self;
        store.write(|tx| {
            deed(&Writing {
                tx,
                ring,
                settings,
                origin,
                entropy,
            })
        })
    }

    /// What a new hash costs.
    pub fn cost(&self) -> Cost {
        cost(&self.settings)
    }
}

/// What a new hash costs under these settings.
pub fn cost(settings: &Settings) -> Cost {
    let hash = &settings.hash;
    Cost {
        memory_kib: hash.memory_kib,
        iterations: hash.iterations,
        parallelism: hash.parallelism,
    }
}
