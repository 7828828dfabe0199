//! The head of the audit chain, from which all proof hangs: read, proven, closed anew.

use crate::actions::desk::tree::{Tree, forged};
use crate::error::{Error, Kind, Result};
use crate::model::audit::Head;
use crate::model::seal::{Digest, Seals};
use crate::model::time::Timestamp;
use crate::secret::chain;
use crate::secret::digest::Digesting;
use crate::secret::keyring::{Holding, Keyring};
use crate::store::engine::schema;
use crate::store::{Connection, Transaction, audit, keys, meta};

/// The head, closed with a key that is not retired.
///
/// # Errors
/// [`Kind::Forged`] when somebody without the key changed it, [`Kind::MissingKey`],
/// [`Kind::DamagedStore`] when it is gone.
pub(in crate::actions) fn proven(connection: &Connection, ring: &Keyring) -> Result<Head> {
    let head = closed(connection, ring)?;
    match &head.seals {
        Some(seals) if seals.sealed_to == i64::MAX => Ok(head),
        // Nobody who has the key leaves such a store behind.
        _ if ring.expects_seals() => Err(forged("the head of the audit chain")
            .hint("it is from before the store was sealed; if this is another store than the one that was, seal it once with `recovery-codes init`; if not, somebody put it back: put a backup in its place")),
        _ => Ok(head),
    }
}

/// The same of a store that may be from before it was sealed.
pub(in crate::actions) fn closed(connection: &Connection, ring: &Keyring) -> Result<Head> {
    let head = audit::head(connection)?.ok_or_else(edited)?;
    if ring.holding(&head.key) == Holding::Missing {
        ring.require(&head.key, "the head of the audit chain")
            .map_err(|error| {
                error.also(format!(
                    "if no newer key file was ever made, somebody edited the store: put a backup in its place; if there was one and it is lost for good, `recovery-codes key retire {}` gives it up, and all codes with it",
                    head.key
                ))
            })?;
    }
    match is_closed(ring, &head) {
        true => Ok(head),
        false => Err(forged("the head of the audit chain")),
    }
}

/// Whether a head is closed with a key that is not retired.
pub(in crate::actions) fn is_closed(ring: &Keyring, head: &Head) -> bool {
    ring.holding(&head.key) == Holding::Whole && chain::head_holds(ring, head) == Some(true)
}

/// Closes the head with the current key.
pub(in crate::actions) fn close(
    tx: &Transaction<'_>,
    ring: &Keyring,
    mut head: Head,
) -> Result<()> {
    chain::seal_head(ring, &mut head);
    audit::put_head(tx, &head)
}

/// The error for a head that is gone.
pub(in crate::actions) fn edited() -> Error {
    Error::new(
        Kind::DamagedStore,
        "the head of the audit chain is gone, or leaves no room for an entry",
    )
    .hint("somebody edited the store; put a backup in its place")
}

/// A trigger could change what is written before it is sealed.
pub(in crate::actions) fn require_schema(connection: &Connection) -> Result<()> {
    match schema::is_as_made(connection)? {
        true => Ok(()),
        false => Err(forged("a table, index or trigger of the store")),
    }
}

/// What the rows of users are proven by.
#[derive(Clone, Copy)]
pub(in crate::actions) struct Ground {
    pub tree: Tree,
    pub sealed_to: i64,
    /// Whether the store's own row and its keys are what they were.
    pub world_holds: bool,
}

impl Ground {
    /// Proves it.
    ///
    /// # Errors
    /// As [`proven`]; [`Kind::Forged`] where a table or trigger is not as this program makes it.
    pub fn look(connection: &Connection, ring: &Keyring) -> Result<Self> {
        require_schema(connection)?;
        Ok(match proven(connection, ring)?.seals {
            None => Self {
                tree: Tree::EMPTY,
                sealed_to: 0,
                world_holds: true,
            },
            Some(seals) => Self {
                tree: Tree::of(&seals),
                sealed_to: seals.sealed_to,
                world_holds: world(connection)? == seals.world,
            },
        })
    }
}

/// Asks ahead what [`Ground::look`] asks.
pub(in crate::actions) fn look_ahead(connection: &Connection) {
    drop(schema::is_as_made(connection));
    drop(audit::head(connection));
    drop(meta::get(connection));
    drop(meta::django_key(connection));
    drop(meta::moved_to(connection));
    drop(keys::all(connection));
}

/// The digest of the store's own row and of its keys.
pub(in crate::actions) fn world(connection: &Connection) -> Result<Digest> {
    let store = meta::get(connection)?;
    let django = meta::django_key(connection)?;
    let mut digest = Digesting::of("world")
        .number(store.created_at.as_millisecond())
        .number(store.epoch)
        .maybe_text(django.as_ref().map(|id| id.as_str()));
    if let Some(place) = meta::moved_to(connection)? {
        digest = digest.text("moved").text(&place);
    }
    for key in keys::all(connection)? {
        digest = digest
            .text(key.id.as_str())
            .number(key.created_at.as_millisecond())
            .maybe_number(key.retired_at.map(|at| at.as_millisecond()));
    }
    Ok(digest.finish())
}

/// What hangs from the head of a store in which nobody is sealed.
pub(in crate::actions) fn of_nobody(
    connection: &Connection,
    sealed_to: i64,
    seen_at: Timestamp,
) -> Result<Seals> {
    Ok(Seals {
        root: Tree::EMPTY.root,
        height: Tree::EMPTY.height,
        sealed_to,
        world: world(connection)?,
        seen_at,
    })
}
