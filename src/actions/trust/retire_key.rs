//! Takes an old key's secret away once nothing needs it; old audit entries stay provable.

use std::path::PathBuf;

use crate::actions::desk::head::edited;
use crate::actions::desk::key_source::KeySource;
use crate::actions::desk::sealing;
use crate::actions::desk::workspace::Workspace;
use crate::actions::trust::rotate_key::in_credential;
use crate::config::paths::Paths;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::KeyId;
use crate::model::limiter::LimitedAction;
use crate::model::time::Timestamp;
use crate::platform::alone::Alone;
use crate::platform::files;
use crate::render::words::count;
use crate::secret::key_file::KeyFile;
use crate::secret::keyring::{Holding, Keyring};
use crate::store::{Connection, audit, batches, codes, keys, letters, limiters, meta, sessions};

/// Names of users that stand in the message; all are in the JSON document.
const NAMED: usize = 3;

/// A key that may be retired.
#[derive(Debug)]
pub struct Target {
    pub key: KeyId,
    /// The file its secret lies in; none if the secret is nowhere any more.
    pub path: Option<PathBuf>,
    /// Whether without it nobody can tell whether the store is what it was.
    pub is_proof: bool,
    /// What would be lost with it.
    pub needs: Needs,
}

/// What was retired.
#[derive(Debug)]
pub struct Retired {
    pub key: KeyId,
    pub retired_at: Timestamp,
    /// The file that was written.
    pub path: Option<PathBuf>,
}

/// The one key whose id begins so, if it may be retired; before anybody is asked.
///
/// # Errors
/// [`Kind::UnknownKey`], [`Kind::AmbiguousId`], [`Kind::KeyInUse`] with whose codes need it;
/// [`Kind::WrongState`] for the current key, one that is retired, one of another store, or one
/// in a credential.
pub fn target(
    workspace: &Workspace,
    place: &KeySource,
    paths: &Paths,
    beginning: &str,
) -> Result<Target> {
    let (connection, ring) = (workspace.store.read(), &workspace.ring);
    let key = find(connection, ring, beginning)?;
    require_retirable(connection, ring, &key)?;
    let is_proof = is_proof(connection, ring, &key)?;
    let needs = Needs::look(connection, &key, workspace.origin.at)?;
    needs.refuse(&key, is_proof)?;
    let path = match (ring.holding(&key), place) {
        (Holding::AuditOnly | Holding::Missing, _) => None,
        (Holding::Whole, KeySource::File(path)) => Some(path.clone()),
        (Holding::Whole, KeySource::Credential(_) | KeySource::Variable(_)) => {
            return Err(in_credential(paths));
        }
    };
    Ok(Target {
        key,
        path,
        is_proof,
        needs,
    })
}

/// Retires a key.
///
/// The store goes first: from then on nothing new can be made with the key, also by programs
/// that read it before. Killed before the file is in its place, the secret is still there, and
/// the same command takes it away.
///
/// # Errors
/// As [`target`], and what writing the key file says.
pub fn retire_key(workspace: &mut Workspace, target: Target) -> Result<Retired> {
    let Target { key, path, .. } = target;
    // Locks are taken in the order in which a rotation takes them, and this one is held longer.
    let (retired_at, prepared, _alone) = workspace.write(|tx| {
        let alone = path.as_deref().map(Alone::with).transpose()?;
        require_retirable(tx, tx.ring, &key)?;
        let gives_up_proof = is_proof(tx, tx.ring, &key)?;
        Needs::look(tx, &key, tx.origin.at)?.refuse(&key, gives_up_proof)?;
        let prepared = match (&path, &alone) {
            (Some(path), Some(alone)) => {
                let text = files::read_private(path)?.unwrap_or_default();
                let mut file = KeyFile::parse(&text)?;
                file.retire(&key, tx.origin.at);
                Some(alone.prepare(file.text().as_bytes())?)
            }
            _ => None,
        };
        if gives_up_proof {
            sealing::close_anew(tx, tx.ring, tx.origin.at, None)?;
        }
        tx.touch_world()?;
        if gives_up_proof {
            // Nobody can tell who wrote what is there, so none of it is to let anybody in.
            meta::set_epoch(tx, batches::epoch_after_all(tx)?.ok_or_else(edited)?)?;
            sessions::delete_all(tx)?;
            letters::delete_all_unsent(tx)?;
            limiters::delete_all_of(tx, LimitedAction::Generate)?;
        }
        if keys::retire(tx, &key, tx.origin.at)? {
            let deed = Deed::new(Action::KeyRetired).details(key.as_str());
            tx.record(deed)?;
        }
        let known = keys::get(tx, &key)?;
        let retired_at = known.and_then(|known| known.retired_at);
        Ok((retired_at.unwrap_or(tx.origin.at), prepared, alone))
    })?;
    if let Some(prepared) = prepared {
        prepared.replace().map_err(|error| {
            error.also("run it again: the key is retired, but its secret may still be in the file")
        })?;
    }
    Ok(Retired {
        key,
        retired_at,
        path,
    })
}

