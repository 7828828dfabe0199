//! One key, and the keys for single purposes that are derived from it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::model::audit::Mac;
use crate::model::id::KeyId;

/// Characters a secret has at least.
const SHORTEST_SECRET: usize = 32;

/// One key: what it is used for is derived from it, so that no use can undo another.
pub struct Key {
    id: KeyId,
    material: Zeroizing<[u8; 32]>,
}

impl Key {
    /// A key from a secret of at least 32 characters.
    pub(super) fn from_secret(secret: &str) -> Result<Self> {
        let secret = secret.trim();
        if secret.chars().count() < SHORTEST_SECRET {
            return Err(Error::new(
                Kind::DamagedKey,
                format!("the key is shorter than {SHORTEST_SECRET} characters"),
            )
            .hint("let `recovery-codes init` make one, or give 32 or more random characters"));
        }
        let material = Zeroizing::new(<[u8; 32]>::from(
            Sha256::new()
                .chain_update(b"recovery-codes key 1\0")
                .chain_update(secret.as_bytes())
                .finalize(),
        ));
        let digest = derive(&material, b"id");
        let id = KeyId::new(hexadecimal(&digest[..4]));
        Ok(Self { id, material })
    }

    /// Which key it is.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// What Argon2 mixes in as its secret.
    pub(super) fn pepper(&self) -> Zeroizing<[u8; 32]> {
        derive(&self.material, b"pepper")
    }

    /// What marks a code that was used, bound to its place.
    pub(super) fn used_key(&self, bound: &[u8]) -> AuditKey {
        AuditKey(derive(&derive(&self.material, b"used"), bound))
    }

    /// What leads from a code that another system issued to the one that stands for it.
    pub(super) fn moved_key(&self) -> Zeroizing<[u8; 32]> {
        derive(&self.material, b"moved")
    }

    /// What chains audit entries.
    pub(super) fn audit_key(&self) -> AuditKey {
        AuditKey(derive(&self.material, b"audit"))
    }

    /// What seals a session, together with the half that lies outside the store.
    pub(super) fn session_seal(&self, session: &[u8; 32]) -> Zeroizing<[u8; 32]> {
        derive(&derive(&self.material, b"session"), session)
    }

    /// What seals mail that waits.
    pub(super) fn mail_seal(&self) -> Zeroizing<[u8; 32]> {
        derive(&self.material, b"mail")
    }

    /// A digest by which a name that nobody has can be counted without writing it down.
    pub fn subject(&self, name: &str) -> String {
        let digest = mac(&derive(&self.material, b"subject"), name.as_bytes())
            .finalize()
            .into_bytes();
        hexadecimal(&digest[..16])
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, secret)", self.id)
    }
}

/// The part of a key that chains audit entries. It says nothing about the rest of the key, and
/// is all that is kept of a retired one.
#[derive(Clone)]
pub(super) struct AuditKey(Zeroizing<[u8; 32]>);

impl AuditKey {
    /// A digest of an audit entry.
    pub fn mac(&self, text: &[u8]) -> Mac {
        mac(&self.0, text).finalize().into_bytes().into()
    }

    /// Whether it is the digest of that entry; compared in constant time.
    pub fn is_mac(&self, text: &[u8], expected: &Mac) -> bool {
        mac(&self.0, text).verify_slice(expected).is_ok()
    }

    /// As it stands in a key file.
    pub fn to_hexadecimal(&self) -> Zeroizing<String> {
        Zeroizing::new(hexadecimal(&*self.0))
    }

    /// As [`AuditKey::to_hexadecimal`] wrote it; none for anything else.
    pub fn from_hexadecimal(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (number, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * number..2 * number + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey(secret)")
    }
}

/// Two digits for each byte.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    text
}

fn mac(key: &[u8; 32], text: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    mac.update(text);
    mac
}

fn derive(material: &[u8; 32], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(mac(material, purpose).finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_for_one_purpose_says_nothing_of_another() {
        let key = Key::from_secret(&"k".repeat(32)).unwrap();
        assert_ne!(key.pepper(), key.audit_key().0);
        assert_ne!(key.pepper(), key.mail_seal());
        assert_ne!(key.subject("alice"), key.subject("bob"));
    }

    #[test]
    fn an_audit_key_is_written_and_read_back() {
        let key = Key::from_secret(&"k".repeat(32)).unwrap().audit_key();
        let text = key.to_hexadecimal();
        let again = AuditKey::from_hexadecimal(&text).unwrap();
        assert!(again.is_mac(b"entry", &key.mac(b"entry")));
        assert!(!again.is_mac(b"other", &key.mac(b"entry")));
        assert!(AuditKey::from_hexadecimal(&text[1..]).is_none());
        assert!(AuditKey::from_hexadecimal(&"+1".repeat(32)).is_none());
        assert!(!format!("{key:?}").contains(&text[..4]));
    }
}
