//! Opening store and key ring together, and making what is not there yet.

use std::path::PathBuf;

use crate::actions::desk::head;
use crate::actions::desk::key_source::{KeySource, key_source, missing_key, read_ring};
use crate::actions::desk::key_standing;
use crate::actions::desk::record;
use crate::actions::desk::sealing::{self, Older};
use crate::actions::desk::tree::Tree;
use crate::actions::desk::workspace::{Workspace, latest};
use crate::actions::sheets::session;
use crate::config::Settings;
use crate::config::paths::Paths;
use crate::error::Result;
use crate::model::audit::{Action, Deed, Origin};
use crate::model::environment::{Entropy, Environment};
use crate::model::location::Location;
use crate::platform::files;
use crate::secret::chain;
use crate::secret::key_file::KeyFile;
use crate::secret::keyring::Keyring;
use crate::secret::random::Random;
use crate::store::{Connection, Store, keys, meta, sessions};

/// What a workspace is opened with.
#[derive(Clone)]
pub struct Opening<'a> {
    pub paths: &'a Paths,
    pub environment: &'a Environment,
    pub settings: Settings,
    pub origin: Origin,
    pub entropy: Entropy,
    pub runtime: Option<PathBuf>,
    /// How much of a store of an earlier version is sealed.
    pub older: Older,
    /// Whether the process ends soon, and the store with it.
    pub is_last: bool,
}

/// What [`Workspace::open_or_create`] had to make.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The store that was not there.
    pub store: Option<Location>,
    /// The key file that was not there.
    pub keys: Option<PathBuf>,
}

impl Workspace {
    /// Opens store and key ring, which must be there and belong together.
    ///
    /// # Errors
    /// [`crate::error::Kind::NoStore`], [`crate::error::Kind::MissingKey`], [`crate::error::Kind::WrongKey`], and what reading them says.
    pub fn open(opening: Opening<'_>) -> Result<Self> {
        Self::open_ahead(opening, |_| {})
    }

    /// The same, and says what will be asked first; see [`Connection::ahead`].
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn open_ahead(opening: Opening<'_>, ahead: impl FnOnce(&Connection)) -> Result<Self> {
        let Opening {
            paths,
            environment,
            older,
            ..
        } = opening;
        let source = key_source(paths, environment);
        let now = opening.origin.at;
        // What is wrong with the store is said first.
        let ring = read_ring(paths, environment);
        let store = Store::open_ahead(&paths.store, |connection| {
            drop(latest(connection, now));
            if let Ok(Some(ring)) = &ring {
                drop(keys::get(connection, ring.current().id()));
            }
            drop(sealing::is_sealed(connection));
            drop(sessions::expired(connection, now));
            ahead(connection);
        })?;
        let ring = ring?.ok_or_else(|| missing_key(paths))?;
        Self::from_parts(store, ring, opening)?.proven(&source, older)
    }

    /// The same without asking whether the current key belongs to the store.
    ///
    /// # Errors
    /// [`crate::error::Kind::NoStore`], [`crate::error::Kind::MissingKey`], and what reading them says.
    pub fn open_unproven(opening: Opening<'_>) -> Result<Self> {
        let store = Store::open(&opening.paths.store)?;
        let ring = read_ring(opening.paths, opening.environment)?
            .ok_or_else(|| missing_key(opening.paths))?;
        Self::from_parts(store, ring, opening)
    }

    /// The same, and makes key and store where they are missing. The key comes first: a store
    /// without its key is worth nothing, a key without a store harms nobody.
    pub fn open_or_create(opening: Opening<'_>) -> Result<(Self, Made)> {
        let Opening {
            paths,
            environment,
            ref origin,
            ref entropy,
            ..
        } = opening;
        let mut made = Made::default();
        if read_ring(paths, environment)?.is_none() && !Store::is_there(&paths.store)? {
            let text = KeyFile::new(Random::from(entropy), origin.at)?.text();
            if files::write_new(&paths.keys, text.as_bytes())? {
                made.keys = Some(paths.keys.clone());
            }
        }
        let ring = read_ring(paths, environment)?.ok_or_else(|| missing_key(paths))?;
        if let Some(file) = paths.store.file() {
            files::fitting_directory_of(file)?;
        }
        let (store, is_new) = Store::open_or_create(&paths.store, |tx| {
            meta::insert(tx, origin.at)?;
            keys::insert(tx, ring.current().id(), origin.at)?;
            let seals = head::of_nobody(tx, i64::MAX, origin.at)?;
            head::close(tx, &ring, chain::empty_head(&ring, seals))?;
            record::record(tx, &ring, origin, Deed::new(Action::StoreCreated))
        })?;
        if is_new {
            made.store = Some(paths.store.clone());
        }
        let source = key_source(paths, environment);
        let older = opening.older;
        let workspace = Self::from_parts(store, ring, opening)?.proven(&source, older)?;
        Ok((workspace, made))
    }

    fn from_parts(store: Store, ring: Keyring, opening: Opening<'_>) -> Result<Self> {
        let now = opening.origin.at;
        let mut workspace = Self {
            clock: now,
            height: Tree::EMPTY.height,
            keys: (opening.paths.clone(), opening.environment.clone()),
            store: store.until_the_end(opening.is_last),
            ring,
            settings: opening.settings,
            origin: opening.origin,
            entropy: opening.entropy,
            runtime: opening.runtime,
        };
        workspace.read_clock(now)?;
        Ok(workspace)
    }

    fn proven(mut self, source: &KeySource, older: Older) -> Result<Self> {
        key_standing::prove(&mut self, source)?;
        if sealing::seal_older(&mut self, source, older)? {
            self.ring.expect_seals();
        }
        session::sweep(&mut self)?;
        Ok(self)
    }
}
