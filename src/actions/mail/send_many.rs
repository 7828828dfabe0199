//! What becomes of a deed for many users, each of whom is told by mail.

use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::deliver::{Ended, Post};
use crate::actions::work::run_tasks::run_one;
use crate::error::Error;
use crate::model::id::TaskId;
use crate::model::user::UserName;
use crate::platform::signals::Stop;

/// What became of it.
#[derive(Debug, Default)]
pub struct Summary {
    /// Users for whom it was done.
    pub done: u64,
    /// Users who meanwhile need it no more.
    pub passed: u64,
    /// Mails that were asked for and wait for the worker.
    pub queued: u64,
    /// Users for whom it was not done, or whose mail did not leave, and why.
    pub failed: Vec<(UserName, Error)>,
    /// Why it ended before everybody's turn had come, or before what is for all of them was written.
    pub stopped: Option<Error>,
    /// Whether the sheets still lie one by one, because the file for all could not be written.
    pub is_unbound: bool,
    /// Whether the next letter is tried at once.
    sends: bool,
    /// Whether the mail is what was asked for, and not told beside it.
    is_asked_for: bool,
}

impl Summary {
    /// Nothing has become of it yet.
    pub(in crate::actions) fn new(workspace: &Workspace, is_asked_for: bool) -> Self {
        Self {
            sends: workspace.settings.mail.is_sent_now(),
            is_asked_for,
            ..Self::default()
        }
    }

    /// Sends one letter. After the first that has to wait, the others wait for the worker too: a
    /// mail server that is away would cost its silence once for each.
    pub(in crate::actions) fn send(
        &mut self,
        workspace: &mut Workspace,
        post: &mut Post<'_>,
        (name, task): (&UserName, TaskId),
    ) {
        if !self.sends {
            self.queued += u64::from(self.is_asked_for);
            return;
        }
        match run_one(workspace, post, task, &Stop::default()) {
            Ok(Some(Ended::Done(_)) | None) => {}
            Ok(Some(Ended::Later(..))) => {
                self.sends = false;
                self.queued += u64::from(self.is_asked_for);
            }
            Ok(Some(Ended::Failed(error))) | Err(error) => {
                if self.is_asked_for {
                    self.failed.push((name.clone(), error));
                }
            }
        }
    }
}
