//! Sends one letter of the queue and notes what became of it.

use crate::actions::desk::find::vanished;
use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::envelope::{follow_the_user, mail_settings, write};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::TaskId;
use crate::model::mail::LetterKind;
use crate::model::task::{TaskState, retry_wait};
use crate::model::time::{self, Timestamp};
use crate::platform::mailer::{Failure, Mailer};
use crate::platform::pace::Deadline;
use crate::platform::terminal::Terminal;
use crate::store::letters::{self, LetterRow};
use crate::store::mail_log::{self, Mailed};
use crate::store::tasks::{self, Task};
use crate::store::{Transaction, batches, marks, users};

/// By whom mail is sent, and where a console mailer shows it.
pub struct Post<'a> {
    pub mailer: &'a mut dyn Mailer,
    /// Mail takes its time: leases and waits begin when they begin, not with the command.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    pub terminal: &'a mut dyn Terminal,
    /// Until when a letter may be waited for, where somebody waits who did not ask for it.
    pub deadline: Option<Deadline>,
    /// Whether the last letter found no mail server to take it, so that the next will not either.
    pub is_away: bool,
}

/// What became of one task.
#[derive(Debug)]
pub enum Ended {
    /// This letter about it waits to be sent, if there is one.
    Done(Option<TaskId>),
    /// It is tried again at this moment.
    Later(Timestamp, Error),
    /// It is not tried again by itself.
    Failed(Error),
}

/// Sends the letter of a task that was taken under a lease.
pub(in crate::actions) fn deliver(
    workspace: &mut Workspace,
    post: &mut Post<'_>,
    task: &Task,
) -> Result<Ended> {
    let Some(mut row) = letters::of_task(workspace.store.read(), task.id)? else {
        return withdrawn(workspace, task);
    };
    let sent = follow_the_user(workspace, &mut row)
        .and_then(|batch| write(workspace, &row, batch.as_ref()))
        .map_err(Failure::from)
        .and_then(|envelope| {
            let mut settings = mail_settings(&workspace.settings, &workspace.keys.0)?;
            settings.limit = post.deadline.map(|deadline| deadline.left());
            post.mailer.send(&settings, &envelope, post.terminal)
        });
    // Not read anew from the store: an error now would lose the note that a letter has left.
    workspace.go_on((post.clock)());
    post.is_away =
        matches!(&sent, Err(failure) if failure.is_of_the_server() && failure.is_temporary());
    let ended = match sent {
        Ok(()) => Ended::Done(None),
        Err(failure) if failure.is_cut_short() => {
            return put_back(workspace, &row, task, failure.into());
        }
        Err(failure) => after_failure(
            &workspace.settings,
            &row,
            task,
            failure,
            workspace.origin.at,
        ),
    };
    if let Ended::Later(_, error) | Ended::Failed(error) = &ended {
        tracing::warn!(
            task = task.id.0,
            kind = row.kind.word(),
            "mail was not sent: {error}"
        );
    }
    note(workspace, &row, task, &ended)?;
    Ok(ended)
}

/// There was no time to wait for the mail server. A worker has it, so this was no try.
fn put_back(
    workspace: &mut Workspace,
    row: &LetterRow,
    task: &Task,
    error: Error,
) -> Result<Ended> {
    let (now, outcome) = (workspace.origin.at, error.to_string());
    tracing::warn!(
        task = task.id.0,
        kind = row.kind.word(),
        "mail was left in the queue: {error}"
    );
    workspace
        .store
        .write(|tx| tasks::put_back(tx, task, now, &outcome))?;
    Ok(Ended::Later(now, error))
}

/// A user was removed while their letter was taken: there is nothing to send any more.
fn withdrawn(workspace: &mut Workspace, task: &Task) -> Result<Ended> {
    let error = Error::new(Kind::WrongState, "the letter is gone, with its user")
        .hint("nothing is left to do");
    let (outcome, now) = (error.to_string(), workspace.origin.at);
    workspace
        .store
        .write(|tx| tasks::end(tx, task, TaskState::Failed, task.due_at, &outcome, now))?;
    Ok(Ended::Failed(error))
}

