//! Where sheets for many users go: a file for each, or one pdf for all to print.

use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::ask::{Issued, Save};
use crate::actions::sheets::sheet;
use crate::error::{Error, Kind, Result};
use crate::model::file_name;
use crate::model::format::Format;
use crate::model::user::UserName;
use crate::platform::files::{self, Prepared};
use crate::render::sheet::{Sheet, bind};
use crate::secret::code::Code;

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
            Self::Each(directory, format) => (directory.clone(), *format),
            Self::Bound(path) => (parts_of(path), Format::Txt),
        };
        let name = format!("{}.{}", file_name::of_user(user), format.word());
        Save {
            path: directory.join(name),
            format,
            replace: true,
        }
    }
}

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
    /// Begins one where sheets are to be bound.
    ///
    /// # Errors
    /// What making the directory says.
    pub fn begin(sheets: &Sheets) -> Result<Option<Self>> {
        let Sheets::Bound(path) = sheets else {
            return Ok(None);
        };
        files::fitting_directory_of(&parts_of(path).join("sheet"))?;
        Ok(Some(Self {
            path: path.clone(),
            sheets: Vec::new(),
            parts: Vec::new(),
        }))
    }

    /// One more, which lies among the parts already.
    ///
    /// # Errors
    /// What is wrong with a catalogue.
    pub fn add(&mut self, workspace: &Workspace, issued: &Issued) -> Result<()> {
        let codes: Vec<Zeroizing<String>> = issued.codes.iter().map(Code::expose).collect();
        let contents = sheet::Contents {
            user: issued.user.as_str(),
            language: issued.language.as_ref(),
            batch: &issued.batch,
            issued_at: workspace.origin.at,
            expires_at: issued.expires_at,
            codes,
        };
        self.sheets
            .push(sheet::fill(&workspace.settings, contents)?);
        let part = Sheets::Bound(self.path.clone()).save(&issued.user).path;
        self.parts.push(part);
        Ok(())
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
