//! Whether the key of the Django application is the one under which its codes were imported.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::actions::desk::workspace::{Workspace, Writing};
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::KeyId;
use crate::model::state::Elsewhere;
use crate::platform::files;
use crate::secret::django::DjangoKey;
use crate::secret::keyring::Keyring;
use crate::store::{Connection, batches, meta};

/// Makes sure that `what`, which the application issued, can be read.
///
/// # Errors
/// [`Kind::MissingKey`] and [`Kind::WrongKey`]: without it, right codes look like wrong ones.
pub(in crate::actions) fn require(
    connection: &Connection,
    ring: &Keyring,
    what: &str,
) -> Result<()> {
    let Some(key) = ring.django() else {
        return Err(Error::new(
            Kind::MissingKey,
            format!("{what} were issued by the Django application, and its key is missing"),
        )
        .hint("put the file django.key back beside keys.toml, or issue new codes"));
    };
    match meta::django_key(connection)? {
        Some(known) if known != key.id() => Err(Error::new(
            Kind::WrongKey,
            format!("{what} were imported under another key of the Django application"),
        )
        .hint("put that key into the file django.key beside keys.toml; if it was the wrong one, import again with the right one there; or issue new codes")),
        _ => Ok(()),
    }
}

/// Whether another key than this may take the place of the one that is known: until a code shows
/// that the known one is right.
///
/// # Errors
/// [`Kind::WrongKey`] when it may not.
pub(in crate::actions) fn require_unproven(connection: &Connection) -> Result<()> {
    if batches::any_open_used_from(connection, Elsewhere::Django)? {
        return Err(Error::new(
            Kind::WrongKey,
            "codes were imported under another key of the Django application, and used",
        )
        .hint("nothing was changed; put that key back into the file django.key beside keys.toml, or first give all who have imported codes new ones"));
    }
    Ok(())
}

/// Notes that codes are imported under this key.
///
/// # Errors
/// [`Kind::WrongKey`] when it is another one meanwhile.
pub(in crate::actions) fn note(tx: &Writing<'_>, id: &KeyId) -> Result<()> {
    match meta::django_key(tx)? {
        None => {
            tx.touch_world()?;
            meta::set_django_key(tx, id)
        }
        Some(known) if known == *id => Ok(()),
        Some(_) => Err(Error::new(
            Kind::WrongKey,
            "another key of the Django application was taken up while this ran",
        )
        .hint("see which one stands in the file django.key beside keys.toml, and import again")),
    }
}

/// Lets this key take the place of the one that is known.
pub(in crate::actions) fn replace(tx: &Writing<'_>, id: &KeyId) -> Result<()> {
    require_unproven(tx)?;
    tx.touch_world()?;
    meta::set_django_key(tx, id)?;
    let details = format!("{id} of the Django application taken up");
    tx.record(Deed::new(Action::KeyRotated).details(details))
}

/// What became of the key.
#[derive(Debug, Default)]
pub(in crate::actions) struct Settled {
    /// Where it was put, if it was not there before.
    pub kept: Option<PathBuf>,
    /// Whether it took the place of another one.
    pub is_replaced: bool,
}

/// Sees that the key of the application is kept before any code needs it, and is the one that is
/// known. Only what stands in the file may take the place of that: a variable changes for reasons
/// of its own.
pub(in crate::actions) fn settle(
    workspace: &mut Workspace,
    (secret, place): &(Zeroizing<String>, PathBuf),
    id: &KeyId,
    is_needed: bool,
) -> Result<Settled> {
    let mut settled = Settled::default();
    let known = meta::django_key(workspace.store.read())?;
    let is_kept = is_kept_at(place, id)?;
    if known.as_ref().is_some_and(|known| known != id) {
        require_unproven(workspace.store.read())?;
        if !is_kept {
            let message = "codes were imported under another key of the Django application";
            return Err(another_key(message, place));
        }
        workspace.write(|tx| replace(tx, id))?;
        settled.is_replaced = true;
    }
    if !is_kept && (is_needed || known.is_some()) {
        if files::write_new(place, secret.as_bytes())? {
            settled.kept = Some(place.clone());
        } else {
            // Another program was first.
            is_kept_at(place, id)?;
        }
    }
    Ok(settled)
}

/// Whether the file holds this key; nothing, if not.
fn is_kept_at(place: &Path, id: &KeyId) -> Result<bool> {
    match files::read_private(place)? {
        None => Ok(false),
        Some(kept) if DjangoKey::from_secret(&kept)?.id() == *id => Ok(true),
        Some(_) => {
            let message = format!("{} holds another key already", place.display());
            Err(another_key(message, place))
        }
    }
}

fn another_key(message: impl Into<String>, place: &Path) -> Error {
    Error::new(Kind::WrongKey, message).hint(format!(
        "nothing was changed; if the one that is given now is right, put it into {} and import again: it replaces the other as long as no imported code was used",
        place.display()
    ))
}
