//! Who may hold codes: user names, e-mail addresses and the actor of an audit entry.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Kind, Result};

/// A user's name: NFC, case-sensitive, 1 to 150 characters, nothing invisible in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserName(String);

/// Characters a name may have at most (DESIGN section 5).
pub const LONGEST_NAME: usize = 150;

impl UserName {
    /// Reads a name as typed and composes it to NFC.
    ///
    /// # Errors
    /// [`Kind::MalformedName`] when it is empty, too long, begins or ends with space, or holds
    /// control characters, direction marks or other characters that cannot be seen.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |why: &str| {
            Error::new(
                Kind::MalformedName,
                format!("{} is not a user name: {why}", quote(text)),
            )
            .hint("a name has 1 to 150 visible characters and does not begin or end with a space")
        };
        if text.is_empty() {
            return Err(refuse("it is empty"));
        }
        // A huge argument is refused before any work is spent on composing it.
        if text.len() > LONGEST_NAME * 16 {
            return Err(refuse("it is too long"));
        }
        if let Some(found) = text.chars().find(|c| is_invisible(*c)) {
            return Err(refuse(&format!(
                "it holds the invisible character U+{:04X}",
                u32::from(found)
            )));
        }
        if text.trim() != text {
            return Err(refuse("it begins or ends with a space"));
        }
        let name: String = text.nfc().collect();
        if name.chars().count() > LONGEST_NAME {
            return Err(refuse("it is longer than 150 characters"));
        }
        Ok(Self(name))
    }

    /// A name as it came out of the store.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An e-mail address; two that differ only in case are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address as typed: one `@` with something visible on both sides, at most 254
    /// octets (RFC 5321 section 4.5.3.1.3), the local part at most 64.
    ///
    /// # Errors
    /// [`Kind::MalformedEmail`] for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let text: String = text.nfc().collect();
        let forbidden = |c: char| {
            is_invisible(c)
                || c.is_whitespace()
                || matches!(
                    c,
                    '<' | '>' | ',' | ';' | '"' | '(' | ')' | '\\' | '[' | ']' | ':'
                )
        };
        let fits = match text.rsplit_once('@') {
            Some((local, domain)) => {
                !local.is_empty()
                    && local.len() <= 64
                    && !local.contains('@')
                    && !local.starts_with('.')
                    && !local.ends_with('.')
                    && !local.contains("..")
                    && !domain.is_empty()
                    && domain.split('.').all(|label| {
                        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
                    })
                    && text.len() <= 254
                    && !text.contains(forbidden)
            }
            None => false,
        };
        if fits {
            return Ok(Self(text));
        }
        Err(Error::new(
            Kind::MalformedEmail,
            format!("{} is not an e-mail address", quote(&text)),
        )
        .hint("write it like alice@example.org"))
    }

    /// An address as it came out of the store.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address by which it is compared.
    pub fn folded(&self) -> String {
        fold_email(&self.0)
    }
}

/// How addresses are compared: without regard to case.
pub fn fold_email(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).collect()
}

/// Who gives the command, as written into every audit entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// Reads an actor's name by the rule for user names.
    ///
    /// # Errors
    /// [`Kind::MalformedName`].
    pub fn parse(text: &str) -> Result<Self> {
        UserName::parse(text).map(|name| Self(name.0))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character cannot be seen, or changes how its neighbours are seen: controls, line
/// and paragraph separators, direction marks and overrides, zero-width and other ignorable
/// characters. A name with one of these looks like another name.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5
            | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F
            | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Text that may hold anything, short enough and visible enough for an error message.
pub fn quote(text: &str) -> String {
    let mut shown = String::from("'");
    for (count, c) in text.chars().enumerate() {
        if count == 40 {
            shown.push_str("...");
            break;
        }
        if is_invisible(c) {
            shown.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown.push('\'');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_people_have_are_accepted() {
        for name in [
            "alice",
            "Anna Maria",
            "o'brien",
            "a/b",
            "Łukasz",
            "李小龍",
            "-x",
            "a@b",
        ] {
            assert_eq!(UserName::parse(name).unwrap().as_str(), name);
        }
        assert!(UserName::parse(&"ä".repeat(150)).is_ok());
    }

    #[test]
    fn a_name_is_composed_so_that_two_spellings_are_one() {
        let decomposed = UserName::parse("Zoe\u{308}").unwrap();
        assert_eq!(decomposed, UserName::parse("Zoë").unwrap());
    }

    #[test]
    fn a_name_with_something_invisible_in_it_is_refused() {
        for name in [
            "",
            " alice",
            "alice ",
            "al\nice",
            "al\u{0}ice",
            "al\u{1b}[2Jice",
            "al\u{200f}ice",
            "al\u{202e}ice",
            "al\u{200b}ice",
            "al\u{feff}ice",
            "al\u{2028}ice",
        ] {
            let error = UserName::parse(name).unwrap_err();
            assert_eq!(error.kind(), Kind::MalformedName, "{name:?}");
            assert!(!error.to_string().chars().any(is_invisible), "{name:?}");
        }
        let long = UserName::parse(&"x".repeat(10_000)).unwrap_err();
        assert!(long.to_string().chars().count() < 120);
        assert!(UserName::parse(&"x".repeat(151)).is_err());
    }

    #[test]
    fn addresses_are_compared_without_case() {
        let one = Email::parse("Alice@Example.org").unwrap();
        assert_eq!(one.as_str(), "Alice@Example.org");
        assert_eq!(one.folded(), "alice@example.org");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "alice",
            "@",
            "a@",
            "@b",
            "a b@c",
            "a@b@c",
            "a@b\r\nBcc: x@y",
            "a@.b",
            "a@b.",
            "<a@b>",
            "a,b@c",
            ".a@b",
            "a..b@c",
            "a@-b.c",
        ] {
            assert_eq!(
                Email::parse(text).unwrap_err().kind(),
                Kind::MalformedEmail,
                "{text:?}"
            );
        }
    }
}
