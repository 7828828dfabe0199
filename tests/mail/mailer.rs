//! Mail: real conversations with a server that behaves well or badly.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;
use std::{fs, io};

use recovery_codes::error::{Exit, Kind, Result};
use recovery_codes::model::mail::{Backend, Mailbox, MessageId, Security};
use recovery_codes::platform::mailer::{Envelope, Failure, MailSettings, Mailer, SystemMailer};
use recovery_codes::platform::terminal::Terminal;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::harness::smtp::{At, Certificate, Encryption, Fault, Manners, Server, base64};

const CODE: &str = "QWERTY-ASDFGH";
const PASSWORD: &str = "correct horse";

/// A server and the settings that fit it.
struct Post {
    server: Server,
    place: TempDir,
    settings: MailSettings,
}

impl Post {
    fn new(manners: Manners) -> Self {
        let place = tempfile::tempdir().unwrap();
        let login = manners.login;
        let security = match manners.encryption {
            Encryption::Starttls => Security::Starttls,
            Encryption::Tls => Security::Tls,
            Encryption::None => Security::None,
        };
        let server = Server::start(manners);
        let authority = place.path().join("authority.pem");
        fs::write(&authority, &server.authority).unwrap();
        let settings = MailSettings {
            backend: Backend::Smtp,
            host: "localhost".into(),
            port: server.address.port(),
            security,
            user: login.map(|(user, _)| user.into()),
            password: login.map(|(_, password)| Zeroizing::new(password.into())),
            ca_file: Some(authority),
            directory: place.path().join("mail"),
            timeout: MailSettings::TIMEOUT,
            limit: None,
        };
        Self {
            server,
            place,
            settings,
        }
    }

    fn with_fault(fault: Fault) -> Self {
        Self::new(Manners {
            fault,
            ..Manners::default()
        })
    }

    fn send(&self) -> Result<(), Failure> {
        SystemMailer.send(&self.settings, &letter(), &mut Shown::default())
    }

    #[track_caller]
    fn fail(&self) -> Failure {
        let failure = self.send().unwrap_err();
        let shown = format!("{failure:?}");
        for secret in [CODE, PASSWORD, &base64(PASSWORD)] {
            assert!(!shown.contains(secret), "{shown}");
        }
        failure
    }
}

fn letter() -> Envelope {
    let from = Mailbox::parse("codes@example.org").unwrap();
    Envelope {
        message_id: MessageId::new([7; 16], &from),
        from: from.or_named("Example"),
        to: Mailbox::parse("alice@example.net").unwrap(),
        subject: "Your account recovery codes".into(),
        text: Zeroizing::new(format!("{CODE}\n.\nGrüße\n")),
        html: Some(Zeroizing::new(format!("<p>{CODE}</p>\n"))),
        date: "2026-11-23T14:05:00Z".parse().unwrap(),
    }
}

/// A terminal that only keeps what is written to it.
#[derive(Default)]
struct Shown {
    out: String,
    err: String,
}

impl Terminal for Shown {
    fn is_interactive(&self) -> bool {
        false
    }

    fn shows_output(&self) -> bool {
        false
    }

    fn width(&self) -> Option<u16> {
        None
    }

    fn confirm(&mut self, question: &str) -> Result<bool> {
        panic!("{question}")
    }

    fn ask_secret(&mut self, prompt: &str) -> Result<Zeroizing<String>> {
        panic!("{prompt}")
    }

    fn read_input(&mut self, _most: usize) -> Result<Zeroizing<Vec<u8>>> {
        panic!("a mailer reads nothing")
    }

    fn write_output(&mut self, text: &[u8]) -> io::Result<()> {
        self.out.push_str(std::str::from_utf8(text).unwrap());
        Ok(())
    }

    fn write_error(&mut self, text: &[u8]) {
        self.err.push_str(std::str::from_utf8(text).unwrap());
    }
}

#[test]
fn a_letter_arrives_whole_by_each_kind_of_connection() {
    for encryption in [Encryption::Starttls, Encryption::Tls, Encryption::None] {
        let post = Post::new(Manners {
            encryption,
            ..Manners::default()
        });
        post.send().unwrap();
        let received = post.server.received();
        assert_eq!(received.len(), 1);
        let letter = &received[0];
        assert_eq!(letter.from, "MAIL FROM:<codes@example.org>");
        assert_eq!(letter.to, ["RCPT TO:<alice@example.net>"]);
        assert_eq!(letter.was_encrypted, encryption != Encryption::None);
        assert!(
            letter
                .text
                .contains("\r\nFrom: Example <codes@example.org>\r\n")
        );
        assert!(letter.text.contains("multipart/alternative"));
        assert!(letter.text.contains(&format!("<p>{CODE}</p>")));
        assert_eq!(post.server.heard().last().unwrap(), "QUIT");
    }
}

