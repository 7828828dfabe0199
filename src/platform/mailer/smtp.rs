//! The conversation with a mail server (RFC 5321).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;

use super::explain::{Step, explain, is_timeout};
use super::failure::Failure;
use super::message::Sealed;
use super::settings::MailSettings;
use super::tls;
use crate::model::mail::Security;

/// Long enough to find what has arrived already, too short to wait for anything.
const MOMENT: Duration = Duration::from_millis(1);

/// The longest wait for the answer to a good-bye.
const GOODBYE: Duration = Duration::from_secs(1);

/// Hands a letter over.
pub(super) fn deliver(settings: &MailSettings, sealed: Sealed) -> Result<(), Failure> {
    within_the_deadline(settings, move |conversation| conversation.deliver(&sealed))
}

/// Goes as far as one can without a letter.
pub(super) fn probe(settings: &MailSettings) -> Result<(), Failure> {
    within_the_deadline(settings, |conversation| {
        let answer = conversation.connection.command(Noop);
        conversation.expect(Step::Test, answer, &[250]).map(drop)
    })
}

/// Has the conversation on a thread of its own: looking up a name has no timeout, and a server
/// that sends one letter at a time never meets one.
fn within_the_deadline(
    settings: &MailSettings,
    deed: impl FnOnce(&mut Conversation) -> Result<(), Failure> + Send + 'static,
) -> Result<(), Failure> {
    let handed_over = Arc::new(AtomicBool::new(false));
    let (answer, answers) = mpsc::channel();
    let its_settings = settings.clone();
    let its_handed_over = Arc::clone(&handed_over);
    thread::Builder::new()
        .name("mail".into())
        .spawn(move || {
            let result = Conversation::open(its_settings, its_handed_over)
                .map_err(Failure::of_the_server)
                .and_then(|mut conversation| conversation.have(deed));
            let _ = answer.send(result);
        })
        .map_err(|error| Failure::temporary(format!("no thread can be started: {error}")))?;
    match answers.recv_timeout(settings.deadline()) {
        Ok(result) => result,
        Err(RecvTimeoutError::Disconnected) => {
            Err(Failure::temporary("the conversation broke off"))
        }
        Err(RecvTimeoutError::Timeout) => {
            let failure = Failure::temporary(format!(
                "the conversation with the mail server {} came to no end",
                settings.server()
            ));
            Err(
                match (handed_over.load(Ordering::SeqCst), settings.is_hurried()) {
                    (true, _) => failure.after_the_letter(),
                    (false, false) => failure.of_the_server(),
                    (false, true) => failure.of_the_server().cut_short(),
                },
            )
        }
    }
}

/// A connection on which letters can be handed over.
struct Conversation {
    connection: SmtpConnection,
    settings: MailSettings,
    handed_over: Arc<AtomicBool>,
}

impl Conversation {
    /// Connects, encrypts and logs in, as far as the settings ask for it.
    fn open(settings: MailSettings, handed_over: Arc<AtomicBool>) -> Result<Self, Failure> {
        require_private_login(&settings)?;
        let parameters = match settings.security {
            Security::None => None,
            Security::Starttls | Security::Tls => Some(tls::parameters(&settings)?),
        };
        let name = ClientId::default();
        let connection = SmtpConnection::connect(
            (settings.host.as_str(), settings.port),
            Some(settings.timeout),
            &name,
            parameters
                .as_ref()
                .filter(|_| settings.security == Security::Tls),
            None,
        )
        .map_err(|error| explain(&settings, Step::Greeting, &error))?;
        let mut conversation = Self {
            connection,
            settings,
            handed_over,
        };
        if let Some(parameters) = parameters
            && conversation.settings.security == Security::Starttls
        {
            if !conversation.connection.can_starttls() {
                conversation.connection.abort();
                return Err(conversation.not_encrypted());
            }
            let answer = conversation.connection.starttls(&parameters, &name);
            conversation.explained(Step::Encryption, answer)?;
            conversation.require_silence()?;
        }
        conversation.log_in()?;
        Ok(conversation)
    }

    /// Does the deed and says good-bye; that the server may not answer that changes nothing.
    fn have(&mut self, deed: impl FnOnce(&mut Self) -> Result<(), Failure>) -> Result<(), Failure> {
        let result = deed(self);
        let patience = self.settings.timeout.min(GOODBYE);
        let _ = self.connection.set_timeout(Some(patience));
        self.connection.abort();
        result
    }

