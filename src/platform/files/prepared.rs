//! Files written whole: complete, durable and private before they are in their place.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::{NamedTempFile, TempPath};

use super::directory::{directory_of, private_directory_of, remove};
use crate::error::{Error, Kind, Result};

/// A file that is written but not yet in its place; dropped, it is gone.
#[derive(Debug)]
pub struct Prepared {
    pub(super) draft: NamedTempFile,
    pub(super) path: PathBuf,
}

impl Prepared {
    /// Writes the whole file beside its place, durably and for its owner only.
    pub fn write(path: &Path, text: &[u8]) -> Result<Self> {
        Self::write_with(".recovery-codes-", path, text, 0o600)
    }

    /// The same for everybody to read, where nothing secret stands in it.
    pub fn write_readable(path: &Path, text: &[u8]) -> Result<Self> {
        Self::write_with(".recovery-codes-", path, text, 0o644)
    }

    /// For its owner only; until it is put, its name begins so.
    pub(in crate::platform) fn write_as(prefix: &str, path: &Path, text: &[u8]) -> Result<Self> {
        Self::write_with(prefix, path, text, 0o600)
    }

    fn write_with(prefix: &str, path: &Path, text: &[u8], mode: u32) -> Result<Self> {
        let doing = |error| Error::file(format!("cannot write {}", path.display()), error);
        // A device, too: putting a file in its place would take it away.
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(
                Error::new(Kind::Io, format!("{} is not a file", path.display()))
                    .hint("name a file, which need not be there yet"),
            );
        }
        if !directory_of(path).is_dir() {
            return Err(Error::new(
                Kind::Io,
                format!("there is no directory {}", directory_of(path).display()),
            )
            .hint("make it first, or name another place"));
        }
        let mut draft = tempfile::Builder::new()
            .prefix(prefix)
            .permissions(fs::Permissions::from_mode(mode))
            .tempfile_in(directory_of(path))
            .map_err(doing)?;
        draft
            .write_all(text)
            .and_then(|()| draft.as_file().sync_all())
            .map_err(doing)?;
        Ok(Self {
            draft,
            path: path.to_owned(),
        })
    }

    /// The file as it is until it is put.
    pub(in crate::platform) fn draft(&self) -> &File {
        self.draft.as_file()
    }

    /// Puts the file in its place; without `replace`, none if there is one already.
    pub fn put(self, replace: bool) -> Result<Option<Placed>> {
        let Self { draft, path } = self;
        let doing = |error| Error::file(format!("cannot write {}", path.display()), error);
        let exchanged =
            replace && renameat_with(CWD, draft.path(), CWD, &path, RenameFlags::EXCHANGE).is_ok();
        let before = if exchanged {
            Some(draft.into_temp_path())
        } else {
            // Nothing is there, or the file system cannot exchange.
            let put = if replace {
                draft.persist(&path)
            } else {
                draft.persist_noclobber(&path)
            };
            match put {
                Ok(_) => None,
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                    return Ok(None);
                }
                Err(error) => return Err(doing(error.error)),
            }
        };
        let placed = Placed { path, before };
        let kept = File::open(directory_of(&placed.path)).and_then(|place| place.sync_all());
        match kept {
            Ok(()) => Ok(Some(placed)),
            Err(error) => {
                let doing = format!("cannot write {}", placed.path.display());
                placed.take_back();
                Err(Error::file(doing, error))
            }
        }
    }
}

/// A file that was put in its place.
#[derive(Debug)]
pub struct Placed {
    path: PathBuf,
    /// What was there before, under another name, until this is dropped.
    before: Option<TempPath>,
}

impl Placed {
    /// Takes the file away again and brings back what was there before.
    pub fn take_back(self) {
        let is_back = self.before.as_ref().is_some_and(|before| {
            renameat_with(CWD, &**before, CWD, &self.path, RenameFlags::EXCHANGE).is_ok()
        });
        if !is_back {
            let _ = remove(&self.path);
        }
    }
}

/// Writes a new file that only its owner can read, whole or not at all; says whether it did,
/// or whether there was one already. Directories on the way are made private too.
pub fn write_new(path: &Path, text: &[u8]) -> Result<bool> {
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    private_directory_of(path)?;
    Ok(Prepared::write(path, text)?.put(false)?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::platform::files::read_private;

    #[test]
    fn a_new_file_is_private_and_never_written_over() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("deep/er/keys.toml");
        assert!(write_new(&path, b"one").unwrap());
        assert!(!write_new(&path, b"two").unwrap());
        assert_eq!(**read_private(&path).unwrap().as_ref().unwrap(), "one");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
