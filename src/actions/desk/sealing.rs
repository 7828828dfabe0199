//! Seals a store that an earlier version made, once: in chunks that give way, a part with each command
//! until it is done.

use std::path::Path;

use crate::actions::desk::head::{self, of_nobody, require_schema};
use crate::actions::desk::key_source::{KeySource, key_source, read_ring};
use crate::actions::desk::seal_user::{Known, number};
use crate::actions::desk::tree::Tree;
use crate::actions::desk::workspace::Workspace;
use crate::config::paths::Paths;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::environment::Environment;
use crate::model::id::UserId;
use crate::model::location::Location;
use crate::model::time::Timestamp;
use crate::platform::alone::Alone;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::platform::signals::Stop;
use crate::render::words::count;
use crate::secret::key_file::KeyFile;
use crate::secret::keyring::Keyring;
use crate::store::{Connection, Store, Transaction, audit, seals};

/// Users in one transaction.
const CHUNK: u64 = 200;

/// Chunks that one command does at the most; who logs in is not to wait for all.
const CHUNKS: u64 = 50;

/// How much of an older store one command seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Older {
    /// A part, where it can be written down beside the key that it was sealed.
    Part,
    /// All of it, under the same condition.
    All,
    /// All of it as it is, although nobody can tell whether it was put back.
    Accepted,
}

/// Seals what is left of an older store, and writes into the key file that it is sealed: what is
/// not sealed from then on was put back from before.
///
/// # Errors
/// [`Kind::Forged`] where nothing can be written down beside the key, and it is not expressly accepted.
pub(in crate::actions) fn seal_older(
    workspace: &mut Workspace,
    source: &KeySource,
    older: Older,
) -> Result<bool> {
    let mut is_so = is_sealed(workspace.store.read())?;
    if !is_so {
        let is_witnessed = matches!(source, KeySource::File(_)) && !workspace.ring.expects_seals();
        match (is_witnessed, older) {
            (_, Older::Accepted) | (true, Older::All) => while !seal(workspace)? {},
            (true, Older::Part) => drop(seal(workspace)?),
            (false, Older::Part | Older::All) => return Err(unsealed()),
        }
        is_so = is_sealed(workspace.store.read())?;
    }
    // Who uses the key may not be who can write it, and is not to be kept out by that.
    if is_so
        && let KeySource::File(path) = source
        && !workspace.ring.expects_seals()
        && let Err(error) = write_down(path)
    {
        tracing::debug!("the key file does not say yet that the store is sealed: {error}");
    }
    Ok(is_so)
}

/// Whether nothing is left to seal, or to be sealed at all: that a head is gone, others tell who need it.
pub(in crate::actions) fn is_sealed(connection: &Connection) -> Result<bool> {
    let head = audit::head(connection)?;
    Ok(head.is_none_or(|head| head.seals.is_some_and(|seals| seals.sealed_to == i64::MAX)))
}

/// Whether a store of an earlier version is there that is sealed only with an administrator's consent:
/// its key lies where nobody can write down beside it that it was, or says that one was sealed already.
pub fn needs_consent(paths: &Paths, environment: &Environment) -> Result<bool> {
    let is_file = matches!(key_source(paths, environment), KeySource::File(_));
    let ring = read_ring(paths, environment)?;
    if is_file && !ring.is_some_and(|ring| ring.expects_seals()) {
        return Ok(false);
    }
    Ok(sealed(&paths.store)? == Some(false))
}

/// Whether nothing is left to seal in this store; none if there is no store.
///
/// # Errors
/// What opening it says.
pub fn sealed(store: &Location) -> Result<Option<bool>> {
    match Store::is_there(store)? {
        true => is_sealed(Store::open(store)?.read()).map(Some),
        false => Ok(None),
    }
}

