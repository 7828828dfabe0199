//! Turns a row of the queue into a letter that can leave, and says by which way it does.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::actions::desk::find::vanished;
use crate::actions::desk::seals::Seals;
use crate::actions::desk::tree::forged;
use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::enqueue;
use crate::actions::mail::letter;
use crate::config::Settings;
use crate::config::paths::Paths;
use crate::error::{Error, Kind, Result};
use crate::model::id::BatchName;
use crate::model::mail::{LetterKind, Mailbox, MessageId};
use crate::model::user::Email;
use crate::platform::files;
use crate::platform::mailer::{Envelope, MailSettings};
use crate::secret::seal::{self, Sealed};
use crate::store::letters::LetterRow;
use crate::store::{batches, users};

/// Codes go to the address their user has now: the one they were queued for may have been wrong. Says
/// which batch they are of.
///
/// # Errors
/// [`Kind::Forged`] when batch, user or address were changed by somebody without the key.
pub(in crate::actions) fn follow_the_user(
    workspace: &mut Workspace,
    row: &mut LetterRow,
) -> Result<Option<BatchName>> {
    let Some(id) = row.batch_id else {
        return Ok(None);
    };
    let ring = &workspace.ring;
    workspace.store.snapshot(|connection| {
        let Some(batch) = batches::by_id(connection, id)? else {
            return Ok(None);
        };
        let user = users::by_id(connection, batch.user_id)?.ok_or_else(vanished)?;
        Seals::default().require(connection, ring, (&user, &batch))?;
        row.recipient = enqueue::address(&user)?.as_str().to_owned();
        Ok(Some(batch.name))
    })
}

/// Opens the letter and fills in its template.
pub(in crate::actions) fn write(
    workspace: &Workspace,
    row: &LetterRow,
    batch: Option<&BatchName>,
) -> Result<Envelope> {
    let settings = &workspace.settings;
    let sealed = Sealed {
        bytes: row.sealed.clone().ok_or_else(|| {
            Error::new(
                Kind::WrongState,
                "nothing is left to send: the letter has left, or its codes were replaced",
            )
            .hint("generate new codes if they are needed")
        })?,
        key: row.key.clone(),
    };
    // Codes are sent to whom their batch belongs to, and to nobody the row names.
    if row.kind == LetterKind::Codes && (batch.is_none() || !row.is_bound) {
        return Err(forged("the letter").hint("generate new codes if they are needed"));
    }
    let place = match row.is_bound {
        true => enqueue::place(&row.message_id, row.kind, batch, &row.recipient),
        // A notice that an earlier version queued.
        false => row.message_id.clone().into_bytes(),
    };
    let values = seal::open_mail(&workspace.ring, &place, &sealed)?;
    let letter = letter::compose(settings, row.kind, &values)?;
    Ok(Envelope {
        from: letter::sender(settings)?,
        to: Mailbox::new(Email::parse(&row.recipient)?),
        subject: letter.subject,
        text: letter.text,
        html: Some(letter.html),
        message_id: MessageId::from_stored(row.message_id.clone()),
        date: workspace.origin.at,
    })
}

/// How mail leaves, as the settings say; what goes into files lies beside the store, unless they say where.
pub(in crate::actions) fn mail_settings(
    settings: &Settings,
    paths: &Paths,
) -> Result<MailSettings> {
    let mail = &settings.mail;
    let password = match &mail.password_file {
        None => None,
        Some(path) => {
            let text = files::read_private(path)?.ok_or_else(|| {
                Error::new(Kind::Mail, format!("there is no file {}", path.display())).hint(
                    "mail.password_file names a file that holds the password and nothing else",
                )
            })?;
            Some(Zeroizing::new(
                text.trim_end_matches(['\r', '\n']).to_owned(),
            ))
        }
    };
    Ok(MailSettings {
        backend: mail.backend,
        host: mail.host.clone().unwrap_or_default(),
        port: mail.port,
        security: mail.security,
        user: mail.user.clone(),
        password,
        ca_file: mail.ca_file.clone(),
        directory: mail
            .directory
            .clone()
            .unwrap_or_else(|| paths.beside_store("mail")),
        timeout: patience(settings.task.timeout),
        limit: None,
    })
}

/// The wait for each answer. The longest conversation, which takes twelve of them, must end while
/// the task's lease lasts.
fn patience(lease: u64) -> Duration {
    (Duration::from_secs(lease) / 15).min(MailSettings::TIMEOUT)
}
