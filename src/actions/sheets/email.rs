//! Mails the codes of a session to their user, once per batch.

use crate::actions::desk::find;
use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::enqueue;
use crate::actions::sheets::session::{self, Opened};
use crate::error::{Error, Kind, Result};
use crate::model::id::{BatchName, TaskId};
use crate::model::time;
use crate::model::user::{Email, UserName};
use crate::store::batches::Batch;
use crate::store::{Connection, letters, users};

/// The mail that waits to be sent.
#[derive(Debug)]
pub struct Answer {
    pub user: UserName,
    pub email: Email,
    pub batch: BatchName,
    pub task: TaskId,
}

/// Queues the codes of a user's newest live batch. That they were queued is the claim: no
/// second letter with them can ever be.
///
/// # Errors
/// `unknown_user`, `no_email`, `mail`, [`Kind::AlreadyEmailed`], `no_session`, [`Kind::Forged`].
pub fn email(workspace: &mut Workspace, user: &str) -> Result<Answer> {
    enqueue::require_backend(&workspace.settings)?;
    let found = find::user(workspace.store.read(), user)?;
    enqueue::address(&found)?;
    let batch = session::newest_live_batch(workspace.store.read(), &found)?;
    refuse_second(workspace.store.read(), &batch)?;
    let Opened { user, batch, codes } = session::open(workspace, user)?;
    let (to, task) = workspace.write(|tx| {
        refuse_second(tx, &batch)?;
        session::require_live(tx, &batch)?;
        // The address that counts is the one that is proven.
        let user = users::by_id(tx, user.id)?.ok_or_else(find::vanished)?;
        tx.require(&user, &batch)?;
        let to = enqueue::address(&user)?.clone();
        let task = enqueue::codes(
            tx,
            &user,
            &to,
            (batch.id, &batch.name),
            batch.expires_at,
            &codes,
        )?;
        Ok((to, task))
    })?;
    Ok(Answer {
        user: user.name,
        email: to,
        batch: batch.name,
        task,
    })
}

fn refuse_second(connection: &Connection, batch: &Batch) -> Result<()> {
    let refuse =
        |message: String, hint: String| Err(Error::new(Kind::AlreadyEmailed, message).hint(hint));
    if let Some(at) = batch.emailed_at {
        return refuse(
            format!(
                "batch {} was mailed on {}",
                batch.name.short(),
                time::readable(at)
            ),
            "a batch is mailed once; generate a new one if the mail is lost".into(),
        );
    }
    match letters::task_of_batch(connection, batch.id)? {
        None => Ok(()),
        Some(task) => refuse(
            format!(
                "batch {} is in the mail queue as task {}",
                batch.name.short(),
                task.0
            ),
            format!(
                "`recovery-codes task show {0}` says how it stands, `task retry {0}` tries again",
                task.0
            ),
        ),
    }
}