/// Does a part of it; says whether that was the last.
fn seal(workspace: &mut Workspace) -> Result<bool> {
    let stop = Stop::default();
    let pace = Pace::new(&stop, None, false);
    for _ in 0..CHUNKS {
        let held = pace.measure();
        let taken_in = workspace.write(|tx| {
            // Another program may have sealed the rest meanwhile.
            if is_sealed(tx)? {
                return Ok(TakenIn {
                    users: 0,
                    is_all: true,
                });
            }
            let taken_in = take_in(tx, tx.ring, tx.origin.at, CHUNK)?;
            if taken_in.is_all {
                tx.record(Deed::new(Action::StoreSealed).details(details(tx)?))?;
            }
            Ok(taken_in)
        })?;
        if taken_in.is_all {
            return Ok(true);
        }
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    Ok(false)
}

fn details(connection: &Connection) -> Result<String> {
    let rows = seals::counts(connection)?;
    Ok(format!(
        "as they were: {}, {}, {}",
        count(rows.users, "user"),
        count(rows.batches, "open batch"),
        count(rows.codes, "code"),
    ))
}

fn write_down(path: &Path) -> Result<()> {
    let alone = Alone::with(path)?;
    let text = files::read_private(path)?.unwrap_or_default();
    let mut file = KeyFile::parse(&text)?;
    file.is_sealing = true;
    alone.replace(file.text().as_bytes())
}

/// The error for a store in which nobody is sealed, where it should be.
pub(in crate::actions) fn unsealed() -> Error {
    Error::new(
        Kind::Forged,
        "the store is from before it was sealed, or was put back from that time",
    )
    .hint("if it was never sealed, do so once with `recovery-codes init`; if it was, somebody put it back: put a backup in its place")
}

/// What was taken in while an older store is sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::actions) struct TakenIn {
    pub users: u64,
    /// Whether nobody is left.
    pub is_all: bool,
}

/// Seals users of a store that an earlier version made, as they are, `most` at the most, behind
/// those that are sealed already. What was changed before cannot be known.
pub(in crate::actions) fn take_in(
    tx: &Transaction<'_>,
    ring: &Keyring,
    now: Timestamp,
    most: u64,
) -> Result<TakenIn> {
    require_schema(tx)?;
    let mut head = head::closed(tx, ring)?;
    let mut sealed = match head.seals.take() {
        Some(sealed) => sealed,
        None => of_nobody(tx, 0, now.max(audit::LOG.last_at(tx)?.unwrap_or(now)))?,
    };
    let ids = seals::users_after(tx, UserId(sealed.sealed_to), most)?;
    let mut taken_in = TakenIn {
        users: ids.len() as u64,
        ..TakenIn::default()
    };
    let mut digests = Vec::new();
    for id in &ids {
        let known = Known::as_is(tx, *id)?;
        digests.push((number(*id), known.seal(tx, *id)?));
    }
    let mut tree = Tree::of(&sealed);
    tree.put(tx, &digests)?;
    (sealed.root, sealed.height) = (tree.root, tree.height);
    taken_in.is_all = taken_in.users < most;
    sealed.sealed_to = match ids.last() {
        Some(last) if !taken_in.is_all => last.0,
        _ => i64::MAX,
    };
    head.seals = Some(sealed);
    head::close(tx, ring, head)?;
    Ok(taken_in)
}

/// Closes the head of a copy, whose chain was proven, with the current key, and seals all that an
/// earlier version left unsealed. `seen_at` was seen elsewhere.
pub(in crate::actions) fn close_anew(
    tx: &Transaction<'_>,
    ring: &Keyring,
    now: Timestamp,
    seen_at: Option<Timestamp>,
) -> Result<()> {
    let mut head = audit::head(tx)?.ok_or_else(head::edited)?;
    let mut is_all = head
        .seals
        .as_ref()
        .is_some_and(|seals| seals.sealed_to == i64::MAX);
    if !is_all && head.seals.is_none() {
        head.seals = Some(of_nobody(tx, 0, now)?);
    }
    if let (Some(seals), Some(seen_at)) = (&mut head.seals, seen_at) {
        seals.seen_at = seals.seen_at.max(seen_at);
    }
    head::close(tx, ring, head)?;
    while !is_all {
        is_all = take_in(tx, ring, now, CHUNK)?.is_all;
    }
    Ok(())
}
