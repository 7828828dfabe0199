//! Puts another store in the place of the present one, while other programs may have that open.
//!
//! At every moment one whole store lies at the place: the old one gets a second name, and then
//! the new one takes the first by a rename. What makes it delicate is the log (`-wal`) that
//! SQLite keeps beside a store under the same name, and would apply to whatever lies there:
//!
//! - The old log is moved into the old store before, and a write lock keeps it empty, so that a
//!   crash leaves nothing behind that could be applied to the new store.
//! - The new store is locked while it takes its place, so that nobody opens it before the names
//!   of the old log and its index are gone. Programs that still have the old store open keep
//!   their log with it, and are refused at the next turn they take.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::super::super::engine;
use super::super::error::locked;
use super::super::value::params;
use super::connect::{connect, open_file};
use super::gate::Gate;
use super::identity::{Identity, replaced};
use super::neighbours::{directory_of, remove_if_there};
use super::open::PATIENCE;
use crate::account::Account;
use crate::error::{Error, Kind, Result};

/// The place of a store, whether or not there is one.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
    /// The file that lies there, if there is one.
    pub identity: Option<Identity>,
    account: Account,
}

impl Place {
    /// Looks at the place; a link is followed.
    ///
    /// # Errors
    /// [`Kind::Io`] for a directory, and for a link that leads nowhere.
    pub fn look(path: &Path) -> Result<Self> {
        let account = Account::at(path)?;
        let _acting = account.act()?;
        let odd = |what| {
            Error::new(Kind::Io, format!("{} is {what}", path.display()))
                .hint("name the store's file with --store")
        };
        let path = match fs::canonicalize(path) {
            Ok(place) if place.is_dir() => return Err(odd("a directory")),
            Ok(place) if !place.is_file() => return Err(odd("not a regular file")),
            Ok(place) => place,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if path.symlink_metadata().is_ok() {
                    return Err(odd("a link to a file that is not there"));
                }
                path.to_owned()
            }
            Err(error) => {
                let doing = format!("cannot read {}", path.display());
                return Err(Error::file(doing, error));
            }
        };
        Ok(Self {
            identity: Identity::at(&path)?,
            path,
            account,
        })
    }

    /// Where it is, without links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The epoch of the store that lies there, if it can still be read; it may be of any version.
    pub fn epoch(&self) -> Option<i64> {
        self.read(|connection| connection.value("SELECT epoch FROM store WHERE id = 1", params! {}))
    }

    /// Something of the store that lies there, if it can still be read.
    pub fn read<T>(&self, read: impl FnOnce(&engine::Connection) -> Result<T>) -> Option<T> {
        self.identity?;
        let _acting = self.account.act().ok()?;
        read(&connect(&self.path).ok()?).ok()
    }

    /// Puts the closed copy at `copy`, which lies on the same file system, into this place. The
    /// store that was there is set aside beside it, under its name with `mark`; says where.
    ///
    /// # Errors
    /// [`Kind::ReplacedStore`] when another store lies there than when it was looked at,
    /// [`Kind::LockedStore`] while a program reads without an end, and what the file system
    /// says; then the old store is where it was, unless the message says that it was replaced.
    pub fn take(self, copy: &Path, mark: &str) -> Result<Option<PathBuf>> {
        let doing = |error| Error::file(format!("cannot replace {}", self.path.display()), error);
        let _acting = self.account.act()?;
        let turn = Gate::of(&self.path, PATIENCE).enter()?;
        if Identity::at(&self.path)? != self.identity {
            return Err(replaced());
        }
        let aside = free_name(&self.path, mark);
        let old = self.quiet(&aside)?;
        let new = lock(copy)?;
        if self.identity.is_some() {
            second_name(&self.path, &aside).map_err(doing)?;
        }
        if let Err(error) = fs::rename(copy, &self.path) {
            let _ = fs::remove_file(&aside);
            return Err(doing(error));
        }
        // That these names cannot be taken away would harm nobody: the log is empty.
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(beside(&self.path, ending));
        }
        drop(new);
        drop(old);
        let _ = remove_if_there(copy);
        File::open(directory_of(&self.path))
            .and_then(|directory| directory.sync_all())
            .map_err(|error| not_kept(&self.path, error))?;
        drop(turn);
        Ok(self.identity.map(|_| aside))
    }

    /// Moves the log into the old store and keeps it empty for as long as the connection lives.
    /// Where there is no store that SQLite could read, the log is set aside as it is.
    fn quiet(&self, aside: &Path) -> Result<Option<Connection>> {
        let is_empty = fs::metadata(&self.path).map_or(true, |found| found.len() == 0);
        if !is_empty {
            match empty_the_log(&self.path) {
                Ok(connection) => return Ok(Some(connection)),
                Err(error) if error.kind() == Kind::DamagedStore => {}
                Err(error) => return Err(error),
            }
        }
        for ending in ["-wal", "-journal"] {
            match fs::rename(beside(&self.path, ending), beside(aside, ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    let doing = format!("cannot set aside {}", self.path.display());
                    return Err(Error::file(doing, error));
                }
                _ => {}
            }
        }
        Ok(None)
    }
}

