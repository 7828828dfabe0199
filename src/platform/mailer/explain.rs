//! What went wrong in a conversation with a mail server, in words, without repeating a secret.

use std::error::Error as StdError;
use std::io;

use lettre::transport::smtp::Error as SmtpError;

use super::failure::Failure;
use super::settings::MailSettings;
use super::tls;
use crate::model::mail::one_line;

/// The most characters of a server's answer that are repeated.
const LONGEST_ANSWER: usize = 200;

/// How far a conversation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Greeting,
    Encryption,
    Login,
    Test,
    Sender,
    Recipient,
    Beginning,
    Letter,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Greeting => "the greeting",
            Self::Encryption => "encryption",
            Self::Login => "the login",
            Self::Test => "a test",
            Self::Sender => "the sender",
            Self::Recipient => "the recipient",
            Self::Beginning => "to take a letter",
            Self::Letter => "the letter",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Login => "look at mail.user and at the password in mail.password_file",
            Self::Sender => "look at mail.from, and whether mail.user may send as it",
            Self::Recipient => "look at the address, and whether the server wants a login",
            _ => "look at the mail server's log",
        }
    }

    /// Whether the server may repeat a secret in its answer.
    fn is_secret(self) -> bool {
        matches!(self, Self::Login | Self::Letter)
    }
}

/// Turns the library's error into ours.
pub(super) fn explain(settings: &MailSettings, step: Step, error: &SmtpError) -> Failure {
    let server = settings.server();
    if let Some(code) = error.status() {
        let said = answer(settings, step, error);
        let message = format!(
            "the mail server {server} refused {} ({code}{said})",
            step.name()
        );
        return match error.is_permanent() {
            true => Failure::permanent(message).hint(step.advice()),
            false => Failure::temporary(message).hint("try again later"),
        };
    }
    if is_timeout(error) {
        return Failure::temporary(format!(
            "the mail server {server} did not answer {} in time",
            step.name()
        ))
        .hint(
            "look at mail.host, mail.port and the firewall; port 465 needs mail.security = \"tls\"",
        );
    }
    if let Some((what, hint)) = tls::explain(error) {
        return Failure::temporary(format!(
            "the mail server {server} cannot be trusted: {what}"
        ))
        .hint(hint);
    }
    match io_error_in(error) {
        Some(cause) if step == Step::Greeting => Failure::temporary(format!(
            "the mail server {server} cannot be reached: {}",
            one_line(&cause.to_string())
        ))
        .hint("look at mail.host and mail.port, and whether the server runs"),
        _ => Failure::temporary(format!(
            "the mail server {server} broke off at {}",
            step.name()
        ))
        .hint("try again later, and look at the mail server's log"),
    }
}

/// What the server said. After a login or a letter only the enhanced status code (RFC 3463) is
/// repeated, because the rest may repeat what was said to the server.
fn answer(settings: &MailSettings, step: Step, error: &SmtpError) -> String {
    let text = match error.source() {
        Some(source) => one_line(&source.to_string()),
        None => return String::new(),
    };
    let holds_the_password = settings
        .password
        .as_ref()
        .is_some_and(|password| !password.is_empty() && text.contains(password.as_str()));
    if step.is_secret() || holds_the_password {
        let first = text.split(' ').next().unwrap_or_default();
        let is_status = first.len() <= 9
            && first.split('.').count() == 3
            && first.chars().all(|c| c.is_ascii_digit() || c == '.');
        return if is_status {
            format!(" {first}")
        } else {
            String::new()
        };
    }
    let mut kept: String = text.chars().take(LONGEST_ANSWER).collect();
    if kept.len() < text.len() {
        kept.push_str("...");
    }
    format!(" {kept}")
}

/// Whether the other side was silent too long, which a socket says in either of two ways.
pub(super) fn is_timeout(error: &SmtpError) -> bool {
    io_error_in(error).is_some_and(|cause| {
        matches!(
            cause.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        )
    })
}

fn io_error_in(error: &SmtpError) -> Option<&io::Error> {
    let mut cause = error.source();
    while let Some(found) = cause {
        if let Some(found) = found.downcast_ref() {
            return Some(found);
        }
        cause = found.source();
    }
    None
}
