//! Who owns a file or a directory, and who else may read it.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use crate::error::{Error, Result};

/// Who besides its owner may read or write a file or enter a directory; none if nobody, or if
/// it is not there.
pub fn exposure(path: &Path) -> Result<Option<&'static str>> {
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.permissions().mode(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Error::file(
                format!("cannot read {}", path.display()),
                error,
            ));
        }
    };
    Ok(match (mode & 0o007 != 0, mode & 0o070 != 0) {
        (true, _) => Some("everybody on this machine"),
        (false, true) => Some("its group"),
        (false, false) => None,
    })
}

/// Whether somebody other than this process's user or root owns the file.
pub fn is_foreign(path: &Path) -> bool {
    let me = rustix::process::geteuid().as_raw();
    fs::metadata(path).is_ok_and(|metadata| metadata.uid() != me && metadata.uid() != 0)
}

/// Whether this directory is there, belongs to this process's user, and lets nobody else in.
pub fn is_private_directory(path: &Path) -> bool {
    let me = rustix::process::geteuid().as_raw();
    fs::metadata(path).is_ok_and(|found| {
        found.is_dir() && found.uid() == me && found.permissions().mode() & 0o077 == 0
    })
}

/// Whether this process may make files in a directory.
pub fn may_write(directory: &Path) -> bool {
    rustix::fs::access(
        directory,
        rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK,
    )
    .is_ok()
}
