//! Where sheets for many users go: a file for each, or one pdf for all to print.

use std::fs;
use std::path::{Path, PathBuf};

use crate::actions::issuing::ask::Save;
use crate::error::{Error, Kind, Result};
use crate::model::file_name;
use crate::model::format::Format;
use crate::model::user::UserName;
use crate::platform::files::{self, Prepared};
use crate::render::sheet::{Sheet, bind};

/// Where the sheets go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sheets {
    /// One for each user into this directory; sheets of the same names are replaced.
    Each(PathBuf, Format),
    /// All into this pdf, each on pages of its own. It must not be there yet: it may be all that
    /// somebody has of the codes in it.
    Bound(PathBuf),
}

impl Sheets {
    /// What is named on the command line.
    pub fn path(&self) -> &Path {
        match self {
            Self::Each(path, _) | Self::Bound(path) => path,
        }
    }

    /// Sees that they can be written there.
    ///
    /// # Errors
    /// [`Kind::FileExists`], and what making the directory says.
    pub(in crate::actions) fn require_place(&self) -> Result<()> {
        let path = match self {
            Self::Each(directory, _) => {
                return files::fitting_directory_of(&directory.join("sheet")).map(drop);
            }
            Self::Bound(path) => path,
        };
        if path.symlink_metadata().is_ok() {
            return Err(Error::new(
                Kind::FileExists,
                format!("{} is there already", path.display()),
            )
            .hint("name another file; the codes in this one may still work"));
        }
        let parts = parts_of(path);
        if fs::read_dir(&parts).is_ok_and(|mut found| found.next().is_some()) {
            return Err(Error::new(
                Kind::FileExists,
                format!("{} holds sheets of a run that was killed", parts.display()),
            )
            .hint("hand them out and remove the directory, or name another file"));
        }
        files::fitting_directory_of(path).map(drop)
    }

    /// The file for one user, as the transaction of their codes puts it there.
    pub(in crate::actions) fn save(&self, user: &UserName) -> Save {
        let (directory, format) = match self {
            Self::Each(directory, format) => (directory, *format),
            Self::Bound(path) => (&parts_of(path), PART),
        };
        Save {
            path: file_of(directory, user, format),
            format,
            replace: true,
        }
    }
}

fn file_of(directory: &Path, user: &UserName, format: Format) -> PathBuf {
    directory.join(format!("{}.{}", file_name::of_user(user), format.word()))
}

/// What a sheet is that lies beside the pdf: the quickest to write.
const PART: Format = Format::Txt;

/// Where the sheets lie until the pdf is there, so that a program that is killed loses none.
fn parts_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".parts");
    name.into()
}

/// Sheets on their way into one pdf.
pub(in crate::actions) struct Bundle {
    path: PathBuf,
    sheets: Vec<Sheet>,
    parts: Vec<PathBuf>,
}

impl Bundle {
    /// Begins one that is to lie there.
    ///
    /// # Errors
    /// What making the directory says.
    pub fn begin(path: &Path) -> Result<Self> {
        files::fitting_directory_of(&parts_of(path).join("sheet"))?;
        Ok(Self {
            path: path.to_owned(),
            sheets: Vec::new(),
            parts: Vec::new(),
        })
    }

    /// One more, which lies among the parts already.
    pub fn add(&mut self, user: &UserName, sheet: Sheet) {
        self.sheets.push(sheet);
        self.parts.push(file_of(&parts_of(&self.path), user, PART));
    }

    /// Writes the pdf; only then the parts go.
    ///
    /// # Errors
    /// What laying it out and writing it says, with where the parts are.
    pub fn finish(self) -> Result<()> {
        let directory = parts_of(&self.path);
        if !self.sheets.is_empty() {
            let kept = format!(
                "the sheets are in {}, one for each user",
                directory.display()
            );
            let write = || {
                let bytes = bind(&self.sheets)?;
                match Prepared::write_fitting(&self.path, &bytes)?.put(false)? {
                    Some(_) => Ok(()),
                    None => Err(Error::new(
                        Kind::FileExists,
                        format!("{} appeared meanwhile", self.path.display()),
                    )),
                }
            };
            write().map_err(|error| error.also(kept))?;
        }
        for part in &self.parts {
            files::remove(part)?;
        }
        // Not where somebody put something else there.
        let _ = fs::remove_dir(directory);
        Ok(())
    }
}
