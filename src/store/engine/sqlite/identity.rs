//! Which file it is that lies at a path: a store that was replaced must not be written any more.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::{Error, Kind, Result};

/// One file on this machine, whatever its name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// The file with this metadata.
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    /// The file at this path; none if there is none.
    ///
    /// # Errors
    /// What the file system says.
    pub fn at(path: &Path) -> Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(Self::of(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(
                format!("cannot read {}", path.display()),
                error,
            )),
        }
    }
}

/// The error for a store that is no longer at its place.
pub(in crate::store::engine) fn replaced() -> Error {
    Error::new(
        Kind::ReplacedStore,
        "the store was replaced while this program had it open",
    )
    .hint("nothing was changed; run it again, and it works with the new one")
}
