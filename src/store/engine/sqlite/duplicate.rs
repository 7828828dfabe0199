//! A whole copy of a store outside its place: what a backup becomes, and what a restore begins
//! with.

use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rusqlite::TransactionBehavior;

use super::super::connection::{Connection, Link, Transaction};
use super::super::copy::copy;
use super::super::open::Store;
use super::connect::connect;
use super::handle::{close, close_as_store};
use super::{migrations, pragmas, schema};
use crate::account::Account;
use crate::error::{Error, Kind, Result};

/// An open copy that nobody else knows of.
#[derive(Debug)]
pub struct Duplicate {
    connection: Connection,
    path: PathBuf,
    account: Account,
}

impl Duplicate {
    /// Copies the store as it is at this one moment into the empty file at `path`, as this
    /// account, while others go on reading and writing. Memory does not grow with the store.
    ///
    /// # Errors
    /// [`Kind::DamagedStore`] where the store cannot be read to its end; what the disk says.
    pub fn make(store: &mut Store, path: &Path, account: Account) -> Result<Self> {
        if matches!(store.read().link(), Link::Postgres(_)) {
            return Self::gather(store, path, account);
        }
        let acting = account.act()?;
        // Said here, it is true of the copy.
        pragmas::make_shrinkable(store.read())?;
        // A path need not be UTF-8; SQLite takes the bytes as they are.
        store.read().sqlite()?.execute(
            "VACUUM INTO CAST(?1 AS TEXT)",
            [path.as_os_str().as_bytes()],
        )?;
        drop(acting);
        Self::open(path, account)
    }

    /// The same from a server, row by row.
    fn gather(store: &mut Store, path: &Path, account: Account) -> Result<Self> {
        let acting = account.act()?;
        let mut connection = connect(path)?;
        let tx = connection.begin(TransactionBehavior::Exclusive)?;
        migrations::apply(&tx, 0)?;
        store.snapshot(|from| copy(from, &tx, |_| Ok(())))?;
        tx.commit()?;
        close(connection)?;
        drop(acting);
        Self::open(path, account)
    }

    /// Opens a copy that was made before.
    ///
    /// # Errors
    /// [`Kind::DamagedStore`] for what is not a store, [`Kind::NewerStore`].
    pub fn open(path: &Path, account: Account) -> Result<Self> {
        let _acting = account.act()?;
        let connection = connect(path)?;
        migrations::version(&connection)?;
        // While it is a copy it is one file.
        let sqlite = connection.sqlite()?;
        sqlite.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            account,
        })
    }

    /// Looks at every page and every row, and whether a table or trigger is somebody else's.
    ///
    /// # Errors
    /// [`Kind::DamagedStore`] with the first fault.
    pub fn check(&self) -> Result<()> {
        // SQLite reads a page that is cut off as if zeros followed.
        let length = std::fs::metadata(&self.path).map(|found| found.len());
        if length.ok() != Some(pragmas::file_size(&self.connection)?) {
            return Err(Error::new(
                Kind::DamagedStore,
                "it is damaged: its end is missing",
            ));
        }
        if let Some(fault) = pragmas::integrity_check(&self.connection)?
            .into_iter()
            .next()
        {
            return Err(Error::new(
                Kind::DamagedStore,
                format!("it is damaged: {}", fault.replace('\n', ", ")),
            ));
        }
        match schema::differences(&self.connection)?.into_iter().next() {
            None => Ok(()),
            Some(difference) => Err(Error::new(
                Kind::DamagedStore,
                format!("somebody edited it: {}", difference.message()),
            )),
        }
    }

    /// For reading.
    pub fn read(&self) -> &Connection {
        &self.connection
    }

    /// Writes; nobody else does.
    pub fn write<T>(&mut self, deed: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let _acting = self.account.act()?;
        let tx = self.connection.begin(TransactionBehavior::Immediate)?;
        let done = deed(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    /// Does the steps that an older version of this program did not know; says at which version
    /// the copy was. One that cannot shrink step by step is written anew, as one that can.
    pub fn upgrade(&mut self) -> Result<i64> {
        let version = migrations::version(&self.connection)?;
        if version < migrations::CURRENT {
            self.write(|tx| migrations::apply(tx, version))?;
        }
        if !pragmas::is_shrinkable(&self.connection)? {
            let _acting = self.account.act()?;
            pragmas::make_shrinkable(&self.connection)?;
            self.connection.sqlite()?.execute_batch("VACUUM")?;
        }
        Ok(version)
    }

    /// Ends the work on it; the file is whole and durable.
    pub fn close(self) -> Result<()> {
        let _acting = self.account.act()?;
        close(self.connection)?;
        kept(&self.path)
    }

    /// The same, after which it can take a store's place.
    pub fn close_as_store(self) -> Result<()> {
        let _acting = self.account.act()?;
        close_as_store(self.connection)?;
        kept(&self.path)
    }
}

fn kept(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| Error::file(format!("cannot write {}", path.display()), error))
}
