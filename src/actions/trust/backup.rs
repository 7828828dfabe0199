//! Copies the whole store into one file that a restore can begin with.

use std::path::{Path, PathBuf};

use crate::actions::desk::workspace::Workspace;
use crate::actions::trust::verify_audit::{Verdict, verify_audit};
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::platform::files::Draft;
use crate::store::engine::sqlite::duplicate::Duplicate;
use crate::store::engine::sqlite::pragmas;
use crate::store::{letters, sessions, users};

/// What was copied.
#[derive(Debug)]
pub struct Answer {
    /// Where it lies, from the root.
    pub file: PathBuf,
    pub bytes: u64,
    pub users: u64,
    /// Audit entries ever written until then.
    pub audit_entries: i64,
    /// The digest of the last of them in hexadecimal.
    pub head: String,
}

/// Makes a backup. It is looked at as closely as a restore would before it appears at its place,
/// and never takes the place of another file.
///
/// # Errors
/// [`Kind::FileExists`]; [`Kind::DamagedStore`] for a store of which no sound copy can be made,
/// and what the disk says. Then there is no file.
pub fn backup(workspace: &mut Workspace, path: &Path) -> Result<Answer> {
    if path.symlink_metadata().is_ok() {
        return Err(is_there(path));
    }
    let file = std::path::absolute(path)
        .map_err(|error| Error::file(format!("cannot write {}", path.display()), error))?;
    if let Some(directory) = file.parent().filter(|directory| !directory.is_dir()) {
        return Err(Error::new(
            Kind::Io,
            format!("there is no directory {}", directory.display()),
        )
        .hint("make it first, for yourself alone, or name another file"));
    }
    let draft = Draft::beside(path)?;
    let mut copy = Duplicate::make(&mut workspace.store, draft.path(), draft.account())?;
    copy.write(|tx| {
        sessions::delete_all(tx)?;
        letters::delete_all_unsent(tx)
    })?;
    copy.check().map_err(unsound)?;
    let (audit_entries, head) = match verify_audit(copy.read(), &workspace.ring)? {
        Verdict::Holds {
            entries,
            pruned,
            head,
        } => (entries + pruned, head.digest()),
        Verdict::Broken { why, .. } => {
            let why = format!("the audit chain does not hold: {why}");
            return Err(unsound(Error::new(Kind::DamagedStore, why)));
        }
    };
    let answer = Answer {
        bytes: pragmas::file_size(copy.read())?,
        users: users::count(copy.read())?,
        audit_entries,
        head,
        file,
    };
    copy.close()?;
    let mut placed = None;
    let written = workspace.write(|tx| {
        let details = format!("to {}, up to entry {audit_entries}", answer.file.display());
        tx.record(Deed::new(Action::StoreBackedUp).details(details))?;
        // Last, because a file cannot be rolled back.
        placed = draft.put()?;
        match placed {
            Some(_) => Ok(()),
            None => Err(is_there(path)),
        }
    });
    match (written, placed) {
        (Ok(()), _) => Ok(answer),
        (Err(error), Some(placed)) => Err(placed.take_back(error)),
        (Err(error), None) => Err(error),
    }
}

fn is_there(path: &Path) -> Error {
    Error::new(
        Kind::FileExists,
        format!("{} is there already", path.display()),
    )
    .hint("name another file; a backup never takes the place of one, not even with --yes")
}

fn unsound(error: Error) -> Error {
    Error::new(Kind::DamagedStore, "a backup of this store would be worth nothing")
        .because(error)
        .hint("`recovery-codes check` says what is wrong; keep a copy of the file as it is, and restore an earlier backup")
}
