//! Small files read whole, and how large one may be.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::access::{is_trusted, own_user, readers};
use crate::error::{Error, Kind, Result};
use crate::platform::csv_file::{Stamp, Table};

/// No file this program reads whole is larger.
const LARGEST: u64 = 1 << 20;

/// The text of a file; none if there is none.
///
/// # Errors
/// What the file system says; [`Kind::Io`] for what is no regular file, too large or not UTF-8.
pub fn read_if_there(path: &Path) -> Result<Option<Zeroizing<String>>> {
    match open(path)? {
        Some((file, _)) => read(file, path).map(Some),
        None => Ok(None),
    }
}

/// The text of a file with a secret in it; none if there is none.
///
/// # Errors
/// As [`read_if_there`], and [`Kind::Permission`] when others than its owner may read it, or it
/// belongs to neither this process's user nor root.
pub fn read_private(path: &Path) -> Result<Option<Zeroizing<String>>> {
    let Some((file, found)) = open(path)? else {
        return Ok(None);
    };
    if let Some(who) = readers(found.mode()) {
        return Err(Error::new(
            Kind::Permission,
            format!("{} can be read by {who}", path.display()),
        )
        .hint(format!(
            "take the secret back with `chmod 600 {}`, and think of who may have read it",
            path.display()
        )));
    }
    if !is_trusted(found.uid(), own_user()) {
        return Err(Error::new(
            Kind::Permission,
            format!("{} belongs to another user", path.display()),
        )
        .hint(format!(
            "run this as the user it belongs to, or have it given to the one who runs this: `chown USER {}`",
            path.display()
        )));
    }
    read(file, path).map(Some)
}

/// The bytes of a small private file; none if it is not there, or somebody else's too.
pub fn read_private_bytes(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match open(path)? {
        Some((file, found))
            if readers(found.mode()).is_none() && is_trusted(found.uid(), own_user()) =>
        {
            let mut bytes = Zeroizing::new(Vec::new());
            file.take(LARGEST + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| cannot_read(path, error))?;
            if bytes.len() as u64 > LARGEST {
                return Err(too_large(path));
            }
            Ok(Some(bytes))
        }
        _ => Ok(None),
    }
}

/// The bytes of a file, a pipe or a device; of a long one, one more than `most`.
///
/// # Errors
/// What the file system says.
pub fn read_bytes(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>> {
    let doing = |error| not_opened(path, error);
    open_now(path)
        .and_then(|file| read_most(file, most))
        .map_err(doing)
}

fn read_most(file: File, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file that can be read more than once; of a pipe or a device its bytes, of a long one one more than
/// `most`.
#[derive(Debug)]
pub enum Again {
    File(File),
    Bytes(Zeroizing<Vec<u8>>),
}

impl Again {
    /// Opens it.
    ///
    /// # Errors
    /// As [`read_bytes`].
    pub fn open(path: &Path, most: usize) -> Result<Self> {
        let doing = |error| not_opened(path, error);
        let file = open_now(path).map_err(doing)?;
        match file.metadata().map_err(doing)?.is_file() {
            true => Ok(Self::File(file)),
            false => read_most(file, most).map(Self::Bytes).map_err(doing),
        }
    }
}

impl Table for Again {
    fn begin(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::File(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
            Self::Bytes(bytes) => Box::new(bytes.as_slice()),
        })
    }

    fn stamp(&self) -> io::Result<Option<Stamp>> {
        let Self::File(file) = self else {
            return Ok(None);
        };
        let found = file.metadata()?;
        Ok(Some((found.len(), found.modified()?)))
    }
}

/// A file, a pipe or a device, to be read little by little.
///
/// # Errors
/// As [`read_bytes`].
pub fn open_to_read(path: &Path) -> Result<BufReader<File>> {
    let opened = open_now(path).map_err(|error| not_opened(path, error))?;
    Ok(BufReader::new(opened))
}

fn not_opened(path: &Path, error: io::Error) -> Error {
    let is_missing = error.kind() == io::ErrorKind::NotFound;
    let error = cannot_read(path, error);
    match is_missing {
        true => error.hint("name a file that is there"),
        false => error,
    }
}

/// Opens a file, or a pipe such as `<(...)` into which somebody writes; does not wait for somebody to do so.
fn open_now(path: &Path) -> io::Result<File> {
    let file = File::options()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)?;
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags.difference(OFlags::NONBLOCK))?;
    Ok(file)
}

/// Opens a file to read it; none if there is none. What is no regular file could keep the
/// program waiting, or never end.
fn open(path: &Path) -> Result<Option<(File, Metadata)>> {
    let opened = fs::metadata(path).and_then(|found| {
        // Opening a device may do something to it.
        if !found.is_file() {
            return Ok(None);
        }
        let file = File::options()
            .read(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(path)?;
        // By now it may be another.
        let found = file.metadata()?;
        Ok(found.is_file().then_some((file, found)))
    });
    match opened {
        Ok(Some(opened)) => Ok(Some(opened)),
        Ok(None) => Err(Error::new(
            Kind::Io,
            format!("{} is not a regular file", path.display()),
        )
        .hint("name a file; a directory, a device or a pipe such as <(...) will not do")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_read(path, error)),
    }
}

fn read(file: File, path: &Path) -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| cannot_read(path, error))?;
    if text.len() as u64 > LARGEST {
        return Err(too_large(path));
    }
    Ok(text)
}

fn too_large(path: &Path) -> Error {
    Error::new(Kind::Io, format!("{} is larger than 1 MiB", path.display()))
        .hint("put the right file in its place")
}

fn cannot_read(path: &Path, error: io::Error) -> Error {
    Error::file(format!("cannot read {}", path.display()), error)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    use crate::platform::csv_file;
    use crate::platform::files::write_new;

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
    fn a_list_that_grows_while_it_is_read_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("list.csv");
        fs::write(&path, "user,code\nalice,one\n").unwrap();
        let list = Again::open(&path, 0).unwrap();
        assert!(csv_file::each(&list, |_| Ok(())).is_ok());
        let mut lines = 0;
        let read = csv_file::each(&list, |_| {
            lines += 1;
            if lines == 1 {
                fs::write(&path, "user,code\nalice,one\nbob,two\n").unwrap();
            }
            Ok(())
        });
        let error = read.unwrap_err();
        assert_eq!(error.kind(), Kind::Io);
        assert!(error.to_string().contains("was changed"), "{error}");
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
