//! A key that nobody keeps: what a program puts aside while it runs is sealed with it, and can be read by
//! nobody afterwards, nor by anybody else meanwhile.

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::random::{Random, system_entropy};
use super::seal::{NONCE, close, unclose};
use crate::error::{Error, Kind, Result};

/// Bytes of a digest: no two texts of a list have the same by chance.
const DIGEST: usize = 16;

/// Such a key. It is drawn once for one place, and never written anywhere.
pub struct PassingKey {
    seal: Zeroizing<[u8; 32]>,
    digest: Zeroizing<[u8; 32]>,
    /// Texts that were sealed; each has a nonce of its own.
    sealed: u64,
}

impl PassingKey {
    /// A new one. It comes from the system alone: nothing that is seen follows from it.
    ///
    /// # Errors
    /// [`Kind::Io`] when the system has no random numbers.
    pub fn draw() -> Result<Self> {
        let source = system_entropy();
        let mut random = Random::from(&source);
        let key = Self {
            seal: Zeroizing::new(random.bytes()),
            digest: Zeroizing::new(random.bytes()),
            sealed: 0,
        };
        random.finish()?;
        Ok(key)
    }

    /// Seals a text; `place` says where it belongs, and elsewhere it does not open.
    ///
    /// # Errors
    /// [`Kind::Io`] when it is too long.
    pub fn seal(&mut self, place: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        self.sealed += 1;
        let mut nonce = [0; NONCE];
        nonce[..8].copy_from_slice(&self.sealed.to_le_bytes());
        close(&self.seal, nonce, place, text)
    }

    /// Opens what was sealed with it for this place.
    ///
    /// # Errors
    /// [`Kind::Io`] when it was changed, or belongs elsewhere.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        unclose(&self.seal, place, sealed).ok_or_else(|| {
            Error::new(
                Kind::Io,
                "a temporary file does not hold what was put there",
            )
            .hint(
                "look for a program that changes files of others, check the disk, and run it again",
            )
        })
    }

    /// What a text of this kind is found by, without saying it.
    pub fn digest(&self, kind: &str, text: &str) -> [u8; DIGEST] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&*self.digest)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(&[kind.len() as u8]);
        mac.update(kind.as_bytes());
        mac.update(text.as_bytes());
        let digest = mac.finalize().into_bytes();
        digest.first_chunk().copied().unwrap_or_default()
    }
}

impl std::fmt::Debug for PassingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PassingKey(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_alone() {
        let (mut key, other) = (PassingKey::draw().unwrap(), PassingKey::draw().unwrap());
        let (one, two) = (
            key.seal(b"here", b"code").unwrap(),
            key.seal(b"here", b"code").unwrap(),
        );
        assert_ne!(one, two);
        assert!(!one.windows(4).any(|bytes| bytes == b"code"));
        assert_eq!(**key.open(b"here", &one).unwrap(), *b"code");
        assert_eq!(other.open(b"here", &one).unwrap_err().kind(), Kind::Io);
        let mut changed = one.clone();
        changed[NONCE] ^= 1;
        assert!(key.open(b"here", &changed).is_err() && key.open(b"here", b"").is_err());
        assert!(key.open(b"there", &one).is_err());
    }

    #[test]
    fn a_digest_is_of_one_kind_and_one_key() {
        let (key, other) = (PassingKey::draw().unwrap(), PassingKey::draw().unwrap());
        assert_eq!(key.digest("name", "a"), key.digest("name", "a"));
        assert_ne!(key.digest("name", "a"), key.digest("name", "b"));
        assert_ne!(key.digest("name", "a"), key.digest("email", "a"));
        assert_ne!(key.digest("name", "a"), other.digest("name", "a"));
    }
}
