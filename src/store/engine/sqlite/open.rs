//! Opening and making the store's file, and the two ways to use it: reading and writing.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::TransactionBehavior;
use rustix::fs::OFlags;

use super::super::connection::{Connection, Failed, Transaction};
use super::super::error::{in_doubt, is_in_doubt};
use super::super::tentative::{Durable, Tentative};
use super::connect::{BUSY_TIMEOUT, Purpose, connect, connect_for};
use super::gate::Gate;
use super::handle::close_as_store;
use super::identity::{Identity, replaced};
use super::neighbours::{
    directory_of, draft_of, refuse_odd_neighbours, refuse_orphaned_log, remove_if_there,
};
use super::{migrations, pragmas};
use crate::account::Account;
use crate::error::{Error, Kind, Result};

/// How long a writer waits for its turn before it says that the store is locked.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Bytes of such a log and somewhat more.
const LONG_LOG: u64 = 2 << 20;

/// An open store.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// When what it commits is durable.
    durable: Durable,
    gate: Gate,
    /// Its path without links, beside which the lock and the log lie.
    place: PathBuf,
    identity: Identity,
    account: Account,
}

impl Store {
    /// Opens the store at `path` and upgrades it if an older version made it.
    ///
    /// # Errors
    /// [`Kind::NoStore`] if there is none, [`Kind::DamagedStore`], [`Kind::NewerStore`], or
    /// what the file system says.
    pub fn open(path: &Path, purpose: Purpose) -> Result<Self> {
        let account = Account::at(path)?;
        let _acting = account.act()?;
        let place = match fs::canonicalize(path) {
            Ok(place) => place,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::new(
                    Kind::NoStore,
                    format!("there is no store at {}", path.display()),
                )
                .hint("make one with `recovery-codes init`, or name another with --store"));
            }
            Err(error) => {
                return Err(Error::file(
                    format!("cannot read {}", path.display()),
                    error,
                ));
            }
        };
        let metadata = fs::metadata(&place)
            .map_err(|error| Error::file(format!("cannot read {}", path.display()), error))?;
        if metadata.is_dir() {
            return Err(Error::new(
                Kind::DamagedStore,
                format!("{} is a directory, not a store", path.display()),
            )
            .hint("name the store's file with --store"));
        }
        if !metadata.is_file() {
            return Err(Error::new(
                Kind::DamagedStore,
                format!("{} is not a regular file, and no store", path.display()),
            )
            .hint("name the store's file with --store"));
        }
        // SQLite takes an empty file for a new database; here it is one that lost everything.
        if metadata.len() == 0 {
            return Err(Error::new(
                Kind::DamagedStore,
                format!("the store at {} is empty", path.display()),
            )
            .hint("put a backup in its place; to begin anew, move the file away first"));
        }
        OpenOptions::new()
            .read(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(path)
            .map_err(|error| Error::file(format!("cannot read {}", path.display()), error))?;
        refuse_odd_neighbours(&place)?;
        let (connection, version, identity) =
            connect_to_what_stays(&place, purpose).map_err(|error| about(path, error))?;
        let mut store = Self {
            connection,
            durable: Durable::AtOnce,
            gate: Gate::of(&place, PATIENCE),
            place,
            identity,
            account,
        };
        if version < migrations::CURRENT {
            store.write(|tx| {
                // Another program may have been first while this one waited for its turn.
                let version = migrations::version(tx)?;
                migrations::apply(tx, version)
            })?;
        }
        Ok(store)
    }

    /// Makes a store at `path` with everything `first` writes into it, or opens the one that
    /// is there; says which. A new file appears at its place only when it is complete, so
    /// neither a crash nor a second program at the same moment can leave half a store. Its
    /// directory must be there.
    pub fn open_or_create(
        path: &Path,
        first: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<(Self, bool)> {
        if path.symlink_metadata().is_ok() {
            return Ok((Self::open(path, Purpose::Deeds)?, false));
        }
        let account = Account::at(path)?;
        let acting = account.act()?;
        let directory = directory_of(path);
        let turn = Gate::of(path, PATIENCE).enter()?;
        if path.symlink_metadata().is_ok() {
            drop((turn, acting));
            return Ok((Self::open(path, Purpose::Deeds)?, false));
        }
        refuse_orphaned_log(path)?;
        let draft = draft_of(path);
        // What a killed program left behind is nobody's: this one has the turn.
        remove_if_there(&draft)?;
        let tentative = Tentative::begin();
        let doing = |error| Error::file(format!("cannot make {}", path.display()), error);
        let made = make(&draft, first)
            .and_then(|()| fs::rename(&draft, path).map_err(doing))
            .and_then(|()| {
                let kept = File::open(directory).and_then(|directory| directory.sync_all());
                // Who opened it meanwhile finds at the next turn that it is gone.
                kept.inspect_err(|_| drop(remove_if_there(path)))
                    .map_err(doing)
            });
        if let Err(error) = made {
            let _ = remove_if_there(&draft);
            return Err(error);
        }
        tentative.is_durable();
        drop((turn, acting));
        Ok((Self::open(path, Purpose::Deeds)?, true))
    }

    /// For reading. Several readings that must agree belong in [`Store::snapshot`].
    pub fn read(&self) -> &Connection {
        &self.connection
    }

    /// Reads several times from one unchanging state of the store.
    pub fn snapshot<T>(&mut self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let tx = self.connection.begin(TransactionBehavior::Deferred)?;
        read(&tx)
    }

    /// Writes: waits for one's turn, begins an immediate transaction, and commits it
    /// if `deed` succeeds; otherwise nothing has happened.
    ///
    /// # Errors
    /// [`Kind::LockedStore`], [`Kind::ReplacedStore`] when another file lies at the store's
    /// place by now, and what `deed` says.
    pub fn write<T>(&mut self, deed: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.write_as(Durable::AtOnce, deed)
    }

    pub(in crate::store::engine) fn write_as<T>(
        &mut self,
        durable: Durable,
        deed: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let turn = {
            let _acting = self.account.act()?;
            self.gate.enter()?
        };
        let tentative = Tentative::begin();
        // Who replaces the store takes a turn for it, so nothing can change from here on.
        if Identity::at(&self.place)? != Some(self.identity) {
            return Err(replaced());
        }
        if self.durable != durable {
            pragmas::be(&self.connection, durable)?;
            self.durable = durable;
        }
        let tx = self.connection.begin(TransactionBehavior::Immediate)?;
        let done = deed(&tx)?;
        if let Err(error) = tx.commit() {
            return Err(self.after_failed_commit(error));
        }
        tentative.is_durable();
        self.shorten_log();
        drop(turn);
        Ok(done)
    }

    /// Writes the file of an earlier version anew, without what is free in it, and so that from then on it
    /// can shrink step by step. Whoever wants to write waits for all of it.
    ///
    /// # Errors
    /// As [`Store::write`]; [`Kind::DiskFull`] where there is no room for another copy.
    pub fn write_anew(&mut self) -> Result<()> {
        let _acting = self.account.act()?;
        let turn = self.gate.enter()?;
        if Identity::at(&self.place)? != Some(self.identity) {
            return Err(replaced());
        }
        pragmas::make_shrinkable(&self.connection)?;
        self.connection.sqlite()?.execute_batch("VACUUM")?;
        self.shorten_log();
        drop(turn);
        Ok(())
    }

    /// Cuts a long log, whose pages SQLite moved into the file at the commit. Programs that make one commit
    /// each, such as logins that have to wait, would only ever add to it: the next one no longer knows what
    /// was moved. While somebody reads, it is left for later.
    fn shorten_log(&self) {
        let mut log = self.place.as_os_str().to_owned();
        log.push("-wal");
        if fs::metadata(log).is_ok_and(|log| log.len() > LONG_LOG) {
            let Ok(sqlite) = self.connection.sqlite() else {
                return;
            };
            let _ = sqlite.busy_timeout(Duration::ZERO);
            let _ = sqlite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = sqlite.busy_timeout(BUSY_TIMEOUT);
        }
    }

    /// A commit that the disk did not confirm lies in the log all the same, and would come back
    /// with the next program that opens the store. So something that changes nothing is written
    /// over it.
    fn after_failed_commit(&mut self, error: Failed) -> Error {
        let error = match error {
            Failed::Sqlite(error) => error,
            Failed::Postgres(error) => return error,
        };
        if !is_in_doubt(&error) {
            return error.into();
        }
        let write_over = |tx: Transaction<'_>| -> Result<()> {
            let version = migrations::version(&tx)?;
            tx.sqlite()?.pragma_update(None, "user_version", version)?;
            Ok(tx.commit()?)
        };
        let written_over = self
            .connection
            .begin(TransactionBehavior::Immediate)
            .and_then(write_over);
        match written_over {
            Ok(()) => error.into(),
            Err(_) => in_doubt(error),
        }
    }

    /// Whether another program waits to write at this moment.
    pub fn is_awaited(&self) -> bool {
        match self.account.act() {
            Ok(_acting) => self.gate.is_awaited(),
            Err(_) => true,
        }
    }
}

