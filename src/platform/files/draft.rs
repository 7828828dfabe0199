//! Files that others fill, such as SQLite, before they are put in their place.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::directory::directory_of;
use super::prepared::Prepared;
use crate::error::{Error, Result};

/// An empty, private, hidden file beside its place, for others to fill; dropped, it is gone.
#[derive(Debug)]
pub struct Draft {
    file: TempPath,
    place: PathBuf,
}

impl Draft {
    /// Makes it; its directory must be there.
    pub fn beside(place: &Path) -> Result<Self> {
        let draft = Prepared::write(place, b"")?;
        Ok(Self {
            file: draft.draft.into_temp_path(),
            place: draft.path,
        })
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
        let mut target = File::options()
            .write(true)
            .truncate(true)
            .open(&self.file)
            .map_err(writing)?;
        io::copy(&mut source, &mut target)
            .map(drop)
            .map_err(writing)
    }

    /// Says that it was put in its place by other means.
    pub fn is_in_its_place(self) {
        let _ = self.file.keep();
    }

    /// Puts it in its place; says `false` if something is there already.
    pub fn put(self) -> Result<bool> {
        let place = self.place;
        let doing = |error| Error::file(format!("cannot write {}", place.display()), error);
        match self.file.persist_noclobber(&place) {
            Ok(()) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(doing(error.error)),
        }
        File::open(directory_of(&place))
            .and_then(|directory| directory.sync_all())
            .map_err(doing)?;
        Ok(true)
    }
}
