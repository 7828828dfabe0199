//! Makes a new key the current one; the old one stays for what was made with it.

use std::path::{Path, PathBuf};

use crate::actions::desk::key_source::KeySource;
use crate::actions::desk::key_standing::{self, Standing, standing};
use crate::actions::desk::record::record;
use crate::actions::desk::seals::Seals;
use crate::actions::desk::workspace::Workspace;
use crate::config::paths::Paths;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::KeyId;
use crate::platform::alone::Alone;
use crate::platform::files;
use crate::secret::key_file::KeyFile;
use crate::secret::keyring::Keyring;
use crate::secret::random::Random;
use crate::store::keys;

/// What is current now.
#[derive(Debug)]
pub struct Rotated {
    pub key: KeyId,
    /// What was current before, if that is known.
    pub previous: Option<KeyId>,
    /// The file that was written.
    pub path: Option<PathBuf>,
}

/// Rotates the key of a workspace whose key is not proven yet.
///
/// # Errors
/// [`Kind::WrongKey`]; [`Kind::WrongState`] where the key does not lie in a file that this
/// program may write.
pub fn rotate_key(workspace: &mut Workspace, source: &KeySource, paths: &Paths) -> Result<Rotated> {
    if let KeySource::Variable(name) = source {
        return take_up_variable(workspace, source, name, paths);
    }
    key_standing::prove(workspace, source)?;
    match source {
        KeySource::File(path) => rotate_file(workspace, path),
        KeySource::Credential(_) | KeySource::Variable(_) => Err(in_credential(paths)),
    }
}

/// The error for a key in a credential.
pub(in crate::actions) fn in_credential(paths: &Paths) -> Error {
    Error::new(
        Kind::WrongState,
        "the key comes from a systemd credential, which cannot be changed from here",
    )
    .hint(format!(
        "run this outside the service, with the credential's text at {}, and hand the changed file over as the credential",
        paths.keys.display()
    ))
}

/// The file comes first and the store learns of the new key last: killed in between, the file
/// holds a key that the store does not know beside one that it does, and the next program takes
/// it up. The other way round the store would wait for a key that nobody has.
fn rotate_file(workspace: &mut Workspace, path: &Path) -> Result<Rotated> {
    let Workspace {
        store,
        origin,
        entropy,
        ..
    } = workspace;
    let mut written = None;
    let rotated = store.write(|tx| {
        // Two stores may share a key file, and each has a queue of its own.
        let alone = Alone::with(path)?;
        // What was read when this program began may be old by now.
        let text = files::read_private(path)?.unwrap_or_default();
        let (mut file, before) = (KeyFile::parse(&text)?, Keyring::parse(&text)?);
        match standing(tx, &before)? {
            Standing::Known => {}
            Standing::New => key_standing::take_up(tx, &before, origin)?,
            wrong => {
                let source = KeySource::File(path.to_owned());
                return Err(key_standing::wrong(tx, &before, wrong, &source)?);
            }
        }
        let previous = before.current().id().clone();
        let key = file.add(Random::from(entropy), origin.at)?;
        let text = file.text();
        let after = Keyring::parse(&text)?;
        Seals::changing_world(tx, &before, || keys::insert(tx, &key, origin.at))?;
        let deed = Deed::new(Action::KeyRotated).details(format!("{key} after {previous}"));
        record(tx, &after, origin, deed)?;
        alone.replace(text.as_bytes())?;
        written = Some(key.clone());
        Ok(Rotated {
            key,
            previous: Some(previous),
            path: Some(path.to_owned()),
        })
    });
    match (rotated, written) {
        (Err(error), Some(key)) => Err(Error::new(
            error.kind(),
            format!("the new key {key} lies at {}, but the store could not be told", path.display()),
        )
        .because(error)
        .hint("leave the key file as it is: the new key is taken up as soon as the store can be written")),
        (rotated, _) => rotated,
    }
}

/// A variable cannot be changed from here, but its new key can be made known.
fn take_up_variable(
    workspace: &mut Workspace,
    source: &KeySource,
    name: &str,
    paths: &Paths,
) -> Result<Rotated> {
    let Workspace {
        store,
        ring,
        origin,
        ..
    } = workspace;
    let id = ring.current().id().clone();
    match standing(store.read(), ring)? {
        Standing::Known => Err(Error::new(
            Kind::WrongState,
            format!("the key comes from the variable {name}, which cannot be changed from here"),
        )
        .hint(format!(
            "write its value into {} as `secret = \"...\"` under `[keys.{id}]`, with mode 600; then set {name} to 32 or more new random characters, and run this once more",
            paths.keys.display()
        ))),
        Standing::New => {
            store.write(|tx| key_standing::take_up(tx, ring, origin))?;
            Ok(Rotated {
                key: id,
                previous: None,
                path: None,
            })
        }
        wrong => Err(key_standing::wrong(store.read(), ring, wrong, source)?),
    }
}