/// Connects to a store and reads its version. SQLite opens the file and, with the first reading,
/// the log beside it by their names; if another store was put there in between, the two do not
/// belong together, and it is done again.
fn connect_to_what_stays(place: &Path, purpose: Purpose) -> Result<(Connection, i64, Identity)> {
    for _ in 0..3 {
        let before = Identity::at(place)?;
        let connection = connect_for(place, purpose)?;
        let version = migrations::version(&connection);
        let after = Identity::at(place)?;
        if let Some(identity) = after
            && before == after
        {
            return Ok((connection, version?, identity));
        }
    }
    Err(replaced())
}

fn make(draft: &Path, first: impl FnOnce(&Transaction<'_>) -> Result<()>) -> Result<()> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(draft)
        .map_err(|error| Error::file(format!("cannot make {}", draft.display()), error))?;
    let mut connection = connect(draft)?;
    pragmas::make_shrinkable(&connection)?;
    // While it is a draft it is one file; the last step makes it a store with a log.
    let tx = connection.begin(TransactionBehavior::Exclusive)?;
    migrations::apply(&tx, 0)?;
    first(&tx)?;
    tx.commit()?;
    close_as_store(connection)?;
    File::open(draft)
        .and_then(|file| file.sync_all())
        .map_err(|error| Error::file(format!("cannot write {}", draft.display()), error))
}

/// Says which file an error of opening is about.
pub(super) fn about(path: &Path, error: Error) -> Error {
    let hint = error.advice().map(str::to_owned);
    let made = Error::new(error.kind(), format!("cannot use {}", path.display())).because(error);
    match hint {
        Some(hint) => made.hint(hint),
        None => made,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::from_millis;
    use crate::store::meta;

    fn store(path: &Path) -> Store {
        Store::open_or_create(path, |tx| meta::insert(tx, from_millis(0)))
            .unwrap()
            .0
    }

    #[test]
    fn a_store_that_was_replaced_is_not_written_any_more() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("s.db");
        let mut old = store(&path);
        old.write(|_| Ok(())).unwrap();
        drop(store(&place.path().join("other.db")));
        fs::rename(place.path().join("other.db"), &path).unwrap();
        let refused = old.write(|_| Ok(())).unwrap_err();
        assert_eq!(refused.kind(), Kind::ReplacedStore);
        fs::remove_file(&path).unwrap();
        let refused = old.write(|_| Ok(())).unwrap_err();
        assert_eq!(refused.kind(), Kind::ReplacedStore);
    }

    #[test]
    fn a_link_and_its_store_have_one_queue() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("s.db");
        drop(store(&path));
        let link = place.path().join("link.db");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        Store::open(&link, Purpose::Deeds)
            .unwrap()
            .write(|_| Ok(()))
            .unwrap();
        assert!(!place.path().join("link.db.lock").exists());
    }
}
