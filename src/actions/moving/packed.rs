//! Values one behind the other as bytes, to be put aside.

use zeroize::Zeroizing;

use crate::actions::users::aside::missing;
use crate::actions::users::roster::Entry;
use crate::error::Result;
use crate::model::state::UserState;
use crate::model::time::{Timestamp, from_millis};
use crate::model::user::{Email, UserName};

/// Bytes that most records fit into.
const ROOM: usize = 1024;

/// Bytes that are being made.
pub(super) struct Packing(Zeroizing<Vec<u8>>);

impl Packing {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(ROOM)))
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.add(&number.to_le_bytes());
        self
    }

    /// Adds a moment.
    pub fn time(&mut self, at: Timestamp) {
        self.number(at.as_millisecond().cast_unsigned());
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64);
        self.add(text.as_bytes());
        self
    }

    /// Adds something that may be absent.
    pub fn maybe<T>(&mut self, value: Option<T>, add: impl FnOnce(&mut Self, T)) -> &mut Self {
        self.number(u64::from(value.is_some()));
        if let Some(value) = value {
            add(self, value);
        }
        self
    }

    /// Adds who somebody is to be.
    pub fn entry(&mut self, entry: &Entry) -> &mut Self {
        self.number(entry.line)
            .text(entry.name.as_str())
            .maybe(entry.email.as_ref(), |packing, email| {
                packing.text(email.as_str());
            })
            .number(u64::from(entry.state == Some(UserState::Disabled)))
    }

    /// Adds bytes. What was there moves by hand where more room is needed, so that no copy stays behind.
    fn add(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let room = needed.max(2 * self.0.capacity());
            let mut larger = Zeroizing::new(Vec::with_capacity(room));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    /// The bytes.
    pub fn finish(&mut self) -> Zeroizing<Vec<u8>> {
        std::mem::take(&mut self.0)
    }
}

/// Bytes that are taken apart in the same order.
pub(super) struct Unpacking<'a>(&'a [u8]);

impl<'a> Unpacking<'a> {
    /// From the beginning.
    pub fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left.
    pub fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a number.
    pub fn number(&mut self) -> Result<u64> {
        let (number, rest) = self.0.split_first_chunk().ok_or_else(missing)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*number))
    }

    /// Takes a moment.
    pub fn time(&mut self) -> Result<Timestamp> {
        Ok(from_millis(self.number()?.cast_signed()))
    }

    /// Takes who somebody is to be.
    pub fn entry(&mut self) -> Result<Entry> {
        Ok(Entry {
            line: self.number()?,
            name: UserName::from_stored(self.text()?.to_owned()),
            email: self
                .maybe(Self::text)?
                .map(|email| Email::from_stored(email.to_owned())),
            state: (self.number()? == 1).then_some(UserState::Disabled),
        })
    }

    /// Takes text.
    pub fn text(&mut self) -> Result<&'a str> {
        let length = usize::try_from(self.number()?).map_err(|_| missing())?;
        let (text, rest) = self.0.split_at_checked(length).ok_or_else(missing)?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| missing())
    }

    /// Takes something that may be absent.
    pub fn maybe<T>(&mut self, take: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        match self.number()? {
            0 => Ok(None),
            _ => take(self).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out_again() {
        let mut packing = Packing::new();
        packing.number(7).text("alice").text("");
        packing.maybe(Some("salt"), |packing, salt| {
            packing.text(salt);
        });
        packing.maybe(None::<u64>, |packing, number| {
            packing.number(number);
        });
        let bytes = packing.finish();
        let mut parts = Unpacking::of(&bytes);
        assert_eq!(parts.number().unwrap(), 7);
        assert_eq!(
            (parts.text().unwrap(), parts.text().unwrap()),
            ("alice", "")
        );
        assert_eq!(parts.maybe(Unpacking::text).unwrap(), Some("salt"));
        assert_eq!(parts.maybe(Unpacking::number).unwrap(), None);
        assert!(parts.is_done());
        assert!(Unpacking::of(&bytes[..10]).text().is_err());
    }

    #[test]
    fn what_needs_more_room_is_whole_and_has_room_at_once() {
        let mut packing = Packing::new();
        let texts: Vec<String> = (0..300).map(|number| format!("code{number}")).collect();
        for text in &texts {
            packing.text(text);
        }
        let long = "x".repeat(9 * ROOM);
        packing.text(&long);
        let bytes = packing.finish();
        let mut parts = Unpacking::of(&bytes);
        for text in &texts {
            assert_eq!(parts.text().unwrap(), text);
        }
        assert!(parts.text().unwrap() == long && parts.is_done());
    }
}