#[test]
fn a_login_is_made_by_either_mechanism_and_only_encrypted() {
    for (mechanisms, used) in [("PLAIN LOGIN", "PLAIN"), ("LOGIN", "LOGIN")] {
        let post = Post::new(Manners {
            login: Some(("codes", PASSWORD)),
            mechanisms,
            ..Manners::default()
        });
        post.send().unwrap();
        let received = post.server.received();
        assert_eq!(received[0].login.as_deref(), Some(used));
        assert!(received[0].was_encrypted);
    }
}

#[test]
fn a_wrong_password_is_refused_for_good_and_not_repeated() {
    let mut post = Post::new(Manners {
        login: Some(("codes", "right")),
        ..Manners::default()
    });
    post.settings.password = Some(Zeroizing::new(PASSWORD.into()));
    let failure = post.fail();
    assert!(!failure.is_temporary());
    assert!(
        failure.message().ends_with("refused the login (535 5.7.8)"),
        "{}",
        failure.message()
    );
    assert!(failure.advice().unwrap().contains("mail.password_file"));
    let shown = format!("{failure:?}");
    assert!(!shown.contains(&base64(&format!("\0codes\0{PASSWORD}"))));
}

#[test]
fn a_server_without_a_login_is_not_sent_a_password() {
    for mechanisms in ["CRAM-MD5", ""] {
        let post = Post::new(Manners {
            login: Some(("codes", PASSWORD)),
            mechanisms,
            ..Manners::default()
        });
        let failure = post.fail();
        assert!(failure.message().ends_with("offers no login by password"));
        assert!(!failure.is_temporary());
    }
}

#[test]
fn a_password_does_not_leave_the_machine_unencrypted() {
    let mut post = Post::new(Manners {
        encryption: Encryption::None,
        login: Some(("codes", PASSWORD)),
        ..Manners::default()
    });
    // On this machine it may.
    post.send().unwrap();
    post.settings.host = "mail.example.invalid".into();
    let failure = post.fail();
    assert!(failure.message().ends_with("would travel unencrypted"));
    assert!(!failure.is_temporary());
}

#[test]
fn a_server_without_encryption_gets_nothing() {
    let mut post = Post::new(Manners {
        encryption: Encryption::None,
        ..Manners::default()
    });
    post.settings.security = Security::Starttls;
    let failure = post.fail();
    assert!(failure.message().ends_with("offers no encryption"));
    let heard = post.server.heard();
    assert!(
        heard
            .iter()
            .all(|line| line.starts_with("EHLO") || line == "QUIT")
    );
}

#[test]
fn answers_from_before_the_encryption_are_not_believed() {
    let one = "250 localhost";
    let all = "250 localhost\r\n250 a\r\n250 b\r\n354 c\r\n250 d\r\n221 e";
    for injected in [one, all, "250 localhost\r\n250 a", "250 unfinished "] {
        let post = Post::with_fault(Fault::Injected(injected));
        let failure = post.fail();
        assert!(
            failure.message().ends_with("does not belong there"),
            "{injected:?}: {}",
            failure.message()
        );
        assert!(post.server.received().is_empty());
    }
}

#[test]
fn a_certificate_is_only_trusted_for_its_name_its_time_and_its_authority() {
    for (certificate, why, what_to_do) in [
        (Certificate::ForAnotherName, "for another name", "mail.host"),
        (Certificate::Expired, "has expired", "renewed"),
        (
            Certificate::Good,
            "from an unknown authority",
            "mail.ca_file",
        ),
    ] {
        for encryption in [Encryption::Starttls, Encryption::Tls] {
            let mut post = Post::new(Manners {
                encryption,
                certificate,
                ..Manners::default()
            });
            if certificate == Certificate::Good {
                let other = Server::start(Manners::default());
                let path = post.place.path().join("other.pem");
                fs::write(&path, &other.authority).unwrap();
                post.settings.ca_file = Some(path);
            }
            let failure = post.fail();
            assert!(failure.message().ends_with(why), "{}", failure.message());
            assert!(failure.advice().unwrap().contains(what_to_do));
            assert!(failure.is_temporary());
            assert!(post.server.received().is_empty());
        }
    }
}

