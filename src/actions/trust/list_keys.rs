//! Every key that the store knows or the ring holds, and what needs it.

use crate::error::Result;
use crate::model::id::KeyId;
use crate::model::time::Timestamp;
use crate::secret::keyring::{Holding, Keyring};
use crate::store::{Connection, codes, keys, letters, sessions};

/// One key; never its secret.
#[derive(Debug)]
pub struct Listed {
    pub key: KeyId,
    pub is_current: bool,
    /// Since when the store knows it; none if it does not.
    pub known_at: Option<Timestamp>,
    pub retired_at: Option<Timestamp>,
    pub holding: Holding,
    /// Live codes that need it.
    pub codes: u64,
    /// Sessions and letters that need it.
    pub sealed: u64,
}

/// All keys: those the store knows by age, then those only the ring holds. Without a ring all
/// of them are missing.
pub fn list_keys(
    connection: &Connection,
    ring: Option<&Keyring>,
    now: Timestamp,
) -> Result<Vec<Listed>> {
    list(connection, ring, now, &codes::live_by_key(connection, now)?)
}

/// The same, with the codes of each counted only if the ring lacks one: to count them, all codes that
/// work are read.
pub fn list_keys_soon(
    connection: &Connection,
    ring: &Keyring,
    now: Timestamp,
) -> Result<Vec<Listed>> {
    let known = keys::all(connection)?;
    match known
        .iter()
        .all(|key| ring.holding(&key.id) == Holding::Whole)
    {
        true => list(connection, Some(ring), now, &[]),
        false => list_keys(connection, Some(ring), now),
    }
}

fn list(
    connection: &Connection,
    ring: Option<&Keyring>,
    now: Timestamp,
    live: &[(KeyId, u64)],
) -> Result<Vec<Listed>> {
    let known = keys::all(connection)?;
    let only_held: Vec<KeyId> = ring
        .into_iter()
        .flat_map(Keyring::ids)
        .filter(|id| known.iter().all(|known| known.id != **id))
        .cloned()
        .collect();
    known
        .into_iter()
        .map(|known| (known.id, Some(known.created_at), known.retired_at))
        .chain(only_held.into_iter().map(|id| (id, None, None)))
        .map(|(key, known_at, retired_at)| {
            let of_key = live.iter().find(|(id, _)| *id == key);
            Ok(Listed {
                is_current: ring.is_some_and(|ring| *ring.current().id() == key),
                known_at,
                retired_at,
                holding: ring.map_or(Holding::Missing, |ring| ring.holding(&key)),
                codes: of_key.map_or(0, |(_, codes)| *codes),
                sealed: sessions::count_of_key(connection, &key, now)?
                    + letters::count_of_key(connection, &key)?,
                key,
            })
        })
        .collect()
}
