//! Reminds users of codes that may be forgotten: never confirmed, or nearly used up. A reminder holds
//! no code, and goes to nobody twice within `mail.remind_every`.

use crate::actions::desk::find;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::mail::deliver::Post;
use crate::actions::mail::enqueue;
use crate::actions::mail::send_many::Summary;
use crate::actions::sheets::session;
use crate::error::{Error, Exit, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::TaskId;
use crate::model::state::UserState;
use crate::model::time::{self, Timestamp};
use crate::model::user::{Email, UserName};
use crate::platform::pace::Pace;
use crate::render::quoting::name_in_shell;
use crate::store::users::{Measure, User};
use crate::store::{meta, reminders};

/// The reminder that waits to be sent.
#[derive(Debug)]
pub struct Answer {
    pub user: UserName,
    pub email: Email,
    pub task: TaskId,
}

/// Reminders from before this moment are long ago.
fn since(workspace: &Workspace) -> Timestamp {
    time::before_days(workspace.origin.at, workspace.settings.mail.remind_every)
}

/// Who is to be reminded now, by name.
///
/// # Errors
/// What reading the store says.
pub fn due(workspace: &Workspace, measure: &Measure) -> Result<Vec<UserName>> {
    reminders::due(workspace.store.read(), measure, since(workspace))
}

/// Queues a reminder to one user.
///
/// # Errors
/// `unknown_user`, `user_disabled`, `no_email`, `no_session` without codes, `mail`,
/// [`Kind::WrongState`] where none is needed or one was sent lately, [`Kind::Forged`].
pub fn remind(workspace: &mut Workspace, user: &str) -> Result<Answer> {
    enqueue::require_backend(&workspace.settings)?;
    let since = since(workspace);
    workspace.write(|tx| {
        let user = find::user(tx, user)?;
        remind_in(tx, &user, since)
    })
}

/// Reminds these users one after the other; who meanwhile needs no reminder is passed over.
///
/// # Errors
/// `mail` without a way to send mail. What goes wrong later stands in the summary.
pub fn remind_many(
    workspace: &mut Workspace,
    post: &mut Post<'_>,
    names: &[UserName],
    pace: &mut Pace<'_>,
) -> Result<Summary> {
    enqueue::require_backend(&workspace.settings)?;
    let mut summary = Summary::new(workspace, true);
    pace.begin(names.len() as u64);
    for (done, name) in (1..).zip(names) {
        if pace.is_signalled() {
            summary.stopped = Some(Error::new(Kind::Interrupted, "interrupted"));
            break;
        }
        match remind(workspace, name.as_str()) {
            Ok(answer) => {
                summary.done += 1;
                summary.send(workspace, post, (name, answer.task));
            }
            Err(error) if error.kind() == Kind::WrongState => summary.passed += 1,
            // What is wrong with the disk, the queue or the store is wrong for everybody.
            Err(error) if error.exit() == Exit::Failed && error.kind() != Kind::Forged => {
                summary.stopped = Some(error);
                break;
            }
            Err(error) => summary.failed.push((name.clone(), error)),
        }
        pace.advance(done);
    }
    pace.end();
    Ok(summary)
}

fn remind_in(tx: &Writing<'_>, user: &User, since: Timestamp) -> Result<Answer> {
    let name = user.name.as_str();
    if user.state == UserState::Disabled {
        return Err(
            Error::new(Kind::UserDisabled, format!("{name} is disabled")).hint(format!(
                "a reminder would be of no use; `recovery-codes user enable {}` lets them in again",
                name_in_shell(name)
            )),
        );
    }
    let to = enqueue::address(user)?.clone();
    let batch = session::newest_live_batch(tx, user)?;
    tx.require(user, &batch)?;
    let refuse = |why: String| {
        Err(Error::new(Kind::WrongState, why).hint(format!(
            "nothing was sent; `recovery-codes user show {}` tells how their codes stand",
            name_in_shell(name)
        )))
    };
    let left = batch.working(tx.origin.at, meta::get(tx)?.epoch);
    if left == 0 {
        return refuse(format!("no code of {name} works any more"));
    }
    if batch.confirmed_at.is_some() && left > tx.settings.codes.low {
        return refuse(format!("{name} confirmed their codes, and has enough left"));
    }
    if !reminders::claim(tx, user.id, tx.origin.at, since)? {
        let last = reminders::last(tx, user.id)?.ok_or_else(find::vanished)?;
        return refuse(format!(
            "{name} was reminded on {}, less than {} days ago (mail.remind_every)",
            time::readable(last),
            tx.settings.mail.remind_every
        ));
    }
    let task = enqueue::reminder(tx, user, &to, &batch)?;
    let deed = Deed::new(Action::UserReminded)
        .user(user.id, name)
        .batch(&batch.name)
        .details(format!("{left} left"));
    tx.record(deed)?;
    Ok(Answer {
        user: user.name.clone(),
        email: to,
        task,
    })
}
