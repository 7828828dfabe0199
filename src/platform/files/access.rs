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
    Ok(readers(mode))
}

/// Who besides its owner may use a file with this mode.
pub(super) fn readers(mode: u32) -> Option<&'static str> {
    match (mode & 0o007 != 0, mode & 0o070 != 0) {
        (true, _) => Some("everybody on this machine"),
        (false, true) => Some("its group"),
        (false, false) => None,
    }
}

/// Whether somebody other than this process's user or root owns the file.
pub fn is_foreign(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !is_trusted(found.uid(), own_user()))
}

/// Whether `me` may rely on what a file of this owner says. Root could change it anyhow; anybody
/// else could give a program that runs as `me` what they like, also if that is root.
pub(in crate::platform) fn is_trusted(owner: u32, me: u32) -> bool {
    owner == me || owner == 0
}

/// The user as whom this process acts.
pub(in crate::platform) fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whether this directory is there, belongs to this process's user, and lets nobody else in.
pub fn is_private_directory(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| {
        found.is_dir() && found.uid() == own_user() && found.permissions().mode() & 0o077 == 0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_oneself_and_root_are_trusted() {
        for (owner, me, is_it) in [
            (1000, 1000, true),
            (0, 1000, true),
            (0, 0, true),
            (1001, 1000, false),
            (1000, 0, false),
        ] {
            assert_eq!(is_trusted(owner, me), is_it, "{me} reads what is {owner}'s");
        }
    }
}