#[test]
fn the_authorities_of_the_system_do_not_vouch_for_a_stranger() {
    let mut post = Post::new(Manners::default());
    post.settings.ca_file = None;
    let failure = post.fail();
    assert!(failure.message().ends_with("from an unknown authority"));
}

#[test]
fn an_authority_that_cannot_be_read_is_a_matter_of_the_settings() {
    let mut post = Post::new(Manners::default());
    let path = post.place.path().join("wrong.pem");
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for text in [None, Some("no certificate"), Some(damaged)] {
        if let Some(text) = text {
            fs::write(&path, text).unwrap();
        }
        post.settings.ca_file = Some(path.clone());
        let failure = post.fail();
        assert!(!failure.is_temporary(), "{}", failure.message());
        assert!(
            failure.advice().unwrap().contains("mail.ca_file")
                || failure.message().contains("mail.ca_file")
        );
    }
    assert!(post.server.heard().is_empty());
}

#[test]
fn tls_on_a_port_without_it_says_so() {
    let mut post = Post::new(Manners {
        encryption: Encryption::None,
        ..Manners::default()
    });
    post.settings.security = Security::Tls;
    let failure = post.fail();
    assert!(
        failure
            .message()
            .ends_with("it does not speak TLS on this port"),
        "{}",
        failure.message()
    );
}

#[test]
fn a_permanent_refusal_says_what_the_server_said() {
    let post = Post::with_fault(Fault::Answer(At::Recipient, "550 5.1.1 no such user"));
    let failure = post.fail();
    assert!(!failure.is_temporary());
    assert!(
        failure
            .message()
            .ends_with("refused the recipient (550 5.1.1 no such user)"),
        "{}",
        failure.message()
    );
    assert!(!failure.may_have_arrived());
    let error = recovery_codes::error::Error::from(failure);
    assert_eq!((error.kind(), error.exit()), (Kind::Mail, Exit::Failed));
}

#[test]
fn what_a_server_says_of_the_letter_is_not_repeated() {
    let answer = "554 5.7.1 spam: QWERTY-ASDFGH";
    let failure = Post::with_fault(Fault::Answer(At::End, answer)).fail();
    assert!(
        failure
            .message()
            .ends_with("refused the letter (554 5.7.1)"),
        "{}",
        failure.message()
    );
    assert!(!failure.is_temporary());
    assert!(!failure.may_have_arrived());
}

#[test]
fn nothing_a_server_says_can_steer_a_terminal_or_fill_it() {
    let answer = "550-\u{1b}[2J one\r\n550 \u{202e}two";
    let failure = Post::with_fault(Fault::Answer(At::Recipient, answer)).fail();
    assert!(
        failure.message().ends_with("(550 [2J one two)"),
        "{}",
        failure.message()
    );
    let long: &'static str = "550 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    let failure = Post::with_fault(Fault::Answer(At::Recipient, long)).fail();
    assert!(failure.message().len() < 300);
}

#[test]
fn a_passing_refusal_is_worth_another_try() {
    let post = Post::with_fault(Fault::Answer(At::Recipient, "451 4.3.0 disk full"));
    assert!(post.fail().is_temporary());
    let post = Post::with_fault(Fault::Greylisting);
    assert!(post.fail().is_temporary());
    post.send().unwrap();
    assert_eq!(post.server.received().len(), 1);
}

#[test]
fn a_broken_connection_says_whether_the_letter_may_have_arrived() {
    for (fault, may_have_arrived) in [
        (Fault::HangUp(At::Greeting), false),
        (Fault::HangUp(At::Recipient), false),
        (Fault::HangUp(At::End), true),
    ] {
        let failure = Post::with_fault(fault).fail();
        assert!(failure.is_temporary());
        assert_eq!(failure.may_have_arrived(), may_have_arrived, "{failure:?}");
    }
    // In the middle nobody can know; it is said to be possible.
    let post = Post::with_fault(Fault::HangUp(At::Letter));
    let failure = post.fail();
    assert!(failure.is_temporary() && failure.may_have_arrived());
    assert!(post.server.received().is_empty());
}

#[test]
fn a_silent_server_is_given_up() {
    for (at, may_have_arrived) in [
        (At::Greeting, false),
        (At::Recipient, false),
        (At::End, true),
    ] {
        let mut post = Post::new(Manners {
            encryption: Encryption::None,
            fault: Fault::Silence(at),
            ..Manners::default()
        });
        // The answer to a whole letter is waited for six times as long.
        post.settings.timeout = Duration::from_millis(300);
        let failure = post.fail();
        assert!(failure.is_temporary());
        assert!(
            failure.message().ends_with("in time"),
            "{}",
            failure.message()
        );
        assert_eq!(failure.may_have_arrived(), may_have_arrived);
    }
}

