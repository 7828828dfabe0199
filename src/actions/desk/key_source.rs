//! Where the keys come from.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::config::django::{is_nothing, value_of};
use crate::config::paths::{CREDENTIAL, DJANGO_CREDENTIAL, Paths, credential};
use crate::error::{Error, Kind, Result};
use crate::model::environment::Environment;
use crate::platform::files;
use crate::secret::django::DjangoKey;
use crate::secret::keyring::Keyring;

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
    match credential(environment, CREDENTIAL) {
        Some(path) => KeySource::Credential(path),
        None => KeySource::File(paths.keys.clone()),
    }
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

/// The key of the Django application, where codes were imported from there: from what systemd hands
/// over, from its file, else from the variable that the application itself reads.
///
/// # Errors
/// [`Kind::Permission`] when others may read the file.
pub fn read_django_secret(
    paths: &Paths,
    environment: &Environment,
) -> Result<Option<Zeroizing<String>>> {
    let kept = match credential(environment, DJANGO_CREDENTIAL) {
        Some(path) => files::read_if_there(&path)?,
        // A service that is handed its key cannot read what lies where that comes from.
        None if credential(environment, CREDENTIAL).is_some() => None,
        None => files::read_private(&paths.django_key())?,
    };
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
