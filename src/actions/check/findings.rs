//! What was found, how much it matters, and what to do about it.

use std::path::Path;

use crate::error::Error;
use crate::model::state::words;
use crate::platform::files;
use crate::platform::pace::Pace;

words! {
    /// How much a finding matters.
    pub enum Level {
        /// All is well.
        Ok = "ok",
        /// Worth knowing.
        Note = "note",
        /// Wrong.
        Wrong = "wrong",
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at, in one word.
    pub about: &'static str,
    pub level: Level,
    /// What was found.
    pub message: String,
    /// What to do, where there is something to do.
    pub remedy: Option<String>,
}

/// How far a look goes.
pub(super) struct Reach<'a, 'b> {
    pub is_deep: bool,
    pub pace: &'a mut Pace<'b>,
    /// Rows that were read so far, of those that take their time.
    pub done: u64,
}

impl Reach<'_, '_> {
    /// Tells of so many more rows of one kind.
    pub fn tell(&self, rows: u64) {
        self.pace.advance(self.done + rows);
    }
}

/// Everything that was looked at.
#[derive(Debug, Default)]
pub struct Findings {
    pub items: Vec<Finding>,
    /// Whether there was no store to look at.
    pub no_store: bool,
}

impl Findings {
    /// Whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        self.items
            .iter()
            .any(|finding| finding.level == Level::Wrong)
    }

    pub(super) fn ok(&mut self, about: &'static str, message: impl Into<String>) {
        self.push(about, Level::Ok, message.into(), None);
    }

    pub(super) fn note(
        &mut self,
        about: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(about, Level::Note, message.into(), Some(remedy.into()));
    }

    pub(super) fn wrong(
        &mut self,
        about: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(about, Level::Wrong, message.into(), Some(remedy.into()));
    }

    pub(super) fn error(&mut self, about: &'static str, error: &Error) {
        let remedy = error.advice().map(str::to_owned);
        self.push(about, Level::Wrong, error.to_string(), remedy);
    }

    fn push(&mut self, about: &'static str, level: Level, message: String, remedy: Option<String>) {
        self.items.push(Finding {
            about,
            level,
            message,
            remedy,
        });
    }
}

/// Looks at who may read a file.
pub(super) fn look_at_exposure(
    findings: &mut Findings,
    about: &'static str,
    path: &Path,
    is_secret: bool,
) {
    match files::exposure(path) {
        Ok(Some(who)) if is_secret => findings.wrong(
            about,
            format!("{} can be read by {who}", path.display()),
            format!("chmod 600 {}", path.display()),
        ),
        Ok(_) => {}
        Err(error) => findings.error(about, &error),
    }
}

/// Looks at whose a file is on which this program relies.
pub(super) fn look_at_owner(findings: &mut Findings, about: &'static str, path: &Path) {
    if files::is_foreign(path) {
        findings.wrong(
            about,
            format!("{} belongs to another user", path.display()),
            format!(
                "have it given to the user who runs this program: chown \"$USER\" {}",
                path.display()
            ),
        );
    }
}
