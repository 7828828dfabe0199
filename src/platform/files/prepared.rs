//! Files written whole: complete, durable and private before they are in their place. Until then
//! they have no name where the file system can do that, so that a killed program leaves nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::directory::{directory_of, private_directory_of, remove};
use super::draft_directory::DraftDirectory;
use super::naming::{link, named, nameless, rename_if_free};
use crate::account::Account;
use crate::error::{Error, Kind, Result};

/// A file that is written but not yet in its place; dropped, it is gone.
#[derive(Debug)]
pub struct Prepared {
    file: File,
    /// Where it has a name until then, on a file system that needs one.
    draft: Option<DraftDirectory>,
    path: PathBuf,
    /// As whom everything is done with it.
    account: Account,
}

impl Prepared {
    /// Writes the whole file, durably and for its owner only: whoever runs this.
    pub fn write(path: &Path, text: &[u8]) -> Result<Self> {
        Self::write_with(path, text, 0o600, Account::OWN, nameless)
    }

    /// The same, where among the files of another account it is theirs.
    pub fn write_fitting(path: &Path, text: &[u8]) -> Result<Self> {
        Self::write_with(path, text, 0o600, Account::at(path)?, nameless)
    }

    /// The same as [`Self::write`] for everybody to read, where nothing secret stands in it.
    pub fn write_readable(path: &Path, text: &[u8]) -> Result<Self> {
        Self::write_with(path, text, 0o644, Account::OWN, nameless)
    }

    fn write_with(
        path: &Path,
        text: &[u8],
        mode: u32,
        account: Account,
        nameless: fn(&Path, u32) -> Option<File>,
    ) -> Result<Self> {
        let _acting = account.act()?;
        require_place(path)?;
        let directory = directory_of(path);
        let written = || {
            let (mut file, draft) = match nameless(directory, mode) {
                Some(file) => (file, None),
                None => named(directory, mode)?,
            };
            file.write_all(text)?;
            file.sync_all()?;
            Ok((file, draft))
        };
        let (file, draft) = written()
            .map_err(|error| Error::file(format!("cannot write {}", path.display()), error))?;
        Ok(Self {
            file,
            draft,
            path: path.to_owned(),
            account,
        })
    }

    /// The file as it is until it is put.
    pub(in crate::platform) fn draft(&self) -> &File {
        &self.file
    }

    /// Puts the file in its place; without `replace`, none if there is one already.
    pub fn put(self, replace: bool) -> Result<Option<Placed>> {
        let _acting = self.account.act()?;
        let doing = |error| Error::file(format!("cannot write {}", self.path.display()), error);
        let before = match self.take_name() {
            Ok(()) => None,
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(doing(error)),
            Err(_) if !replace => return Ok(None),
            Err(_) => {
                let before = set_aside(&self.path).map_err(doing)?;
                if let Err(error) = self.take_name_over() {
                    // It has its name still, unless the file system cannot give it a second.
                    bring_back(before, &self.path);
                    return Err(doing(error));
                }
                Some(before)
            }
        };
        Placed {
            path: self.path,
            before,
            account: self.account,
        }
        .kept()
        .map(Some)
    }

    /// Puts the file in its place for good, whether or not there is one already.
    pub fn replace(self) -> Result<()> {
        let _acting = self.account.act()?;
        let put = match self.take_name() {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.take_name_over(),
            put => put,
        };
        put.and_then(|()| keep_name(&self.path))
            .map_err(|error| Error::file(format!("cannot write {}", self.path.display()), error))
    }

    /// Gives it the name of its place, which must be free.
    fn take_name(&self) -> io::Result<()> {
        match &self.draft {
            None => link(&self.file, &self.path),
            Some(draft) => rename_if_free(&draft.file(), &self.path),
        }
    }

    /// The same where there is a file already, whose name it takes in one step.
    fn take_name_over(&self) -> io::Result<()> {
        match &self.draft {
            None => {
                let draft = DraftDirectory::make_in(directory_of(&self.path))?;
                link(&self.file, &draft.file())?;
                fs::rename(draft.file(), &self.path)
            }
            Some(draft) => fs::rename(draft.file(), &self.path),
        }
    }
}

/// Makes the name of a file durable.
fn keep_name(path: &Path) -> io::Result<()> {
    File::open(directory_of(path))?.sync_all()
}

