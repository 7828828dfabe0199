//! Directories: where a file is to lie, what lies there, how much room there is.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The directory a file lies in or is to lie in.
pub fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The directory a file is to lie in, made private with the ones above it if it is not there.
pub fn private_directory_of(path: &Path) -> Result<&Path> {
    let directory = directory_of(path);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| Error::file(format!("cannot make {}", directory.display()), error))?;
    Ok(directory)
}

/// Makes the directory a file is to lie in, with the usual mode.
pub fn directory_for(path: &Path) -> Result<()> {
    let directory = directory_of(path);
    fs::create_dir_all(directory)
        .map_err(|error| Error::file(format!("cannot make {}", directory.display()), error))
}

/// Takes a file away; that it is not there is fine.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(
            format!("cannot remove {}", path.display()),
            error,
        )),
        _ => Ok(()),
    }
}

/// The files with this ending in a directory; none if it is not there.
pub fn list(directory: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(Error::file(
                format!("cannot read {}", directory.display()),
                error,
            ));
        }
    };
    Ok(entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect())
}

/// Bytes free for this user on the file system that holds `path`.
pub fn free_space(path: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(path).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}
