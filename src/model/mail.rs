//! Mail: how it leaves, what it is about, from whom to whom, and the name it is known by.

use super::state::words;
use super::user::{Email, is_invisible, quote};
use crate::error::{Error, Kind, Result};

words! {
    /// How mail leaves (`mail.backend`).
    pub enum Backend {
        None = "none",
        Smtp = "smtp",
        File = "file",
        Console = "console",
    }
}

words! {
    /// How the connection to the mail server is protected (`mail.security`).
    pub enum Security {
        /// Encrypted after the greeting, or not used at all.
        Starttls = "starttls",
        /// Encrypted from the first byte.
        Tls = "tls",
        None = "none",
    }
}

words! {
    /// What a letter is about.
    pub enum LetterKind {
        /// The codes themselves.
        Codes = "codes",
        /// New codes were generated.
        Generated = "generated",
        /// One code was made beside the sheet.
        Temporary = "temporary",
        /// A code was used.
        Used = "used",
        /// Few codes are left.
        Low = "low",
        /// The user's codes are locked.
        Locked = "locked",
        /// Codes that were never confirmed, or are few, may have been forgotten.
        Reminder = "reminder",
        /// What a purge removed.
        Report = "report",
        /// The store was changed by somebody without the key.
        Forged = "forged",
    }
}

impl LetterKind {
    /// The kind by which `mail.notify` selects notices of this one.
    pub fn selected_as(self) -> Self {
        match self {
            Self::Temporary => Self::Generated,
            other => other,
        }
    }
}

/// An address with the name shown beside it (RFC 5322 section 3.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    name: Option<String>,
    address: Email,
}

impl Mailbox {
    /// An address without a name.
    pub fn new(address: Email) -> Self {
        Self {
            name: None,
            address,
        }
    }

    /// Reads `alice@example.org` or `Alice <alice@example.org>`.
    ///
    /// # Errors
    /// [`Kind::MalformedEmail`] when it is neither.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let Some((name, rest)) = text.rsplit_once('<') else {
            return Email::parse(text).map(Self::new);
        };
        let address = rest.strip_suffix('>').ok_or_else(|| {
            Error::new(
                Kind::MalformedEmail,
                format!("{} is not a sender or recipient", quote(text)),
            )
            .hint("write it like alice@example.org or Alice <alice@example.org>")
        })?;
        let name = name.trim();
        let name = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .unwrap_or(name);
        Email::parse(address).map(|address| Self::new(address).or_named(name))
    }

    /// The same with this name, if it has none. What cannot be seen in the name becomes space,
    /// so that no name can begin a line of its own in a header.
    pub fn or_named(mut self, name: &str) -> Self {
        let name = one_line(name);
        if self.name.is_none() && !name.is_empty() {
            self.name = Some(name);
        }
        self
    }

    /// The name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The address.
    pub fn address(&self) -> &str {
        self.address.as_str()
    }
}

/// The name a message is known by everywhere, `<digits>@<domain>` (RFC 5322 section 3.6.4). A
/// message that is sent once more keeps it, so that receivers can tell that they have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageId(String);

impl MessageId {
    /// A name from random bytes and the sender's domain.
    pub fn new(random: [u8; 16], sender: &Mailbox) -> Self {
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let domain = match sender.address().rsplit_once('@') {
            Some((_, domain)) if domain.is_ascii() => domain,
            // A domain in other letters may not stand here; `.invalid` is nobody's (RFC 2606).
            _ => "recovery-codes.invalid",
        };
        Self(format!("{digits}@{domain}"))
    }

    /// A name as it came out of the store.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The name without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its random part.
    pub fn digits(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

/// Text that fits on one line: everything invisible and every run of spaces becomes one space.
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || is_invisible(c))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_read_with_and_without_a_name() {
        for (text, name, address) in [
            ("a@example.org", None, "a@example.org"),
            ("<a@example.org>", None, "a@example.org"),
            ("Anna <a@example.org>", Some("Anna"), "a@example.org"),
            (
                "\"Codes, Inc.\" <a@example.org>",
                Some("Codes, Inc."),
                "a@example.org",
            ),
        ] {
            let mailbox = Mailbox::parse(text).unwrap();
            assert_eq!((mailbox.name(), mailbox.address()), (name, address));
        }
        for text in ["", "Anna", "Anna <a@example.org", "Anna <a>", "a@b, c@d"] {
            assert!(Mailbox::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_given_name_wins_and_no_name_has_two_lines() {
        let named = Mailbox::parse("Anna <a@example.org>").unwrap();
        assert_eq!(named.or_named("Site").name(), Some("Anna"));
        let bare = Mailbox::parse("a@example.org").unwrap();
        assert_eq!(
            bare.clone().or_named("Site\r\nBcc: x@y").name(),
            Some("Site Bcc: x@y")
        );
        assert_eq!(bare.or_named(" \u{200b}").name(), None);
    }

    #[test]
    fn a_message_is_known_by_random_digits_at_the_senders_domain() {
        let sender = Mailbox::parse("codes@example.org").unwrap();
        let id = MessageId::new([0xab; 16], &sender);
        assert_eq!(id.as_str(), format!("{}@example.org", "ab".repeat(16)));
        assert_eq!(id.digits(), "ab".repeat(16));
        let elsewhere = Mailbox::parse("codes@bücher.example").unwrap();
        let id = MessageId::new([1; 16], &elsewhere);
        assert!(id.as_str().ends_with("@recovery-codes.invalid"));
    }
}
