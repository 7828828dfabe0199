//! Sealing plaintext that must wait a little: ChaCha20-Poly1305 (RFC 8439; DESIGN section 4.8).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use zeroize::Zeroizing;

use super::key::Key;
use super::keyring::Keyring;
use super::random::Random;
use crate::error::{Error, Kind, Result};
use crate::model::id::KeyId;

/// Bytes of the nonce, which stands before the sealed text.
pub(super) const NONCE: usize = 12;

/// The half of a session's key that lies outside the store.
pub type SessionKey = Zeroizing<[u8; 32]>;

/// Something sealed, and the key it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Nonce, ciphertext and tag.
    pub bytes: Vec<u8>,
    /// The key of the ring that takes part in it.
    pub key: KeyId,
}

/// Draws the half of a session's key that lies outside the store.
pub fn draw_session_key(random: &mut Random<'_>) -> SessionKey {
    Zeroizing::new(random.bytes())
}

/// Seals for a session: opened only with both the ring's key and the session's.
/// `place` says where the text belongs; elsewhere it does not open.
pub fn seal_session(
    random: &mut Random<'_>,
    key: &Key,
    session: &SessionKey,
    place: &[u8],
    text: &[u8],
) -> Result<Sealed> {
    seal(random, key, &key.session_seal(session), place, text)
}

/// Opens what [`seal_session`] sealed.
pub fn open_session(
    ring: &Keyring,
    session: &SessionKey,
    place: &[u8],
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>> {
    let key = ring.require(&sealed.key, "this session")?;
    open(&key.session_seal(session), place, sealed)
}

/// Seals for the mail queue: opened with the ring's key.
pub fn seal_mail(random: &mut Random<'_>, key: &Key, place: &[u8], text: &[u8]) -> Result<Sealed> {
    seal(random, key, &key.mail_seal(), place, text)
}

/// Opens what [`seal_mail`] sealed.
pub fn open_mail(ring: &Keyring, place: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
    let key = ring.require(&sealed.key, "the letter")?;
    open(&key.mail_seal(), place, sealed)
}

fn seal(
    random: &mut Random<'_>,
    key: &Key,
    with: &[u8; 32],
    place: &[u8],
    text: &[u8],
) -> Result<Sealed> {
    Ok(Sealed {
        bytes: close(with, random.bytes(), place, text)?,
        key: key.id().clone(),
    })
}

/// Nonce, ciphertext and tag. No two texts may have the same key and nonce.
pub(super) fn close(
    with: &[u8; 32],
    nonce: [u8; NONCE],
    place: &[u8],
    text: &[u8],
) -> Result<Vec<u8>> {
    let payload = Payload {
        msg: text,
        aad: place,
    };
    let sealed = ChaCha20Poly1305::new(&(*with).into())
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Error::new(Kind::Io, "the text is too long to be sealed"))?;
    let mut bytes = nonce.to_vec();
    bytes.extend(sealed);
    Ok(bytes)
}

fn open(with: &[u8; 32], place: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
    let damaged = || {
        Error::new(
            Kind::DamagedStore,
            "what was sealed in the store was changed, or belongs elsewhere",
        )
        .hint("issue new codes; run `recovery-codes check` to see whether more was changed")
    };
    unclose(with, place, &sealed.bytes).ok_or_else(damaged)
}

/// What [`close`] closed; none if it was changed, or belongs elsewhere.
pub(super) fn unclose(with: &[u8; 32], place: &[u8], bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, text) = bytes.split_first_chunk::<NONCE>()?;
    let payload = Payload {
        msg: text,
        aad: place,
    };
    let opened = ChaCha20Poly1305::new(&(*with).into()).decrypt(&Nonce::from(*nonce), payload);
    opened.ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::super::random::system_entropy;
    use super::*;

    fn ring(letter: &str) -> Keyring {
        Keyring::from_secret(&letter.repeat(40)).unwrap()
    }

    #[test]
    fn a_session_opens_only_with_both_keys_and_in_its_place() {
        let source = system_entropy();
        let mut random = Random::from(&source);
        let (ring, other) = (ring("a"), ring("b"));
        let session = draw_session_key(&mut random);
        let sealed =
            seal_session(&mut random, ring.current(), &session, b"batch", b"codes").unwrap();
        assert!(!sealed.bytes.windows(5).any(|bytes| bytes == b"codes"));
        assert_eq!(
            **open_session(&ring, &session, b"batch", &sealed).unwrap(),
            *b"codes"
        );
        assert!(open_session(&ring, &session, b"elsewhere", &sealed).is_err());
        let wrong = draw_session_key(&mut random);
        assert!(open_session(&ring, &wrong, b"batch", &sealed).is_err());
        assert_eq!(
            open_session(&other, &session, b"batch", &sealed)
                .unwrap_err()
                .kind(),
            Kind::MissingKey
        );
        random.finish().unwrap();
    }

    #[test]
    fn a_letter_that_was_changed_does_not_open() {
        let source = system_entropy();
        let mut random = Random::from(&source);
        let ring = ring("a");
        let mut sealed = seal_mail(&mut random, ring.current(), b"id", b"dear alice").unwrap();
        assert_eq!(**open_mail(&ring, b"id", &sealed).unwrap(), *b"dear alice");
        sealed.bytes[20] ^= 1;
        assert_eq!(
            open_mail(&ring, b"id", &sealed).unwrap_err().kind(),
            Kind::DamagedStore
        );
        sealed.bytes.truncate(3);
        assert!(open_mail(&ring, b"id", &sealed).is_err());
    }
}
