//! Numbers inside the store and the batch id that stands on the sheet.

use std::fmt;

use crate::error::{Error, Kind, Result};

/// The store's number for a user; never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub i64);

/// The store's number for a batch; never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchId(pub i64);

/// The number of a task, as shown and typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub i64);

/// The number of a purge's run, as shown and typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PurgeId(pub i64);

/// The store's number for a schedule; never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScheduleId(pub i64);

/// The public id of a batch: 16 hexadecimal digits, of which people read the first 8.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BatchName(String);

impl BatchName {
    /// Digits of the whole id.
    pub const LENGTH: usize = 16;
    /// Digits that stand on a sheet and in tables.
    pub const SHORT: usize = 8;

    /// An id made of 8 random bytes.
    pub fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(format!("{:016X}", u64::from_be_bytes(bytes)))
    }

    /// An id as it came out of the store.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// All 16 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 8 digits.
    pub fn short(&self) -> &str {
        self.0.get(..Self::SHORT).unwrap_or(&self.0)
    }
}

impl fmt::Display for BatchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The beginning of a batch id as typed; any unambiguous beginning will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchPrefix(String);

impl BatchPrefix {
    /// Reads 1 to 16 hexadecimal digits in either case.
    ///
    /// # Errors
    /// [`Kind::Usage`] for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if (1..=BatchName::LENGTH).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Ok(Self(text.to_ascii_uppercase()));
        }
        Err(
            Error::new(Kind::Usage, format!("'{}' is not a batch id", text.escape_debug()))
                .hint("a batch id is up to 16 digits 0-9 and letters A-F; its first 8 stand on the sheet and in `batch list`"),
        )
    }

    /// The digits in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The smallest text greater than every id that begins so, for a range search; none for a
    /// prefix of nothing but `F`.
    pub fn upper_bound(&self) -> Option<String> {
        let mut bytes = self.0.clone().into_bytes();
        while let Some(last) = bytes.pop() {
            if last != b'F' {
                bytes.push(if last == b'9' { b'A' } else { last + 1 });
                return String::from_utf8(bytes).ok();
            }
        }
        None
    }
}

/// Which key of the key ring something was made with: the first 8 hexadecimal digits of a
/// digest of the key, so that no other key can go by this id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    /// An id as computed or as it came out of the store.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_bounded_by_the_next_one() {
        for (prefix, bound) in [
            ("8c", Some("8D")),
            ("89", Some("8A")),
            ("8F", Some("9")),
            ("FF", None),
            ("0", Some("1")),
        ] {
            let bounded = BatchPrefix::parse(prefix).unwrap().upper_bound();
            assert_eq!(bounded.as_deref(), bound, "{prefix}");
        }
    }

    #[test]
    fn what_is_no_batch_id_is_refused() {
        for text in ["", "8C2655A1-", "xyz", "00112233445566778", "８Ｃ"] {
            assert_eq!(
                BatchPrefix::parse(text).unwrap_err().kind(),
                Kind::Usage,
                "{text}"
            );
        }
    }
}
