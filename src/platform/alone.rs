//! A file that one program at a time changes: read, thought about, and replaced whole.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::platform::files::{Prepared, directory_of};

/// The right to change a file; no other program that asks for it has it at the same time. It
/// ends when this is dropped.
#[derive(Debug)]
pub struct Alone {
    /// Where the file lies, if the path is a link.
    path: PathBuf,
    /// The lock lies on the directory, because the file itself is replaced.
    _directory: File,
}

impl Alone {
    /// Waits until no other program changes this file, which must be there.
    pub fn with(path: &Path) -> Result<Self> {
        let doing = |error| Error::file(format!("cannot lock {}", path.display()), error);
        let path = fs::canonicalize(path).map_err(doing)?;
        let directory = File::open(directory_of(&path)).map_err(doing)?;
        directory.lock().map_err(doing)?;
        Ok(Self {
            path,
            _directory: directory,
        })
    }

    /// Writes what is to take the file's place: it stays its owner's, and only they can read it.
    pub fn prepare(&self, text: &[u8]) -> Result<Prepared> {
        let path = &self.path;
        let doing = |error| Error::file(format!("cannot write {}", path.display()), error);
        let prepared = Prepared::write(path, text)?;
        let (owner, own) = (fs::metadata(path), prepared.draft().metadata());
        let (owner, own) = (owner.map_err(doing)?, own.map_err(doing)?);
        if (owner.uid(), owner.gid()) != (own.uid(), own.gid()) {
            fchown(prepared.draft(), Some(owner.uid()), Some(owner.gid())).map_err(doing)?;
        }
        Ok(prepared)
    }

    /// Replaces the file, whole or not at all.
    pub fn replace(&self, text: &[u8]) -> Result<()> {
        self.prepare(text)?.replace()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::platform::files::read_private;

    #[test]
    fn a_file_is_replaced_where_a_link_leads_to_and_nothing_is_left_behind() {
        let place = tempfile::tempdir().unwrap();
        let (path, link) = (place.path().join("keys.toml"), place.path().join("link"));
        assert_eq!(Alone::with(&path).unwrap_err().kind(), Kind::Io);
        fs::write(&path, "one").unwrap();
        fs::create_dir(place.path().join(".recovery-codes-draft-killed")).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        Alone::with(&link).unwrap().replace(b"two").unwrap();
        assert!(link.is_symlink());
        assert_eq!(**read_private(&path).unwrap().as_ref().unwrap(), "two");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
    }
}