    fn deliver(&mut self, sealed: &Sealed) -> Result<(), Failure> {
        let route = &sealed.route;
        let mut parameters = Vec::new();
        // Only an address can be outside ASCII: everything else is encoded.
        if !sealed.bytes.is_ascii() {
            self.require_other_letters()?;
            parameters.push(MailParameter::SmtpUtfEight);
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let answer = self
            .connection
            .command(Mail::new(route.from().cloned(), parameters));
        self.expect(Step::Sender, answer, &[250])?;
        for recipient in route.to() {
            let answer = self
                .connection
                .command(Rcpt::new(recipient.clone(), Vec::new()));
            self.expect(Step::Recipient, answer, &[250, 251])?;
        }
        let answer = self.connection.command(Data);
        self.expect(Step::Beginning, answer, &[354])?;
        let _ = self.connection.set_timeout(Some(self.settings.patience()));
        self.handed_over.store(true, Ordering::SeqCst);
        let answer = self.connection.message(&sealed.bytes);
        let was_answered = match &answer {
            Ok(_) => true,
            Err(error) => error.status().is_some(),
        };
        self.expect(Step::Letter, answer, &[250])
            .map(drop)
            .map_err(|failure| match was_answered {
                true => failure,
                false => failure.after_the_letter(),
            })
    }

    fn log_in(&mut self) -> Result<(), Failure> {
        let (Some(user), Some(password)) = (&self.settings.user, &self.settings.password) else {
            return Ok(());
        };
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        let known = self.connection.server_info();
        if known.get_auth_mechanism(&mechanisms).is_none() {
            return Err(Failure::permanent(format!(
                "the mail server {} offers no login by password",
                self.settings.server()
            ))
            .hint(
                "take mail.user out of the settings, or use the port for submission (587 or 465)",
            ));
        }
        let credentials = Credentials::new(user.clone(), password.to_string());
        let answer = self.connection.auth(&mechanisms, &credentials);
        self.expect(Step::Login, answer, &[235])?;
        Ok(())
    }

    /// Nothing may lie in the buffer that came before the encryption: somebody in between could
    /// have put answers there (RFC 3207 section 6). The library does not empty it. A single
    /// answer was taken for the one to the greeting, and is found out because every later answer
    /// then comes one too late and is not the expected one.
    fn require_silence(&mut self) -> Result<(), Failure> {
        let _ = self.connection.set_timeout(Some(MOMENT));
        let is_silent = match self.connection.read_response() {
            Ok(_) => false,
            Err(error) => is_timeout(&error),
        };
        let _ = self.connection.set_timeout(Some(self.settings.timeout));
        if is_silent {
            Ok(())
        } else {
            Err(self.out_of_turn())
        }
    }

    fn require_other_letters(&self) -> Result<(), Failure> {
        let known = self.connection.server_info();
        if known.supports_feature(Extension::SmtpUtfEight) {
            return Ok(());
        }
        Err(Failure::permanent(format!(
            "the mail server {} takes no addresses with letters outside ASCII",
            self.settings.server()
        ))
        .hint("write the address's domain in its xn-- form, or use a server with SMTPUTF8"))
    }

    /// The answer, if it is one of those that may come here.
    fn expect(
        &self,
        step: Step,
        answer: Result<Response, SmtpError>,
        codes: &[u16],
    ) -> Result<Response, Failure> {
        let answer = self.explained(step, answer)?;
        if codes.iter().any(|code| answer.has_code(*code)) {
            Ok(answer)
        } else {
            Err(self.out_of_turn())
        }
    }

    fn explained<T>(&self, step: Step, answer: Result<T, SmtpError>) -> Result<T, Failure> {
        answer.map_err(|error| explain(&self.settings, step, &error))
    }

    fn out_of_turn(&self) -> Failure {
        Failure::temporary(format!(
            "the mail server {} gave an answer that does not belong there",
            self.settings.server()
        ))
        .hint("somebody may sit between this machine and the server; set mail.security to tls")
    }

    fn not_encrypted(&self) -> Failure {
        Failure::temporary(format!(
            "the mail server {} offers no encryption",
            self.settings.server()
        ))
        .hint("nothing was sent; set mail.security to tls (port 465), or to none for a server on this machine")
    }
}

/// A password goes over an encrypted connection or stays on this machine.
fn require_private_login(settings: &MailSettings) -> Result<(), Failure> {
    if settings.user.is_none() || settings.security != Security::None || settings.is_loopback() {
        return Ok(());
    }
    Err(Failure::permanent(format!(
        "the password for the mail server {} would travel unencrypted",
        settings.server()
    ))
    .hint("set mail.security to starttls or tls"))
}
