//! Small files read whole, and how large one may be.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::access::{exposure, is_foreign};
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
