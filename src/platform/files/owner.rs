//! Whose a file is that root makes among files of another account.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, fchown};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use super::access::own_user;
use super::directory::{directory_of, private_directory_of};
use super::prepared::Prepared;
use crate::error::{Error, Result};

/// The account and the group that a file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    fn from(metadata: &Metadata) -> Self {
        Self {
            user: metadata.uid(),
            group: metadata.gid(),
        }
    }

    /// Whose the file or directory at this path is.
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::from(&fs::metadata(path)?))
    }

    /// Gives this file to them, which is the right of root alone. Only what is one's own is given
    /// away: what somebody put there in the meantime stays whose it is.
    pub fn take(self, file: &File) -> io::Result<()> {
        let found = Self::from(&file.metadata()?);
        if found == self || found.user != own_user() {
            return Ok(());
        }
        fchown(file, Some(self.user), Some(self.group))
    }
}

const ROOT: u32 = 0;

/// Lets what root makes in a directory of another account be that account's.
fn fit_in(file: &File, path: &Path) -> io::Result<()> {
    let owner = Owner::of(directory_of(path))?;
    if own_user() == ROOT && owner.user != ROOT {
        owner.take(file)?;
    }
    Ok(())
}

/// Makes the directory a file is to lie in, for its owner alone, and lets it be theirs in whose
/// directory it lies itself. Only an empty one is given away: between two steps somebody may move
/// another directory of root's into its place.
pub fn fitting_directory_of(path: &Path) -> Result<&Path> {
    let directory = directory_of(path);
    let made = DirBuilder::new().mode(0o700).create(directory);
    if made.is_err() {
        // It is there, or more than one is missing.
        return private_directory_of(path);
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let give = || -> io::Result<()> {
        let opened = File::from(rustix::fs::open(directory, flags, Mode::empty())?);
        let mut entries = rustix::fs::Dir::read_from(&opened)?;
        let is_empty = entries.all(|entry| {
            entry.is_ok_and(|entry| [&b"."[..], b".."].contains(&entry.file_name().to_bytes()))
        });
        if is_empty {
            fit_in(&opened, directory)?;
        }
        Ok(())
    };
    give().map_err(|error| Error::file(format!("cannot make {}", directory.display()), error))?;
    Ok(directory)
}

/// Writes a private file that is not there yet, and lets it be theirs in whose directory it lies.
pub fn write_fitting(path: &Path, text: &[u8]) -> Result<()> {
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    fitting_directory_of(path)?;
    let file = Prepared::write(path, text)?;
    fit_in(file.draft(), path)
        .map_err(|error| Error::file(format!("cannot write {}", path.display()), error))?;
    file.put(false).map(drop)
}