/// Whether everything hangs from this key, and it is nowhere any more.
fn is_proof(connection: &Connection, ring: &Keyring, key: &KeyId) -> Result<bool> {
    let head = audit::head(connection)?;
    Ok(ring.holding(key) == Holding::Missing && head.is_some_and(|head| head.key == *key))
}

fn find(connection: &Connection, ring: &Keyring, beginning: &str) -> Result<KeyId> {
    let mut found: Vec<KeyId> = keys::all(connection)?
        .into_iter()
        .map(|known| known.id)
        .chain(ring.ids().cloned())
        .filter(|id| id.as_str().starts_with(beginning))
        .collect();
    found.sort();
    found.dedup();
    let names: Vec<&str> = found.iter().map(KeyId::as_str).collect();
    match found.as_slice() {
        [] => Err(Error::new(
            Kind::UnknownKey,
            format!("there is no key whose id begins with {beginning}"),
        )
        .hint("`recovery-codes key list` shows all")),
        [one] => Ok(one.clone()),
        _ => Err(Error::new(
            Kind::AmbiguousId,
            format!("more than one key id begins with {beginning}"),
        )
        .hint(format!("give more of it: {}", names.join(", ")))),
    }
}

fn require_retirable(connection: &Connection, ring: &Keyring, key: &KeyId) -> Result<()> {
    let refuse = |why: String, hint: &str| Err(Error::new(Kind::WrongState, why).hint(hint));
    if ring.current().id() == key {
        return refuse(
            format!("the key {key} is the current one"),
            "make a new one first with `recovery-codes key rotate`",
        );
    }
    let Some(known) = keys::get(connection, key)? else {
        return refuse(
            format!("the key {key} is not one this store was used with"),
            "retire it in the store that uses it, named with --store",
        );
    };
    if known.retired_at.is_some() && ring.holding(key) != Holding::Whole {
        return refuse(
            format!("the key {key} is retired already"),
            "there is nothing left to do; what is kept of it proves old audit entries",
        );
    }
    Ok(())
}

/// What would be lost with a key.
#[derive(Debug)]
pub struct Needs {
    users: Vec<String>,
    codes: u64,
    sessions: u64,
    letters: u64,
}

impl Needs {
    fn look(connection: &Connection, key: &KeyId, now: Timestamp) -> Result<Self> {
        let users = codes::users_of_key(connection, key, now)?;
        Ok(Self {
            codes: users.iter().map(|(_, codes)| codes).sum(),
            users: users.into_iter().map(|(name, _)| name).collect(),
            sessions: sessions::count_of_key(connection, key, now)?,
            letters: letters::count_of_key(connection, key)?,
        })
    }

    /// What needs the key, in words; none if nothing does.
    pub fn words(&self) -> Option<String> {
        let mut needed = Vec::new();
        if self.codes > 0 {
            let mut names = self.users[..self.users.len().min(NAMED)].join(", ");
            if self.users.len() > NAMED {
                let more = (self.users.len() - NAMED) as u64;
                names.push_str(&format!(" and {}", count(more, "more user")));
            }
            needed.push(format!("{} of {names}", count(self.codes, "live code")));
        }
        if self.sessions > 0 {
            needed.push(count(self.sessions, "open session"));
        }
        if self.letters > 0 {
            needed.push(count(self.letters, "unsent letter"));
        }
        (!needed.is_empty()).then(|| needed.join(", and by "))
    }

    /// Refuses, except where the key is lost and everything hangs from it: then nothing else helps.
    fn refuse(&self, key: &KeyId, is_proof: bool) -> Result<()> {
        let Some(needed) = self.words().filter(|_| !is_proof) else {
            return Ok(());
        };
        let mut help = Vec::new();
        if self.codes > 0 {
            help.push("generate new codes for those users, or delete the batches");
        }
        if self.sessions > 0 {
            help.push("sessions end within minutes, or with `recovery-codes logout`");
        }
        if self.letters > 0 {
            help.push("see `recovery-codes task list` for the letters");
        }
        Err(Error::new(
            Kind::KeyInUse,
            format!("the key {key} is needed by {needed}"),
        )
        .hint(help.join("; "))
        .users(self.users.clone()))
    }
}
