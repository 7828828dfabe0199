//! Puts mail into the queue, sealed, in the transaction of the deed it tells of.

use zeroize::Zeroizing;

use crate::actions::desk::key_standing;
use crate::actions::desk::workspace::Writing;
use crate::actions::mail::letter;
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::model::id::{BatchId, BatchName, TaskId};
use crate::model::mail::{Backend, LetterKind, Mailbox, MessageId};
use crate::model::task::{TaskKind, TaskState};
use crate::model::time::Timestamp;
use crate::model::user::Email;
use crate::render::json;
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;
use crate::secret::digest::Digesting;
use crate::secret::random::Random;
use crate::secret::seal;
use crate::store::batches::Batch;
use crate::store::letters::{self, LetterRow};
use crate::store::tasks;
use crate::store::users::User;

/// Refuses mail where none can leave.
pub fn require_backend(settings: &Settings) -> Result<()> {
    if settings.mail.backend == Backend::None {
        return Err(Error::new(Kind::Mail, "mail is not set up").hint(
            "set mail.backend, mail.host and mail.from; see `recovery-codes config template`",
        ));
    }
    Ok(())
}

/// The user's address.
///
/// # Errors
/// [`Kind::NoEmail`].
pub fn address(user: &User) -> Result<&Email> {
    user.email
        .as_ref()
        .ok_or_else(|| no_address(user.name.as_str()))
}

/// The error for a user without an address.
pub(in crate::actions) fn no_address(user: &str) -> Error {
    Error::new(Kind::NoEmail, format!("{user} has no e-mail address")).hint(format!(
        "give them one with `recovery-codes user edit --email ADDR {}`",
        name_in_shell(user)
    ))
}

/// Queues the codes themselves. The store refuses a second letter for one batch.
pub(in crate::actions) fn codes(
    tx: &Writing<'_>,
    user: &User,
    to: &Email,
    (batch, name): (BatchId, &BatchName),
    expires_at: Option<Timestamp>,
    codes: &[Zeroizing<String>],
) -> Result<TaskId> {
    let values = values(tx, user, Some(name))
        .data("expires_at", expires_at)
        .data("codes", codes.to_vec());
    queue(
        tx,
        LetterKind::Codes,
        user.name.as_str(),
        to,
        Some((batch, name)),
        &values,
    )
}

/// Queues a reminder of these codes, which holds none of them.
pub(in crate::actions) fn reminder(
    tx: &Writing<'_>,
    user: &User,
    to: &Email,
    batch: &Batch,
) -> Result<TaskId> {
    let values = values(tx, user, Some(&batch.name))
        .data("issued_at", batch.created_at)
        .data("confirmed", batch.confirmed_at.is_some())
        .data("remaining", batch.remaining());
    queue(
        tx,
        LetterKind::Reminder,
        user.name.as_str(),
        to,
        None,
        &values,
    )
}

/// Queues a notice to a user, if they are to get notices of this kind and have an address.
pub(in crate::actions) fn notice(
    tx: &Writing<'_>,
    user: &User,
    kind: LetterKind,
    batch: Option<&BatchName>,
    fill: impl FnOnce(Record) -> Record,
) -> Result<Option<TaskId>> {
    let mail = &tx.settings.mail;
    let Some(to) = &user.email else {
        return Ok(None);
    };
    if mail.backend == Backend::None || !mail.notify.contains(&kind.selected_as()) {
        return Ok(None);
    }
    if is_full(tx)? {
        tracing::warn!(
            kind = kind.word(),
            user = user.name.as_str(),
            "the queue is full; a notice is dropped"
        );
        return Ok(None);
    }
    let values = fill(values(tx, user, batch));
    queue(tx, kind, user.name.as_str(), to, None, &values).map(Some)
}

/// Queues a letter to the administrator, if somebody is to get such letters; one that finds the
/// queue full is dropped.
pub(in crate::actions) fn report(
    tx: &Writing<'_>,
    kind: LetterKind,
    fill: impl FnOnce(Record) -> Record,
) -> Result<Option<TaskId>> {
    let mail = &tx.settings.mail;
    let Some(to) = mail.report_to.as_deref() else {
        return Ok(None);
    };
    if mail.backend == Backend::None {
        return Ok(None);
    }
    if is_full(tx)? {
        tracing::warn!(kind = kind.word(), "the queue is full; a report is dropped");
        return Ok(None);
    }
    let to = Email::parse(Mailbox::parse(to)?.address())?;
    let name = mail.report_name.as_deref().unwrap_or("administrator");
    let values = fill(Record::new().data("user", name).data("at", tx.origin.at));
    queue(tx, kind, "the administrator", &to, None, &values).map(Some)
}

/// Where what a letter says belongs: codes to their batch, whose user is proven when they leave, and
/// anything else to an address. Moved elsewhere it does not open. A digest, which no text of a row is
/// like.
pub(in crate::actions) fn place(
    message_id: &str,
    kind: LetterKind,
    batch: Option<&BatchName>,
    to: &str,
) -> Vec<u8> {
    let whose = batch.map_or(to, BatchName::as_str);
    Digesting::of("letter")
        .text(message_id)
        .text(kind.word())
        .text(whose)
        .finish()
        .to_vec()
}

fn is_full(tx: &Writing<'_>) -> Result<bool> {
    Ok(tasks::count(tx, TaskState::Queued)? >= tx.settings.task.queue_limit)
}

fn values(tx: &Writing<'_>, user: &User, batch: Option<&BatchName>) -> Record {
    Record::new()
        .data("user", user.name.as_str())
        .data("batch", batch.map(BatchName::short))
        .data("at", tx.origin.at)
        .data("language", user.language.as_ref().map(|tag| tag.as_str()))
}

fn queue(
    tx: &Writing<'_>,
    kind: LetterKind,
    about: &str,
    to: &Email,
    batch: Option<(BatchId, &BatchName)>,
    values: &Record,
) -> Result<TaskId> {
    if is_full(tx)? {
        return Err(Error::new(Kind::Mail, "the mail queue is full")
            .hint("see `recovery-codes task list`; run `recovery-codes worker --once`, or raise task.queue_limit"));
    }
    key_standing::require_unretired(tx, tx.ring.current().id())?;
    let now = tx.origin.at;
    let mut random = Random::from(tx.entropy);
    let sender = letter::sender(tx.settings)?;
    let message_id = MessageId::new(random.bytes(), &sender).as_str().to_owned();
    let text = json::record(values);
    let bound = place(&message_id, kind, batch.map(|(_, name)| name), to.as_str());
    let sealed = seal::seal_mail(&mut random, tx.ring.current(), &bound, text.as_bytes())?;
    random.finish()?;
    let subject = format!("{} for {about}", kind.word());
    let task_id = tasks::insert(tx, TaskKind::Mail, &subject, None, now, now)?;
    letters::insert(
        tx,
        &LetterRow {
            task_id,
            kind,
            recipient: to.as_str().to_owned(),
            batch_id: batch.map(|(id, _)| id),
            message_id,
            is_bound: true,
            key: sealed.key,
            sealed: Some(sealed.bytes),
        },
    )?;
    Ok(task_id)
}