/// A file that was put in its place.
#[derive(Debug)]
pub struct Placed {
    pub(super) path: PathBuf,
    /// What was there before, under another name, until this is dropped. A program that is
    /// killed leaves it there, because it may be all that somebody has of the codes in it.
    pub(super) before: Option<TempPath>,
    /// As whom it was put there, and is taken away again.
    pub(super) account: Account,
}

impl Placed {
    /// Makes its name durable, or takes the file back.
    pub(super) fn kept(self) -> Result<Self> {
        match keep_name(&self.path) {
            Ok(()) => Ok(self),
            Err(error) => {
                let doing = format!("cannot write {}", self.path.display());
                Err(self.take_back(Error::file(doing, error)))
            }
        }
    }

    /// Takes the file away again after this error, and brings back what was there before; if that
    /// fails too, the error says so. Where it is in doubt which of the two is right, both stay.
    pub fn take_back(self, error: Error) -> Error {
        if error.kind() == Kind::InDoubt {
            return self.keep(error);
        }
        let _acting = self.account.act();
        let is_back = match self.before {
            Some(before) => bring_back(before, &self.path),
            None => remove(&self.path).is_ok(),
        };
        if is_back {
            return error;
        }
        error.also(format!(
            "remove {}, which could not be taken back",
            self.path.display()
        ))
    }

    fn keep(self, error: Error) -> Error {
        let path = self.path.display();
        match self.before.map(TempPath::keep) {
            None => error.also(format!("keep {path} until then")),
            // What cannot be kept under its second name could not be removed either.
            Some(kept) => {
                let before = kept.unwrap_or_else(|failed| failed.path.to_path_buf());
                error.also(format!(
                    "keep {path} until then, and {}, which was there before",
                    before.display()
                ))
            }
        }
    }
}

/// Gives a file a second name beside it; it keeps the first where the file system lets it.
fn set_aside(path: &Path) -> io::Result<TempPath> {
    let name = path.file_name().unwrap_or_default();
    let mut prefix = name.to_owned();
    prefix.push(".before-");
    let aside = tempfile::Builder::new()
        .prefix(&prefix)
        .make_in(directory_of(path), |aside| {
            match fs::hard_link(path, aside) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    rename_if_free(path, aside)
                }
                linked => linked,
            }
        })?;
    Ok(aside.into_temp_path())
}

/// Says whether it succeeded; otherwise the file keeps its second name.
fn bring_back(before: TempPath, path: &Path) -> bool {
    let is_back = fs::rename(&before, path).is_ok();
    if !is_back {
        let _ = before.keep();
    }
    is_back
}

/// Says what a file cannot be put in the place of.
pub(super) fn require_place(path: &Path) -> Result<()> {
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
    Ok(())
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
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::platform::files::read_private;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn names(place: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(place)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_is_private_and_never_written_over() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("deep/er/keys.toml");
        assert!(write_new(&path, b"one").unwrap());
        assert!(!write_new(&path, b"two").unwrap());
        assert_eq!(**read_private(&path).unwrap().as_ref().unwrap(), "one");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(names(path.parent().unwrap()), ["keys.toml"]);
    }

    /// Both ways in which a file can wait for its name.
    const WAYS: [fn(&Path, u32) -> Option<File>; 2] = [nameless, |_, _| None];

    #[test]
    fn a_file_waits_for_its_name_with_or_without_another() {
        for (way, waits_nameless) in WAYS.into_iter().zip([true, false]) {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("sheet");
            let write =
                |text: &[u8]| Prepared::write_with(&path, text, 0o600, Account::OWN, way).unwrap();
            let read = || fs::read_to_string(&path).unwrap();
            let first = write(b"one");
            assert_eq!(names(place.path()).is_empty(), waits_nameless);
            drop(write(b"none"));
            drop(first.put(false).unwrap().unwrap());
            assert!(write(b"two").put(false).unwrap().is_none());
            assert_eq!((read(), mode(&path)), ("one".to_owned(), 0o600));
            let placed = write(b"two").put(true).unwrap().unwrap();
            assert_eq!(read(), "two");
            assert!(names(place.path())[1].starts_with("sheet.before-"));
            let _ = placed.take_back(Error::new(Kind::Io, "the deed failed"));
            assert_eq!(read(), "one");
            drop(write(b"two").put(true).unwrap());
            assert_eq!(read(), "two");
            write(b"three").replace().unwrap();
            assert_eq!(read(), "three");
            assert_eq!(names(place.path()), ["sheet"]);
        }
    }
}
