//! What may lie beside a store under names that begin with its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// SQLite would wait for ever for somebody to write into a pipe of such a name.
pub(super) fn refuse_odd_neighbours(place: &Path) -> Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        let mut name = place.as_os_str().to_owned();
        name.push(ending);
        let name = PathBuf::from(name);
        if name.symlink_metadata().is_ok_and(|found| !found.is_file()) {
            return Err(Error::new(
                Kind::DamagedStore,
                format!("{} is not a regular file", name.display()),
            )
            .hint("it is no part of the store: find out who put it there, and take it away"));
        }
    }
    Ok(())
}

/// SQLite would apply the log of a store that is gone to a new one of the same name.
pub(super) fn refuse_orphaned_log(path: &Path) -> Result<()> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match fs::metadata(&log) {
        Ok(found) if found.len() > 0 => Err(Error::new(
            Kind::DamagedStore,
            format!("the store at {} is gone, but its log is still there", path.display()),
        )
        .hint("put a backup in its place with `recovery-codes restore FILE`; to begin anew, move the log away first")),
        _ => Ok(()),
    }
}

/// What a program that was killed while it made a store at `path` left behind, where there is a
/// store by now: the next to make one would take it away, but none will.
pub fn abandoned_draft(path: &Path) -> Option<PathBuf> {
    let draft = draft_of(path);
    (path.exists() && draft.exists()).then_some(draft)
}

pub(super) fn draft_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

pub(super) fn remove_if_there(draft: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = draft.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::file(
                    format!("cannot remove {}", Path::new(&name).display()),
                    error,
                ));
            }
            _ => {}
        }
    }
    Ok(())
}
