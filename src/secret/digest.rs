//! Digests of rows (SHA-256). They need no key: the one at the top stands in the head of the audit
//! chain, which is under it.

use sha2::{Digest as _, Sha256};

use crate::model::seal::Digest;

/// A digest that is being made. Each field goes in with its length, so that no two rows have the
/// same text.
pub struct Digesting(Sha256);

impl Digesting {
    /// Begins a digest of this kind of thing; no thing of another kind has the same.
    pub fn of(kind: &str) -> Self {
        Self(Sha256::new()).text(kind)
    }

    /// Adds bytes.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds text.
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a number.
    pub fn number(self, number: i64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Adds text that may be absent, which is not the same as empty.
    pub fn maybe_text(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.number(1).text(text),
            None => self.number(0),
        }
    }

    /// Adds, at the end, text that few have: without it the digest is what it was before there was any.
    pub fn also(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self,
        }
    }

    /// Adds a number that may be absent.
    pub fn maybe_number(self, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.number(1).number(number),
            None => self.number(0),
        }
    }

    /// The digest.
    pub fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}
