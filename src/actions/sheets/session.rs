//! The short time after generating in which the plaintext still exists: sealed in the store,
//! half of its key in the user's runtime directory (DESIGN section 4.8).

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::actions::desk::find;
use crate::actions::desk::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::{BatchId, BatchName, UserId};
use crate::model::state::BatchState;
use crate::model::time::{self, Timestamp};
use crate::platform::files;
use crate::render::quoting::name_in_shell;
use crate::secret::code::Code;
use crate::secret::random::Random;
use crate::secret::seal::{self, Sealed, SessionKey};
use crate::store::batches::{self, Batch};
use crate::store::users::{self, User};
use crate::store::{Connection, Transaction, sessions};

/// A session whose key is written, but which is not in the store yet.
#[derive(Debug)]
pub(in crate::actions) struct Begun {
    key_file: PathBuf,
    sealed: Sealed,
    expires_at: Timestamp,
}

/// The codes of a session, as they stand on the sheet.
#[derive(Debug)]
pub struct Opened {
    pub user: User,
    pub batch: Batch,
    pub codes: Vec<Zeroizing<String>>,
}

/// Seals the codes and writes the outer half of the key; none where there is no private
/// directory for it.
pub(in crate::actions) fn begin(
    workspace: &Workspace,
    batch: &BatchName,
    codes: &[Code],
) -> Result<Option<Begun>> {
    // By a clock that may be wrong nobody can tell when it would end.
    if workspace.doubtful_clock()?.is_some() {
        return Ok(None);
    }
    let Some(directory) = private_runtime(workspace)? else {
        return Ok(None);
    };
    let mut random = Random::from(&workspace.entropy);
    let key = seal::draw_session_key(&mut random);
    let shown: Vec<_> = codes.iter().map(Code::expose).collect();
    let text = Zeroizing::new(
        shown
            .iter()
            .map(|code| code.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
    );
    let sealed = seal::seal_session(
        &mut random,
        workspace.ring.current(),
        &key,
        batch.as_str().as_bytes(),
        text.as_bytes(),
    )?;
    random.finish()?;
    let key_file = key_file(&directory, batch);
    files::write_new(&key_file, &*key)?;
    let seconds = workspace.settings.session.minutes.saturating_mul(60);
    Ok(Some(Begun {
        key_file,
        sealed,
        expires_at: time::after_seconds(workspace.origin.at, seconds),
    }))
}

impl Begun {
    /// Puts the session into the store, with its batch.
    pub fn store(&self, tx: &Transaction<'_>, batch: BatchId, user: UserId) -> Result<()> {
        sessions::insert(
            tx,
            batch,
            user,
            self.expires_at,
            &self.sealed.key,
            &self.sealed.bytes,
        )
    }

    /// Takes the key away of a session that did not come to be.
    pub fn abandon(self) {
        let _ = files::remove(&self.key_file);
    }
}

/// The codes of the user's newest live batch, for as long as its session lasts.
///
/// # Errors
/// `unknown_user`, [`Kind::NoSession`].
pub fn open(workspace: &Workspace, user: &str) -> Result<Opened> {
    let connection = workspace.store.read();
    let user = find::user(connection, user)?;
    let batch = newest_live_batch(connection, &user)?;
    let over = || {
        Error::new(
            Kind::NoSession,
            format!("the codes of {} are no longer at hand", user.name),
        )
        .hint(format!(
            "they are for {} minutes after `generate`, for the login that gave it; generate anew, with --save or --email",
            workspace.settings.session.minutes
        ))
    };
    let session = sessions::of_user(connection, user.id)?
        .filter(|session| session.batch_id == batch.id && session.expires_at > workspace.origin.at)
        .ok_or_else(over)?;
    let key = match &workspace.runtime {
        Some(directory) => read_key(&key_file(directory, &batch.name))?,
        None => None,
    };
    let key = key.ok_or_else(over)?;
    let sealed = Sealed {
        bytes: session.sealed,
        key: session.key,
    };
    let text = seal::open_session(
        &workspace.ring,
        &key,
        batch.name.as_str().as_bytes(),
        &sealed,
    )?;
    let codes = text
        .split(|byte| *byte == b'\n')
        .map(|code| Zeroizing::new(String::from_utf8_lossy(code).into_owned()))
        .collect();
    Ok(Opened { user, batch, codes })
}

/// The batch that waits to be confirmed, else the active one.
///
/// # Errors
/// [`Kind::NoSession`] if there is neither.
pub(in crate::actions) fn newest_live_batch(connection: &Connection, user: &User) -> Result<Batch> {
    for state in [BatchState::Pending, BatchState::Active] {
        if let Some(batch) = batches::in_state(connection, user.id, state)? {
            return Ok(batch);
        }
    }
    Err(
        Error::new(Kind::NoSession, format!("{} has no codes", user.name)).hint(format!(
            "issue some with `recovery-codes generate {}`",
            name_in_shell(user.name.as_str())
        )),
    )
}

/// Refuses a batch that was replaced or deleted since it was looked up.
pub(in crate::actions) fn require_live(tx: &Transaction<'_>, batch: &Batch) -> Result<()> {
    let now = batches::by_id(tx, batch.id)?;
    if now.is_some_and(|now| matches!(now.state, BatchState::Pending | BatchState::Active)) {
        return Ok(());
    }
    Err(Error::new(
        Kind::NoSession,
        format!(
            "batch {} was replaced or deleted in this moment",
            batch.name.short()
        ),
    )
    .hint("its codes no longer work; run it again for the newer ones"))
}

/// Ends every session whose key this login holds; says for whom.
pub fn end_all(workspace: &mut Workspace) -> Result<Vec<(User, BatchName)>> {
    let Some(directory) = workspace.runtime.clone() else {
        return Ok(Vec::new());
    };
    let ended = workspace.write(|tx| {
        let mut ended = Vec::new();
        for session in sessions::all(tx)? {
            if !key_file(&directory, &session.batch).exists() {
                continue;
            }
            sessions::delete(tx, session.batch_id)?;
            let batch = batches::by_id(tx, session.batch_id)?.ok_or_else(find::vanished)?;
            let user = users::by_id(tx, batch.user_id)?.ok_or_else(find::vanished)?;
            let deed = Deed::new(Action::SessionEnded)
                .user(user.id, user.name.as_str())
                .batch(&session.batch);
            tx.record(deed)?;
            ended.push((user, session.batch));
        }
        Ok(ended)
    })?;
    // Also keys whose session somebody else has ended.
    for file in files::list(&directory, "key")? {
        files::remove(&file)?;
    }
    Ok(ended)
}

/// Takes sessions away whose time is over, sealed text and key.
pub(in crate::actions) fn sweep(workspace: &mut Workspace) -> Result<()> {
    let now = workspace.origin.at;
    let over = sessions::expired(workspace.store.read(), now)?;
    if over.is_empty() {
        return Ok(());
    }
    workspace
        .store
        .write(|tx| sessions::delete_expired(tx, now))?;
    forget_keys(workspace, &over);
    Ok(())
}

/// Takes the keys away of sessions that are no longer in the store. What ended them is done, so
/// that a key which stays, and opens nothing any more, is no obstacle.
pub(in crate::actions) fn forget_keys(workspace: &Workspace, batches: &[BatchName]) {
    let Some(directory) = &workspace.runtime else {
        return;
    };
    for batch in batches {
        if let Err(error) = files::remove(&key_file(directory, batch)) {
            tracing::warn!("the key of a session stays behind: {error}");
        }
    }
}

/// The directory for keys of sessions, if the login has a private one.
fn private_runtime(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let Some(directory) = &workspace.runtime else {
        return Ok(None);
    };
    if !directory.parent().is_some_and(files::is_private_directory) {
        return Ok(None);
    }
    let inside = directory.join("x");
    files::private_directory_of(&inside)?;
    Ok(files::is_private_directory(directory).then(|| directory.clone()))
}

fn key_file(directory: &Path, batch: &BatchName) -> PathBuf {
    directory.join(format!("{batch}.key"))
}

fn read_key(path: &Path) -> Result<Option<SessionKey>> {
    let Some(bytes) = files::read_private_bytes(path)? else {
        return Ok(None);
    };
    Ok(<[u8; 32]>::try_from(bytes.as_slice())
        .ok()
        .map(Zeroizing::new))
}