fn empty_the_log(path: &Path) -> Result<Connection> {
    let connection = open_file(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // A program that does not queue may write between the two steps, and many that read in turn
    // may together hold the log for longer than one wait.
    for _ in 0..5 {
        let is_busy: bool =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if is_busy {
            continue;
        }
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let log = fs::metadata(beside(path, "-wal")).map_or(0, |found| found.len());
        if log == 0 {
            return Ok(connection);
        }
        connection.execute_batch("ROLLBACK")?;
    }
    Err(locked())
}

/// Nobody can open the copy, under whatever name, for as long as the connection lives.
fn lock(copy: &Path) -> Result<Connection> {
    let connection = open_file(copy)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.query_row("SELECT epoch FROM store", [], |_| Ok(()))?;
    Ok(connection)
}

/// The one failure after which the new store is in its place.
fn not_kept(path: &Path, error: io::Error) -> Error {
    let doing = format!(
        "{} was replaced, but that may not outlive a power failure",
        path.display()
    );
    Error::file(doing, error).hint("check the disk and the system's log, and then restore again")
}

fn second_name(path: &Path, aside: &Path) -> io::Result<()> {
    match fs::hard_link(path, aside) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // A file system without links: nobody writes now, so a copy is whole.
            fs::copy(path, aside)?;
            File::open(aside)?.sync_all()
        }
        linked => linked,
    }
}

/// The first name of its kind that is free.
pub fn free_name(path: &Path, mark: &str) -> PathBuf {
    let first = beside(path, mark);
    let others = (2..1000).map(|number| beside(path, &format!("{mark}-{number}")));
    std::iter::once(first.clone())
        .chain(others)
        .find(|name| name.symlink_metadata().is_err())
        .unwrap_or(first)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::super::open::Store;
    use super::*;
    use crate::model::time::from_millis;
    use crate::store::meta;

    fn store(path: &Path) -> Store {
        Store::open_or_create(path, |tx| meta::insert(tx, from_millis(0)))
            .unwrap()
            .0
    }

    #[test]
    fn nobody_opens_the_new_store_before_it_is_in_its_place() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("s.db");
        drop(store(&path));
        let held = lock(&path).unwrap();
        let other = Connection::open(&path).unwrap();
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        let read = |connection: &Connection| {
            connection.query_row("SELECT epoch FROM store", [], |_| Ok(()))
        };
        assert!(read(&other).is_err());
        drop(held);
        read(&other).unwrap();
    }

    #[test]
    fn the_old_log_is_empty_and_stays_so_until_it_is_gone() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("s.db");
        let mut old = store(&path);
        old.write(|tx| meta::set_epoch(tx, 5)).unwrap();
        let held = empty_the_log(&path).unwrap();
        assert_eq!(fs::metadata(beside(&path, "-wal")).unwrap().len(), 0);
        let other = Connection::open(&path).unwrap();
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        assert!(other.execute_batch("UPDATE store SET epoch = 6").is_err());
        drop(held);
        other.execute_batch("UPDATE store SET epoch = 6").unwrap();
    }

    #[test]
    fn a_store_that_was_replaced_since_it_was_looked_at_stays() {
        let place = tempfile::tempdir().unwrap();
        let (path, copy) = (place.path().join("s.db"), place.path().join("copy.db"));
        drop(store(&path));
        drop(store(&copy));
        let looked_at = Place::look(&path).unwrap();
        fs::rename(&path, place.path().join("moved.db")).unwrap();
        drop(store(&path));
        let refused = looked_at.take(&copy, ".aside").unwrap_err();
        assert_eq!(refused.kind(), Kind::ReplacedStore);
        let aside = Place::look(&path).unwrap().take(&copy, ".aside").unwrap();
        assert_eq!(
            aside,
            Some(place.path().canonicalize().unwrap().join("s.db.aside"))
        );
        assert!(!copy.exists());
    }
}
