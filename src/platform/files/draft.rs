//! Files that others fill, such as SQLite, before they are put in their place.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::directory::directory_of;
use super::draft_directory::DraftDirectory;
use super::naming::rename_if_free;
use super::prepared::{Placed, require_place};
use crate::account::Account;
use crate::error::{Error, Result};

/// An empty, private file near its place, for others to fill; dropped, it is gone, unless it is
/// in its place by then.
#[derive(Debug)]
pub struct Draft {
    directory: DraftDirectory,
    file: PathBuf,
    /// The file itself, whatever becomes of its name.
    handle: File,
    place: PathBuf,
    account: Account,
}

impl Draft {
    /// Makes it; the directory of its place must be there.
    pub fn beside(place: &Path) -> Result<Self> {
        let account = Account::at(place)?;
        let _acting = account.act()?;
        require_place(place)?;
        let doing = |error| Error::file(format!("cannot write {}", place.display()), error);
        let directory = DraftDirectory::make_in(directory_of(place)).map_err(doing)?;
        let file = directory.file();
        let handle = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .map_err(doing)?;
        Ok(Self {
            directory,
            file,
            handle,
            place: place.to_owned(),
            account,
        })
    }

    /// As whom everything is done with it.
    pub fn account(&self) -> Account {
        self.account
    }

    /// Where it lies until it is in its place.
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// Fills it with what another file holds.
    pub fn copy(&self, from: &Path) -> Result<()> {
        let reading = |error| Error::file(format!("cannot read {}", from.display()), error);
        let writing = |error| Error::file(format!("cannot copy {}", from.display()), error);
        let mut source = File::open(from).map_err(reading)?;
        io::copy(&mut source, &mut &self.handle)
            .map(drop)
            .map_err(writing)
    }

    /// Puts it in its place; none if something is there already.
    pub fn put(self) -> Result<Option<Placed>> {
        let _acting = self.account.act()?;
        let path = self.place;
        match rename_if_free(&self.file, &path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
            Err(error) => {
                let doing = format!("cannot write {}", path.display());
                return Err(Error::file(doing, error));
            }
        }
        drop(self.directory);
        Placed {
            path,
            before: None,
            account: self.account,
        }
        .kept()
        .map(Some)
    }
}
