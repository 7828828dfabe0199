//! Codes that were issued by django-auth-recovery-codes, which finds a code by HMAC-SHA3-512 of
//! its 36 characters under a key of its own.
//!
//! What that application keeps of a code is this digest; it is read here as a code of ours, with
//! a hint and a secret part, and stored like one. A dump of the application holds the digests,
//! but not what leads to them: only who types the code, where the key is, gets from one to the
//! other.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use sha3::Sha3_512;
use zeroize::Zeroizing;

use super::code::{Code, DIGEST, TypedCode};
use super::key::hexadecimal;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::id::KeyId;

/// The application's own key, `DJANGO_AUTH_RECOVERY_KEY`.
pub struct DjangoKey(Zeroizing<Vec<u8>>);

impl DjangoKey {
    /// Reads a key as it stands in a file or a variable.
    ///
    /// # Errors
    /// [`Kind::DamagedKey`] when it is empty.
    pub fn from_secret(secret: &str) -> Result<Self> {
        let secret = secret.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            return Err(Error::new(
                Kind::DamagedKey,
                "the key of the Django application is empty",
            )
            .hint("give the value of DJANGO_AUTH_RECOVERY_KEY as it stands in its settings"));
        }
        Ok(Self(Zeroizing::new(secret.as_bytes().to_vec())))
    }

    /// Which key it is.
    pub fn id(&self) -> KeyId {
        let digest = self.mac(b"recovery-codes django key id");
        KeyId::new(hexadecimal(&digest[..4]))
    }

    /// What was typed as a code of that application.
    pub fn read(&self, typed: &TypedCode) -> Option<Code> {
        let characters = typed.in_alphabet(Alphabet::Full)?.characters();
        Some(Code::from_digest(&self.mac(characters)))
    }

    fn mac(&self, text: &[u8]) -> Zeroizing<[u8; DIGEST]> {
        let mut mac = <Hmac<Sha3_512> as KeyInit>::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(text);
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for DjangoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DjangoKey(secret)")
    }
}

/// What that application keeps of a code, its `look_up_hash`; none if it is no such digest.
pub fn from_look_up_hash(text: &str) -> Option<Code> {
    let mut digest = Zeroizing::new([0; DIGEST]);
    if text.len() != 2 * DIGEST || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (number, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * number..2 * number + 2)?, 16).ok()?;
    }
    Some(Code::from_digest(&digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made with Python: hmac.new(key.encode(), code.encode(), hashlib.sha3_512).hexdigest()
    const KEY: &str = "k\"e'y-ü";
    const CODE: &str = "YDoD8G-otvv53-vFT8km-fNv8mm-ufzg7r-W87PMZ";
    const LOOK_UP_HASH: &str = "562ba355909d2d8f4cf621a55e6a12f059aefc5022b11c8f7dbec19d8365b8a2becf2d148970d72cbebc062f1986280c85e7af404eeb0c13e909e831a7d4bba2";

    fn typed(code: &str) -> TypedCode {
        TypedCode::parse(code.as_bytes()).unwrap()
    }

    #[test]
    fn what_is_typed_leads_to_what_the_application_keeps() {
        let kept = from_look_up_hash(LOOK_UP_HASH).unwrap();
        for key in [KEY.to_owned(), format!("{KEY}\r\n")] {
            let key = DjangoKey::from_secret(&key).unwrap();
            for code in [CODE.to_owned(), CODE.replace('-', " ")] {
                let read = key.read(&typed(&code)).unwrap();
                assert!(*read.expose() == *kept.expose());
            }
            let other = key.read(&typed(&CODE.replace('Z', "z"))).unwrap();
            assert!(*other.expose() != *kept.expose());
        }
        let other = DjangoKey::from_secret("another").unwrap();
        assert!(*other.read(&typed(CODE)).unwrap().expose() != *kept.expose());
    }

    #[test]
    fn what_is_no_digest_is_none() {
        for text in [
            "",
            "ab",
            &LOOK_UP_HASH[1..],
            &LOOK_UP_HASH.replace('5', "ü"),
            &"+1".repeat(64),
        ] {
            assert!(from_look_up_hash(text).is_none(), "{text}");
        }
        assert!(DjangoKey::from_secret("\n").is_err());
        let key = DjangoKey::from_secret(KEY).unwrap();
        assert_eq!(format!("{key:?}"), "DjangoKey(secret)");
    }
}
