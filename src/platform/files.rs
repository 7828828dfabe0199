//! Files on disk: read whole, written whole, private from the start.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::{NamedTempFile, TempPath};
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};

/// No file this program reads whole is larger.
const LARGEST: u64 = 1 << 20;

/// The text of a file; none if there is none.
///
/// # Errors
/// What the file system says; [`Kind::Io`] for a file that is too large or not UTF-8.
pub fn read_if_there(path: &Path) -> Result<Option<Zeroizing<String>>> {
    let doing = || format!("cannot read {}", path.display());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::file(doing(), error)),
    };
    let mut text = Zeroizing::new(String::new());
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| Error::file(doing(), error))?;
    if text.len() as u64 > LARGEST {
        return Err(
            Error::new(Kind::Io, format!("{} is larger than 1 MiB", path.display()))
                .hint("put the right file in its place"),
        );
    }
    Ok(Some(text))
}

/// The bytes of a file, a pipe or a device; of a long one, one more than `most`.
///
/// # Errors
/// What the file system says.
pub fn read_bytes(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>> {
    let doing = |error: io::Error| {
        let is_missing = error.kind() == io::ErrorKind::NotFound;
        let error = Error::file(format!("cannot read {}", path.display()), error);
        if is_missing {
            return error.hint("name a file that is there");
        }
        error
    };
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)
        .map_err(doing)?
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(doing)?;
    Ok(bytes)
}

/// The text of a file with a secret in it; none if there is none.
///
/// # Errors
/// As [`read_if_there`], and [`Kind::Permission`] when others than its owner may read it.
pub fn read_private(path: &Path) -> Result<Option<Zeroizing<String>>> {
    if let Some(who) = exposure(path)? {
        return Err(Error::new(
            Kind::Permission,
            format!("{} can be read by {who}", path.display()),
        )
        .hint(format!(
            "take the secret back with `chmod 600 {}`, and think of who may have read it",
            path.display()
        )));
    }
    read_if_there(path)
}

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

/// A file that is written but not yet in its place; dropped, it is gone.
#[derive(Debug)]
pub struct Prepared {
    draft: NamedTempFile,
    path: PathBuf,
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
    pub(super) fn write_as(prefix: &str, path: &Path, text: &[u8]) -> Result<Self> {
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
    pub(super) fn draft(&self) -> &File {
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
        Placed { path, before }.kept().map(Some)
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
    /// Makes its name durable, or takes the file back.
    fn kept(self) -> Result<Self> {
        match File::open(directory_of(&self.path)).and_then(|place| place.sync_all()) {
            Ok(()) => Ok(self),
            Err(error) => {
                let doing = format!("cannot write {}", self.path.display());
                Err(self.take_back(Error::file(doing, error)))
            }
        }
    }

    /// Takes away what was there before, and says if that fails.
    pub fn forget_what_was_there(self) -> Result<()> {
        let Some(before) = self.before else {
            return Ok(());
        };
        let doing = format!("cannot remove {}", before.display());
        before.close().map_err(|error| Error::file(doing, error))
    }

    /// Takes the file away again after this error, and brings back what was there before; if that
    /// fails too, the error says so.
    pub fn take_back(self, error: Error) -> Error {
        let is_back = self.before.as_ref().is_some_and(|before| {
            renameat_with(CWD, &**before, CWD, &self.path, RenameFlags::EXCHANGE).is_ok()
        });
        if is_back || remove(&self.path).is_ok() {
            return error;
        }
        error.also(format!(
            "remove {}, which could not be taken back",
            self.path.display()
        ))
    }
}

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

    /// Puts it in its place; none if something is there already.
    pub fn put(self) -> Result<Option<Placed>> {
        let path = self.place;
        match self.file.persist_noclobber(&path) {
            Ok(()) => Placed { path, before: None }.kept().map(Some),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(Error::file(
                format!("cannot write {}", path.display()),
                error.error,
            )),
        }
    }
}

pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
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

/// The bytes of a small private file; none if it is not there, or others can read it.
pub fn read_private_bytes(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    if exposure(path)?.is_some() || is_foreign(path) {
        return Ok(None);
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(
            format!("cannot read {}", path.display()),
            error,
        )),
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

/// The texts of those files of a directory that are there, by name.
///
/// # Errors
/// [`Kind::Config`] when the directory is not there; otherwise as [`read_if_there`].
pub fn read_named(directory: &Path, names: &[&str]) -> Result<BTreeMap<String, String>> {
    if !directory.is_dir() {
        return Err(Error::new(
            Kind::Config,
            format!("{} is not a directory", directory.display()),
        )
        .hint("make it, or take it out of the settings"));
    }
    let mut found = BTreeMap::new();
    for name in names {
        if let Some(text) = read_if_there(&directory.join(name))? {
            found.insert((*name).to_owned(), text.to_string());
        }
    }
    Ok(found)
}

/// Bytes free for this user on the file system that holds `path`.
pub fn free_space(path: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(path).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn only_the_named_files_that_are_there_are_read() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("used.txt"), "one").unwrap();
        fs::write(place.path().join("other.txt"), "two").unwrap();
        let found = read_named(place.path(), &["used.txt", "low.txt"]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found["used.txt"], "one");
        let missing = read_named(&place.path().join("no"), &[]).unwrap_err();
        assert_eq!(missing.kind(), Kind::Config);
    }

    #[test]
    fn a_secret_that_others_can_read_is_not_used() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("keys.toml");
        write_new(&path, b"one").unwrap();
        for (mode, who) in [(0o604, "everybody"), (0o640, "group"), (0o666, "everybody")] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = read_private(&path).unwrap_err();
            assert_eq!(error.kind(), Kind::Permission);
            assert!(error.to_string().contains(who), "{error}");
        }
    }
}
