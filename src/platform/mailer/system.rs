//! Sends letters by the way the settings name.

use super::failure::Failure;
use super::message::{Envelope, seal};
use super::settings::MailSettings;
use super::smtp;
use crate::error::{Error, Kind};
use crate::model::mail::Backend;
use crate::model::user::is_invisible;
use crate::platform::files;
use crate::platform::terminal::Terminal;

/// Sends letters.
pub trait Mailer: Send {
    /// Sends one letter; returns when the other side has taken responsibility for it.
    ///
    /// # Errors
    /// A [`Failure`] that knows whether trying again can help.
    fn send(
        &mut self,
        settings: &MailSettings,
        letter: &Envelope,
        terminal: &mut dyn Terminal,
    ) -> Result<(), Failure>;

    /// Goes as far as one can without sending anything: connects, encrypts, logs in.
    ///
    /// # Errors
    /// A [`Failure`], as sending would meet it.
    fn probe(&mut self, settings: &MailSettings) -> Result<(), Failure>;
}

/// The real one.
#[derive(Debug, Default)]
pub struct SystemMailer;

impl Mailer for SystemMailer {
    fn send(
        &mut self,
        settings: &MailSettings,
        letter: &Envelope,
        terminal: &mut dyn Terminal,
    ) -> Result<(), Failure> {
        match settings.backend {
            Backend::None => Err(switched_off()),
            Backend::Smtp => smtp::deliver(settings, seal(letter)?),
            Backend::File => keep(settings, letter),
            Backend::Console => {
                show(letter, terminal);
                Ok(())
            }
        }
    }

    fn probe(&mut self, settings: &MailSettings) -> Result<(), Failure> {
        match settings.backend {
            Backend::None | Backend::Console => Ok(()),
            Backend::Smtp => smtp::probe(settings),
            Backend::File => probe_directory(settings),
        }
    }
}

fn switched_off() -> Failure {
    Failure::permanent("mail is switched off").hint("set mail.backend to smtp, file or console")
}

/// Writes the letter into a private file of its own. One that lies there already is the same
/// letter, sent before.
fn keep(settings: &MailSettings, letter: &Envelope) -> Result<(), Failure> {
    let sealed = seal(letter)?;
    let name = format!(
        "{}-{}.eml",
        letter.date.strftime("%Y%m%dT%H%M%SZ"),
        letter.message_id.digits()
    );
    files::write_fitting(&settings.directory.join(name), &sealed.bytes)?;
    Ok(())
}

fn probe_directory(settings: &MailSettings) -> Result<(), Failure> {
    let directory = files::fitting_directory_of(&settings.directory.join("letter"))?.to_owned();
    if files::may_write(&directory) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Permission,
        format!("no mail can be written to {}", directory.display()),
    )
    .hint("have the directory given to the user who runs this program")
    .into())
}

/// Shows the letter on standard error: standard output belongs to what the command answers, and
/// may be one JSON document. Only the plain text, as a person would read it.
fn show(letter: &Envelope, terminal: &mut dyn Terminal) {
    let heading = format!(
        "From: {}\nTo: {}\nSubject: {}\n\n",
        letter.from.address(),
        letter.to.address(),
        letter.subject
    );
    for text in [heading.as_str(), letter.text.as_str(), "\n"] {
        // Nothing in a letter may steer the terminal.
        for piece in text.split_inclusive(|c| c != '\n' && is_invisible(c)) {
            let shown = piece.trim_end_matches(|c| c != '\n' && is_invisible(c));
            terminal.write_error(shown.as_bytes());
        }
    }
}
