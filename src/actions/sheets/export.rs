//! Exports the codes of a session as a sheet, once per batch.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::actions::desk::find;
use crate::actions::desk::workspace::Workspace;
use crate::actions::sheets::session::{self, Opened};
use crate::actions::sheets::sheet;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::format::Format;
use crate::model::time;
use crate::platform::files::Prepared;
use crate::render::sheet::render;
use crate::store::batches::{self, Batch};
use crate::store::marks;
use crate::store::users::User;

/// What is to be exported, and where to.
#[derive(Debug)]
pub struct Request<'a> {
    pub user: &'a str,
    pub format: Format,
    /// The file; none to hand the bytes over.
    pub path: Option<PathBuf>,
    /// Whether a file that is there may go.
    pub replace: bool,
}

/// The sheet that was exported.
#[derive(Debug)]
pub struct Answer {
    pub user: User,
    pub batch: Batch,
    /// Where no file was asked for.
    pub bytes: Option<Zeroizing<Vec<u8>>>,
}

/// Whose codes would be exported, and of which batch; refuses those that cannot be exported any more,
/// before anybody is asked anything.
///
/// # Errors
/// `unknown_user`, [`Kind::AlreadyExported`], `no_session`.
pub fn require_free(workspace: &Workspace, user: &str) -> Result<(User, Batch)> {
    let opened = open_free(workspace, user)?;
    Ok((opened.user, opened.batch))
}

fn open_free(workspace: &Workspace, user: &str) -> Result<Opened> {
    let found = find::user(workspace.store.read(), user)?;
    let batch = session::newest_live_batch(workspace.store.read(), &found)?;
    refuse_second(&batch)?;
    session::open(workspace, user)
}

/// Exports a sheet. Of two calls at the same moment one gets it: the claim and the file's
/// appearance are one step.
///
/// # Errors
/// `unknown_user`, [`Kind::AlreadyExported`], `no_session`, [`Kind::Forged`], [`Kind::FileExists`], and what
/// writing the file says; then the export is still free.
pub fn export(workspace: &mut Workspace, request: &Request<'_>) -> Result<Answer> {
    let Opened { user, batch, codes } = open_free(workspace, request.user)?;
    let contents = sheet::Contents {
        user: user.name.as_str(),
        language: user.language.as_ref(),
        batch: &batch.name,
        issued_at: batch.created_at,
        expires_at: batch.expires_at,
        codes,
    };
    let sheet = sheet::fill(&workspace.settings, contents)?;
    let bytes = render(&sheet, request.format)?;
    let mut file = match &request.path {
        Some(path) => Some(Prepared::write_fitting(path, &bytes)?),
        None => None,
    };
    let mut placed = None;
    let claimed = workspace.write(|tx| {
        session::require_live(tx, &batch)?;
        tx.require(&user, &batch)?;
        if !marks::claim_export(tx, batch.id, request.format, tx.origin.at)? {
            let now = batches::by_id(tx, batch.id)?.ok_or_else(find::vanished)?;
            refuse_second(&now)?;
            return Err(find::vanished());
        }
        let deed = Deed::new(Action::CodesExported)
            .user(user.id, user.name.as_str())
            .batch(&batch.name)
            .details(request.format.word());
        tx.record(deed)?;
        // Last, because a file cannot be rolled back.
        if let Some(file) = file.take() {
            placed = file.put(request.replace)?;
            if placed.is_none() {
                return Err(
                    Error::new(Kind::FileExists, "the file is there already").hint(
                        "nothing was changed; name another with --output, or give --yes to replace it",
                    ),
                );
            }
        }
        Ok(())
    });
    if let Err(error) = claimed {
        return Err(match placed {
            Some(placed) => placed.take_back(error),
            None => error,
        });
    }
    Ok(Answer {
        user,
        batch,
        bytes: request.path.is_none().then_some(bytes),
    })
}

/// Gives the export back of a sheet that could not be handed over.
pub fn release(workspace: &mut Workspace, answer: &Answer) -> Result<()> {
    let Answer { user, batch, .. } = answer;
    workspace.write(|tx| {
        marks::release_export(tx, batch.id, tx.origin.at)?;
        let deed = Deed::new(Action::ExportReleased)
            .user(user.id, user.name.as_str())
            .batch(&batch.name)
            .details("the sheet could not be handed over");
        tx.record(deed)
    })
}

fn refuse_second(batch: &Batch) -> Result<()> {
    match batch.exported_at {
        None => Ok(()),
        Some(at) => Err(Error::new(
            Kind::AlreadyExported,
            format!(
                "batch {} was exported on {}",
                batch.name.short(),
                time::readable(at)
            ),
        )
        .hint("a batch is exported once; generate a new one if the sheet is lost")),
    }
}
