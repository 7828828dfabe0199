//! Whether the current key belongs to the store; takes up one that was put beside an old one.

use crate::actions::desk::key_source::KeySource;
use crate::actions::desk::record::record;
use crate::actions::desk::seals::Seals;
use crate::actions::desk::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed, Origin};
use crate::model::id::KeyId;
use crate::model::time::{self, Timestamp};
use crate::secret::keyring::{Holding, Keyring};
use crate::store::{Connection, Transaction, keys};

/// What the store says of the ring's current key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It knows it.
    Known,
    /// It does not, but it knows another whole key of the ring: this one is to take its place.
    New,
    /// It was retired: the ring is an old copy.
    Retired(Timestamp),
    /// It knows none of the ring's keys.
    Foreign,
}

/// Looks the current key up.
pub fn standing(connection: &Connection, ring: &Keyring) -> Result<Standing> {
    if let Some(known) = keys::get(connection, ring.current().id())? {
        return Ok(match known.retired_at {
            Some(at) => Standing::Retired(at),
            None => Standing::Known,
        });
    }
    let knows_another = keys::all(connection)?
        .iter()
        .any(|known| ring.holding(&known.id) == Holding::Whole);
    Ok(if knows_another {
        Standing::New
    } else {
        Standing::Foreign
    })
}

/// Makes sure that store and ring belong together.
///
/// A new current key in a key file is taken up at once: whoever put it there had the old one,
/// and a rotation that was interrupted ends so. A variable is set by accident more easily than
/// a file is written, so its key is taken up only by `key rotate`.
///
/// # Errors
/// [`Kind::WrongKey`].
pub(in crate::actions) fn prove(workspace: &mut Workspace, source: &KeySource) -> Result<()> {
    let (store, ring) = (&workspace.store, &workspace.ring);
    match (standing(store.read(), ring)?, source) {
        (Standing::Known, _) => Ok(()),
        (Standing::New, KeySource::File(_) | KeySource::Credential(_)) => {
            workspace.write(|tx| take_up(tx, tx.ring, tx.origin))
        }
        (standing, source) => Err(wrong(store.read(), ring, standing, source)?),
    }
}

/// Makes the ring's current key known to the store, if it is not yet.
pub(in crate::actions) fn take_up(
    tx: &Transaction<'_>,
    ring: &Keyring,
    origin: &Origin,
) -> Result<()> {
    let id = ring.current().id();
    // Another program may have been first.
    if keys::get(tx, id)?.is_some() {
        return Ok(());
    }
    Seals::changing_world(tx, ring, || keys::insert(tx, id, origin.at))?;
    let deed = Deed::new(Action::KeyRotated).details(format!("{id} taken up"));
    record(tx, ring, origin, deed)
}

/// Refuses to make anything with a key that was retired after this program had read it.
pub(in crate::actions) fn require_unretired(tx: &Transaction<'_>, id: &KeyId) -> Result<()> {
    match keys::get(tx, id)?.and_then(|known| known.retired_at) {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Kind::WrongKey,
            format!("the key {id} was retired while this ran"),
        )
        .hint("nothing was changed; run it again, with the new key")),
    }
}

/// Why the current key is not the store's.
pub(in crate::actions) fn wrong(
    connection: &Connection,
    ring: &Keyring,
    standing: Standing,
    source: &KeySource,
) -> Result<Error> {
    let id = ring.current().id();
    let place = match source {
        KeySource::Variable(name) => format!("in the variable {name}"),
        KeySource::Credential(path) | KeySource::File(path) => format!("at {}", path.display()),
    };
    Ok(match standing {
        Standing::Known | Standing::New => Error::new(
            Kind::WrongKey,
            format!("the key {id} {place} is new to this store"),
        )
        .hint("if it is to take the place of the old one, say so with `recovery-codes key rotate`; if not, put the old one back"),
        Standing::Retired(at) => Error::new(
            Kind::WrongKey,
            format!("the key {id} {place} was retired on {}", time::readable(at)),
        )
        .hint("that is an old copy of the key; put back the one from after it was retired"),
        Standing::Foreign => {
            let known = keys::all(connection)?;
            let known = known.iter().filter(|known| known.retired_at.is_none());
            let known: Vec<&str> = known.map(|known| known.id.as_str()).collect();
            Error::new(
                Kind::WrongKey,
                format!(
                    "the key {id} is not one this store was used with, which is {}",
                    known.join(" or ")
                ),
            )
            .hint(format!(
                "put the right key back {place}, or name the store that belongs to this one"
            ))
        }
    })
}