#[test]
fn a_server_that_never_comes_to_an_end_is_given_up() {
    let mut post = Post::new(Manners {
        encryption: Encryption::None,
        fault: Fault::Drip,
        ..Manners::default()
    });
    post.settings.timeout = Duration::from_millis(100);
    let failure = post.fail();
    assert!(failure.is_temporary());
}

#[test]
fn nobody_at_the_port_is_worth_another_try() {
    let mut post = Post::new(Manners::default());
    // A port that was free a moment ago and is closed again.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    post.settings.port = listener.local_addr().unwrap().port();
    drop(listener);
    let failure = post.fail();
    assert!(failure.is_temporary());
    assert!(
        failure.message().contains("cannot be reached"),
        "{}",
        failure.message()
    );
}

#[test]
fn a_probe_goes_as_far_as_the_login_and_sends_nothing() {
    let mut post = Post::new(Manners {
        login: Some(("codes", PASSWORD)),
        ..Manners::default()
    });
    SystemMailer.probe(&post.settings).unwrap();
    assert!(post.server.received().is_empty());
    let heard = post.server.heard();
    assert!(heard.contains(&"NOOP".to_owned()), "{heard:?}");
    post.settings.password = Some(Zeroizing::new("wrong".into()));
    assert!(SystemMailer.probe(&post.settings).is_err());
}

#[test]
fn a_domain_in_other_letters_needs_a_server_that_takes_it() {
    let post = Post::new(Manners::default());
    let mut letter = letter();
    letter.to = Mailbox::parse("alice@bücher.example").unwrap();
    let failure = SystemMailer
        .send(&post.settings, &letter, &mut Shown::default())
        .unwrap_err();
    assert!(!failure.is_temporary());
    assert!(failure.advice().unwrap().contains("xn--"));
}

fn in_directory(place: &TempDir) -> MailSettings {
    MailSettings {
        backend: Backend::File,
        host: String::new(),
        port: 0,
        security: Security::Starttls,
        user: None,
        password: None,
        ca_file: None,
        directory: place.path().join("mail"),
        timeout: MailSettings::TIMEOUT,
        limit: None,
    }
}

fn files_in(directory: &PathBuf) -> Vec<PathBuf> {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn a_letter_in_a_file_is_private_and_written_once() {
    let place = tempfile::tempdir().unwrap();
    let settings = in_directory(&place);
    SystemMailer.probe(&settings).unwrap();
    for _ in 0..2 {
        SystemMailer
            .send(&settings, &letter(), &mut Shown::default())
            .unwrap();
    }
    let files = files_in(&settings.directory);
    assert_eq!(files.len(), 1);
    let name = files[0].file_name().unwrap().to_str().unwrap();
    assert_eq!(name, format!("20261123T140500Z-{}.eml", "07".repeat(16)));
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&files[0]), 0o600);
    assert_eq!(mode(&settings.directory), 0o700);
    let text = fs::read_to_string(&files[0]).unwrap();
    assert!(text.contains("To: alice@example.net\r\n"));
}

#[test]
fn a_letter_on_the_console_goes_to_standard_error() {
    let place = tempfile::tempdir().unwrap();
    let settings = MailSettings {
        backend: Backend::Console,
        ..in_directory(&place)
    };
    let mut letter = letter();
    letter.text = Zeroizing::new(format!("{CODE}\n\u{1b}[2J\u{202e}end\n"));
    let mut shown = Shown::default();
    SystemMailer.send(&settings, &letter, &mut shown).unwrap();
    assert_eq!(shown.out, "");
    assert_eq!(
        shown.err,
        format!(
            "From: codes@example.org\nTo: alice@example.net\nSubject: Your account recovery codes\n\n{CODE}\n[2Jend\n\n"
        )
    );
}

#[test]
fn mail_that_is_switched_off_is_not_sent() {
    let place = tempfile::tempdir().unwrap();
    let settings = MailSettings {
        backend: Backend::None,
        ..in_directory(&place)
    };
    let failure = SystemMailer
        .send(&settings, &letter(), &mut Shown::default())
        .unwrap_err();
    assert!(!failure.is_temporary());
    SystemMailer.probe(&settings).unwrap();
}
