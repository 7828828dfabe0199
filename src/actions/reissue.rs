//! New codes for everybody whose codes are from before the store was restored.

use std::path::PathBuf;

use crate::actions::deliver::{Ended, Post};
use crate::actions::enqueue;
use crate::actions::generate::{Answer, Request, Save, generate};
use crate::actions::run_tasks::run_one;
use crate::actions::workspace::Workspace;
use crate::error::{Error, Exit, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::file_name;
use crate::model::format::Format;
use crate::model::id::TaskId;
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::platform::files;
use crate::platform::pace::Stop;
use crate::render::words::wait;
use crate::store::users;

/// What everybody gets, and where it goes.
#[derive(Debug)]
pub struct Reissue {
    pub count: u64,
    pub alphabet: Alphabet,
    pub expires_at: Option<Timestamp>,
    /// The directory for one sheet per user; sheets of the same names are replaced.
    pub sheets: Option<(PathBuf, Format)>,
    /// The codes go to each user's address.
    pub email: bool,
}

/// What became of it.
#[derive(Debug, Default)]
pub struct Summary {
    /// Users who have new codes.
    pub issued: u64,
    /// Mails with codes that wait for the worker.
    pub queued: u64,
    /// Users who have none yet, or whose mail did not leave, and why.
    pub failed: Vec<(UserName, Error)>,
    /// Why it ended before everybody's turn had come.
    pub stopped: Option<Error>,
}

/// Whose turn it is: active users whose active batch is from before a restore.
pub fn outdated(workspace: &Workspace) -> Result<Vec<UserName>> {
    users::outdated(workspace.store.read())
}

/// Issues new codes to these users, each in a transaction of their own. Whoever got new codes in
/// the meantime is left alone, so that it can be repeated after it was interrupted. `done` is
/// called after each.
///
/// # Errors
/// [`Kind::Mail`] without a way to send mail, and what making the directory says. What goes
/// wrong later stands in the summary.
pub fn reissue(
    workspace: &mut Workspace,
    post: &mut Post<'_>,
    request: &Reissue,
    names: &[UserName],
    done: &dyn Fn(),
) -> Result<Summary> {
    if request.email {
        enqueue::require_backend(&workspace.settings)?;
    }
    if let Some((directory, _)) = &request.sheets {
        files::private_directory_of(&directory.join("sheet"))?;
    }
    let mut summary = Summary::default();
    let mut sends = workspace.settings.mail.is_sent_now;
    for name in names {
        match one(workspace, request, name) {
            Ok(Some(mail)) => {
                summary.issued += 1;
                for task in mail {
                    send(
                        workspace,
                        post,
                        request,
                        (name, task),
                        &mut sends,
                        &mut summary,
                    );
                }
            }
            Ok(None) => {}
            // What is wrong with the disk or the store is wrong for everybody.
            Err(error) if error.exit() == Exit::Failed => {
                summary.stopped = Some(error);
                break;
            }
            Err(error) => summary.failed.push((name.clone(), error)),
        }
        done();
    }
    Ok(summary)
}

/// The mail that goes along; none for a user who needs no new codes any more.
fn one(
    workspace: &mut Workspace,
    request: &Reissue,
    name: &UserName,
) -> Result<Option<Vec<TaskId>>> {
    let save = request.sheets.as_ref().map(|(directory, format)| Save {
        path: directory.join(format!("{}.{}", file_name::of_user(name), format.word())),
        format: *format,
        replace: true,
    });
    let request = Request {
        user: name.as_str(),
        count: request.count,
        alphabet: request.alphabet,
        expires_at: request.expires_at,
        create_user: false,
        pending: false,
        only_outdated: true,
        save,
        email: request.email,
    };
    match generate(workspace, &request) {
        Ok(Answer::Issued(issued)) => Ok(Some(issued.mail)),
        Ok(Answer::Wait(seconds)) => Err(Error::new(
            Kind::Wait,
            format!("new codes were issued a moment ago; wait {}", wait(seconds)),
        )
        .retry_after(seconds)
        .hint("run it again after the wait")),
        Err(error) if error.kind() == Kind::WrongState => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sends one letter. After the first that has to wait, the others wait for the worker too: a
/// mail server that is away would cost its silence once for each.
fn send(
    workspace: &mut Workspace,
    post: &mut Post<'_>,
    request: &Reissue,
    (name, task): (&UserName, TaskId),
    sends: &mut bool,
    summary: &mut Summary,
) {
    if !*sends {
        summary.queued += u64::from(request.email);
        return;
    }
    match run_one(workspace, post, task, &Stop::default()) {
        Ok(Some(Ended::Done(_)) | None) => {}
        Ok(Some(Ended::Later(..))) => {
            *sends = false;
            summary.queued += u64::from(request.email);
        }
        Ok(Some(Ended::Failed(error))) | Err(error) => {
            if request.email {
                summary.failed.push((name.clone(), error));
            }
        }
    }
}
