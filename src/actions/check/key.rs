//! Looks at the key ring, and whether it belongs to the store.

use super::findings::Findings;
use crate::actions::desk::key_source::{KeySource, key_source, missing_key, read_ring};
use crate::actions::desk::key_standing::{Standing, standing};
use crate::actions::moving::django_key;
use crate::actions::trust::list_keys::{list_keys, list_keys_soon};
use crate::config::Loaded;
use crate::error::Result;
use crate::model::environment::Environment;
use crate::model::state::Elsewhere;
use crate::model::time::{self, Timestamp};
use crate::render::words::count;
use crate::secret::keyring::{Holding, Keyring};
use crate::store::{Connection, batches};

pub(super) fn look_at_key(
    findings: &mut Findings,
    loaded: &Loaded,
    environment: &Environment,
) -> Option<Keyring> {
    let source = key_source(&loaded.paths, environment);
    let is_file = matches!(source, KeySource::File(_));
    let place = match source {
        KeySource::Variable(name) => {
            findings.note(
                "key",
                format!("the key comes from the variable {name}"),
                "who may see this process's environment sees the key; a key file or a systemd credential is safer",
            );
            format!("variable {name}")
        }
        KeySource::Credential(path) | KeySource::File(path) => path.display().to_string(),
    };
    match read_ring(&loaded.paths, environment) {
        Ok(Some(ring)) => {
            findings.ok("key", format!("{} from {place}", ring.current().id()));
            if is_file && !ring.expects_seals() {
                findings.note(
                    "key",
                    format!("{place} does not say that the store is sealed, so one from before could be put back"),
                    "run `recovery-codes init` as somebody who may write that file",
                );
            }
            Some(ring)
        }
        Ok(None) => {
            findings.error("key", &missing_key(&loaded.paths));
            None
        }
        Err(error) => {
            findings.error("key", &error);
            None
        }
    }
}

/// Looks whether the key is there, and the right one, that codes from another application need.
pub(super) fn look_at_django_key(
    findings: &mut Findings,
    connection: &Connection,
    ring: &Keyring,
) -> Result<()> {
    if batches::any_open_from(connection, Elsewhere::Django)?
        && let Err(error) = django_key::require(connection, ring, "some codes")
    {
        findings.error("key", &error);
    }
    Ok(())
}

/// Compares the ring with what the store knows; says whether they belong together.
pub(super) fn look_at_keys(
    findings: &mut Findings,
    connection: &Connection,
    (ring, is_variable): (&Keyring, bool),
    now: Timestamp,
    reads_all: bool,
) -> Result<bool> {
    let current = ring.current().id();
    match standing(connection, ring)? {
        Standing::Known => {}
        Standing::New if is_variable => findings.wrong(
            "key",
            format!("the key {current} in the variable is new to this store, and not used"),
            "if it is to take the place of the old one, say so with `recovery-codes key rotate`; if not, put the old one back",
        ),
        Standing::New => findings.note(
            "key",
            format!("the current key {current} is new to this store"),
            "the next command takes it up",
        ),
        Standing::Retired(at) => findings.wrong(
            "key",
            format!("the current key {current} was retired on {}", time::readable(at)),
            "the key file is an old copy; put the newest back",
        ),
        Standing::Foreign => {
            findings.wrong(
                "key",
                format!("the key {current} is not one this store was used with"),
                "put the key file back that belongs to this store",
            );
            return Ok(false);
        }
    }
    let keys = match reads_all {
        true => list_keys(connection, Some(ring), now)?,
        false => list_keys_soon(connection, ring, now)?,
    };
    for key in keys {
        let (id, is_needed) = (&key.key, key.codes + key.sealed > 0);
        match (key.holding, key.known_at.is_some()) {
            (Holding::AuditOnly | Holding::Missing, _) if key.codes > 0 => findings.wrong(
                "key",
                format!("{} need the key {id}, which is missing", count(key.codes, "live code")),
                format!("put the key file back that holds it; if it is lost for good, `recovery-codes key retire {id}` says what goes with it"),
            ),
            (Holding::AuditOnly | Holding::Missing, _) if is_needed => findings.wrong(
                "key",
                format!("sessions or unsent letters need the key {id}, which is missing"),
                "put the key file back that holds it; see `recovery-codes task list`",
            ),
            (Holding::Missing, true) if key.retired_at.is_none() => findings.note(
                "key",
                format!("the key {id} is missing, though nothing live needs it"),
                format!("put the key file back that holds it; if it is lost for good, `recovery-codes key retire {id}`"),
            ),
            (Holding::Whole, true) if key.retired_at.is_some() && !key.is_current => findings.wrong(
                "key",
                format!("the key {id} is retired, but its secret is still there"),
                format!("take it away with `recovery-codes key retire {id}`"),
            ),
            (Holding::Whole, false) if !key.is_current => findings.note(
                "key",
                format!("the key {id} is in the ring, but this store was never used with it"),
                "leave it where it is if another store uses it",
            ),
            _ => {}
        }
    }
    Ok(true)
}