/// Whether trying again is safe and can help. The codes are never sent a second time without
/// somebody saying so: a mail server that fell silent after it had the letter may have taken it.
fn after_failure(
    settings: &Settings,
    row: &LetterRow,
    task: &Task,
    failure: Failure,
    now: Timestamp,
) -> Ended {
    let is_in_doubt = failure.may_have_arrived() && row.kind == LetterKind::Codes;
    let can_help = failure.is_temporary();
    let error = Error::from(failure);
    if is_in_doubt {
        let message = format!("{error}; it may have arrived all the same");
        let advice = "ask whether it did before it is sent again";
        return Ended::Failed(retry_advised(
            Error::new(Kind::Mail, message).hint(advice),
            task,
        ));
    }
    if !can_help || task.tries >= settings.task.max_tries {
        return Ended::Failed(match error.kind() {
            Kind::WrongState => error,
            _ => retry_advised(error, task),
        });
    }
    let at = time::after_seconds(now, retry_wait(settings.task.retry_after, task.tries));
    Ended::Later(
        at,
        error.also(format!(
            "the mail stays queued as task {}; `recovery-codes worker --once` tries again after {}",
            task.id.0,
            time::readable(at)
        )),
    )
}

/// Says how a failed letter is sent after all.
pub(in crate::actions) fn retry_advised(error: Error, task: &Task) -> Error {
    error.also(format!(
        "`recovery-codes task retry {}` sends it again",
        task.id.0
    ))
}

/// Notes the end of a try, and with a success everything that follows from it, in one step.
fn note(workspace: &mut Workspace, row: &LetterRow, task: &Task, ended: &Ended) -> Result<()> {
    let now = workspace.origin.at;
    workspace.write(|tx| {
        let is_ours = match ended {
            Ended::Done(_) => {
                tasks::finish(tx, task.id, "sent", now)?;
                true
            }
            Ended::Later(at, error) => {
                tasks::end(tx, task, TaskState::Queued, *at, &error.to_string(), now)?
            }
            Ended::Failed(error) => {
                let outcome = error.to_string();
                tasks::end(tx, task, TaskState::Failed, task.due_at, &outcome, now)?
            }
        };
        if !is_ours {
            tracing::warn!(
                task = task.id.0,
                "the lease was over before the server answered"
            );
        }
        if tx.settings.mail.log {
            let outcome = match ended {
                Ended::Done(_) => "sent",
                Ended::Later(..) => "retry",
                Ended::Failed(_) => "failed",
            };
            log(tx, row, outcome, now)?;
        }
        if !matches!(ended, Ended::Done(_)) {
            return Ok(());
        }
        letters::empty(tx, task.id)?;
        if let Some(batch) = row
            .batch_id
            .map(|id| batches::by_id(tx, id))
            .transpose()?
            .flatten()
        {
            marks::set_emailed(tx, batch.id, now)?;
            let user = users::by_id(tx, batch.user_id)?.ok_or_else(vanished)?;
            let deed = Deed::new(Action::CodesEmailed)
                .user(user.id, user.name.as_str())
                .batch(&batch.name)
                .details(format!("to {}", mask(&row.recipient)));
            tx.record(deed)?;
        }
        tasks::forget_finished(tx, tx.settings.task.keep)
    })
}

/// One line in the mail log.
pub(in crate::actions) fn log(
    tx: &Transaction<'_>,
    row: &LetterRow,
    outcome: &str,
    now: Timestamp,
) -> Result<()> {
    let mailed = Mailed {
        at: now,
        kind: row.kind.word().to_owned(),
        recipient: mask(&row.recipient),
        outcome: outcome.to_owned(),
    };
    mail_log::insert(tx, &mailed)
}

/// An address of which only the first letter and the domain are shown.
pub fn mask(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}...@{domain}")
        }
        None => "...".to_owned(),
    }
}
