//! What a deed works with: the open store, the key ring, the settings, and who gives the command.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::actions::key_standing;
use crate::actions::record;
use crate::actions::session;
use crate::config::Settings;
use crate::config::django::{is_nothing, value_of};
use crate::config::paths::{CREDENTIAL, Paths};
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed, Origin};
use crate::model::environment::{Entropy, Environment};
use crate::platform::files;
use crate::secret::chain;
use crate::secret::django::DjangoKey;
use crate::secret::hash::Cost;
use crate::secret::key_file::KeyFile;
use crate::secret::keyring::Keyring;
use crate::secret::random::Random;
use crate::store::{Store, audit, keys, meta};

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

/// What a workspace is opened with.
#[derive(Clone)]
pub struct Opening<'a> {
    pub paths: &'a Paths,
    pub environment: &'a Environment,
    pub settings: Settings,
    pub origin: Origin,
    pub entropy: Entropy,
    pub runtime: Option<PathBuf>,
}

/// What [`Workspace::open_or_create`] had to make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The store that was not there.
    pub store: Option<PathBuf>,
    /// The key file that was not there.
    pub keys: Option<PathBuf>,
}

impl Workspace {
    /// Opens store and key ring, which must be there and belong together.
    ///
    /// # Errors
    /// [`Kind::NoStore`], [`Kind::MissingKey`], [`Kind::WrongKey`], and what reading them says.
    pub fn open(opening: Opening<'_>) -> Result<Self> {
        let source = key_source(opening.paths, opening.environment);
        Self::open_unproven(opening)?.proven(&source)
    }

    /// The same without asking whether the current key belongs to the store.
    ///
    /// # Errors
    /// [`Kind::NoStore`], [`Kind::MissingKey`], and what reading them says.
    pub fn open_unproven(opening: Opening<'_>) -> Result<Self> {
        let store = Store::open(&opening.paths.store)?;
        let ring = read_ring(opening.paths, opening.environment)?
            .ok_or_else(|| missing_key(opening.paths))?;
        Ok(Self::from_parts(store, ring, opening))
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
        if !paths.store.exists() && read_ring(paths, environment)?.is_none() {
            let text = KeyFile::new(Random::from(entropy), origin.at)?.text();
            if files::write_new(&paths.keys, text.as_bytes())? {
                made.keys = Some(paths.keys.clone());
            }
        }
        let ring = read_ring(paths, environment)?.ok_or_else(|| missing_key(paths))?;
        files::private_directory_of(&paths.store)?;
        let (store, is_new) = Store::open_or_create(&paths.store, |tx| {
            meta::insert(tx, origin.at)?;
            keys::insert(tx, ring.current().id(), origin.at)?;
            audit::put_head(tx, &chain::empty_head(&ring))?;
            record::record(tx, &ring, origin, Deed::new(Action::StoreCreated))
        })?;
        if is_new {
            made.store = Some(paths.store.clone());
        }
        let source = key_source(paths, environment);
        let workspace = Self::from_parts(store, ring, opening).proven(&source)?;
        Ok((workspace, made))
    }

    fn from_parts(store: Store, ring: Keyring, opening: Opening<'_>) -> Self {
        Self {
            store,
            ring,
            settings: opening.settings,
            origin: opening.origin,
            entropy: opening.entropy,
            runtime: opening.runtime,
        }
    }

    fn proven(mut self, source: &KeySource) -> Result<Self> {
        key_standing::prove(&mut self, source)?;
        session::sweep(&mut self)?;
        Ok(self)
    }

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

/// Where the key ring comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A variable that holds the key itself.
    Variable(&'static str),
    /// A key file handed over by systemd.
    Credential(PathBuf),
    /// The key file.
    File(PathBuf),
}

/// The variable that holds the key of the store.
const VARIABLE: &str = "RECOVERY_CODES_KEY";

/// The variable of the Django application that holds its own key.
const DJANGO_VARIABLE: &str = "DJANGO_AUTH_RECOVERY_KEY";

/// Which source of the key ring is in force.
pub fn key_source(paths: &Paths, environment: &Environment) -> KeySource {
    if environment
        .get(VARIABLE)
        .is_some_and(|value| !value.is_empty())
    {
        return KeySource::Variable(VARIABLE);
    }
    key_place(paths, environment)
}

/// Where a key file lies, whether or not a variable stands before it.
pub fn key_place(paths: &Paths, environment: &Environment) -> KeySource {
    if let Some(directory) = environment.get("CREDENTIALS_DIRECTORY") {
        let credential = PathBuf::from(directory).join(CREDENTIAL);
        if credential.exists() {
            return KeySource::Credential(credential);
        }
    }
    KeySource::File(paths.keys.clone())
}

/// The key ring; none if there is no key file. A variable's key is the current one, and the key
/// file's are for what was made before the variable was set or changed.
pub fn read_ring(paths: &Paths, environment: &Environment) -> Result<Option<Keyring>> {
    let text = match key_place(paths, environment) {
        // systemd has made it readable for this service only, by other means than the mode.
        KeySource::Credential(path) => files::read_if_there(&path)?,
        KeySource::File(path) => files::read_private(&path)?,
        KeySource::Variable(_) => None,
    };
    let text = text.as_deref().map(String::as_str);
    let ring = match (key_source(paths, environment), text) {
        (KeySource::Variable(name), text) => {
            let secret = environment.get(name).unwrap_or_default();
            let ring = match text {
                Some(text) => Keyring::from_secret_and_file(secret, text),
                None => Keyring::from_secret(secret),
            };
            ring.map_err(|error| {
                error.also(format!(
                    "the key is taken from the variable {name}; unset it to use the key file alone"
                ))
            })?
        }
        (_, Some(text)) => Keyring::parse(text)?,
        (_, None) => return Ok(None),
    };
    let django = read_django_secret(paths, environment)?;
    let django = django
        .as_deref()
        .map(|secret| DjangoKey::from_secret(secret));
    Ok(Some(ring.with_django(django.transpose()?)))
}

/// The key of the Django application, where codes were imported from there: from its file, else
/// from the variable that the application itself reads.
///
/// # Errors
/// [`Kind::Permission`] when others may read the file.
pub fn read_django_secret(
    paths: &Paths,
    environment: &Environment,
) -> Result<Option<Zeroizing<String>>> {
    let kept = files::read_private(&paths.django_key())?;
    Ok(kept.or_else(|| {
        let value = value_of(environment.get(DJANGO_VARIABLE)?);
        (!is_nothing(value)).then(|| Zeroizing::new(value.to_owned()))
    }))
}

/// The error for a key that is nowhere.
pub fn missing_key(paths: &Paths) -> Error {
    Error::new(
        Kind::MissingKey,
        format!("there is no key at {}", paths.keys.display()),
    )
    .hint("put the key file back that belongs to this store, or set RECOVERY_CODES_KEY, to the value of DJANGO_AUTH_RECOVERY_KEY if the store was made with that; a new key would not fit its codes")
}
