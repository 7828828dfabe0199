//! The keys that lie apart from the store: several, of which one is current.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::random::Random;
use crate::error::{Error, Kind, Result};
use crate::model::audit::Mac;
use crate::model::id::KeyId;
use crate::model::time::Timestamp;

/// Characters a secret has at least.
const SHORTEST_SECRET: usize = 32;

/// One key: what it is used for is derived from it, so that no use can undo another.
pub struct Key {
    id: KeyId,
    material: Zeroizing<[u8; 32]>,
}

impl Key {
    /// A key from a secret of at least 32 characters.
    fn from_secret(secret: &str) -> Result<Self> {
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
        let id = KeyId::new(
            digest[..4]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>(),
        );
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

    /// A digest of an audit entry.
    pub(super) fn audit_mac(&self, text: &[u8]) -> Mac {
        mac(&derive(&self.material, b"audit"), text)
            .finalize()
            .into_bytes()
            .into()
    }

    /// Whether it is the digest of that entry; compared in constant time.
    pub(super) fn is_audit_mac(&self, text: &[u8], expected: &Mac) -> bool {
        mac(&derive(&self.material, b"audit"), text)
            .verify_slice(expected)
            .is_ok()
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
        digest[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, secret)", self.id)
    }
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

/// Several keys, of which one is current.
#[derive(Debug)]
pub struct Keyring {
    keys: Vec<Key>,
    current: usize,
}

impl Keyring {
    /// A ring of one key, from a secret as it stands in an environment variable.
    pub fn from_secret(secret: &str) -> Result<Self> {
        Ok(Self {
            keys: vec![Key::from_secret(secret)?],
            current: 0,
        })
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`Kind::DamagedKey`] when it is not one; the message never repeats a secret.
    pub fn parse(text: &str) -> Result<Self> {
        let damaged = |why: String| {
            Error::new(Kind::DamagedKey, format!("the key file cannot be read: {why}"))
                .hint("put the key file back that belongs to this store; without it no code can be checked")
        };
        if text.trim().is_empty() {
            return Err(damaged("it is empty".into()));
        }
        let mut table: toml::Table = toml::from_str(text).map_err(|error| {
            // The parser's own message would repeat the line, and with it the secret.
            let line = error.span().map_or(0, |span| {
                text.as_bytes()[..span.start.min(text.len())]
                    .iter()
                    .filter(|byte| **byte == b'\n')
                    .count()
            });
            damaged(format!("line {} is not TOML", line + 1))
        })?;
        let Some(toml::Value::String(current)) = table.remove("current") else {
            return Err(damaged("it does not say which key is current".into()));
        };
        let Some(toml::Value::Table(entries)) = table.remove("keys") else {
            return Err(damaged("it holds no keys".into()));
        };
        let mut keys = Vec::new();
        for (id, entry) in entries {
            let toml::Value::Table(mut entry) = entry else {
                return Err(damaged(format!("key {id} is not a table")));
            };
            let Some(toml::Value::String(secret)) = entry.remove("secret") else {
                return Err(damaged(format!("key {id} has no secret")));
            };
            let key = Key::from_secret(&Zeroizing::new(secret))?;
            if key.id.as_str() != id {
                return Err(damaged(format!(
                    "the secret under {id} is the key {}; it was changed",
                    key.id
                )));
            }
            keys.push(key);
        }
        let Some(position) = keys.iter().position(|key| key.id.as_str() == current) else {
            return Err(damaged(format!(
                "it does not hold the current key {current}"
            )));
        };
        Ok(Self {
            keys,
            current: position,
        })
    }

    /// The key for everything new.
    pub fn current(&self) -> &Key {
        &self.keys[self.current]
    }

    /// The key of this id.
    pub fn get(&self, id: &KeyId) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == *id)
    }

    /// All keys by id, with whether it is the current one.
    pub fn ids(&self) -> BTreeMap<&KeyId, bool> {
        self.keys
            .iter()
            .enumerate()
            .map(|(position, key)| (&key.id, position == self.current))
            .collect()
    }
}

/// A new key in the text of a new key file.
///
/// # Errors
/// [`Kind::Io`] when there is no randomness.
pub fn new_file(mut random: Random<'_>, now: Timestamp) -> Result<Zeroizing<String>> {
    let bytes = Zeroizing::new(random.bytes::<32>());
    random.finish()?;
    let mut secret = Zeroizing::new(String::with_capacity(64));
    for byte in bytes.iter() {
        secret.push_str(&format!("{byte:02x}"));
    }
    let key = Key::from_secret(&secret)?;
    Ok(Zeroizing::new(format!(
        "# The keys of recovery-codes. Without them no code can be checked; with them and the\n\
         # store codes can be guessed at. Keep a copy apart from the store's backups.\n\
         current = \"{id}\"\n\n\
         [keys.{id}]\n\
         created_at = {now}\n\
         secret = \"{}\"\n",
        *secret,
        id = key.id,
    )))
}

#[cfg(test)]
mod tests {
    use super::super::random::system_entropy;
    use super::*;

    fn fresh() -> Zeroizing<String> {
        let now = crate::model::time::from_millis(1_790_000_000_000);
        new_file(Random::from(&system_entropy()), now).unwrap()
    }

    #[test]
    fn a_new_key_file_is_read_back() {
        let text = fresh();
        let ring = Keyring::parse(&text).unwrap();
        assert_eq!(ring.ids().len(), 1);
        assert_eq!(ring.current().id().as_str().len(), 8);
        assert!(!format!("{ring:?}").contains(text.split('"').nth(3).unwrap()));
    }

    #[test]
    fn a_changed_secret_is_recognised() {
        let text = fresh();
        let secret = text.rsplit('"').nth(1).unwrap();
        let changed = text.replace(secret, &"0".repeat(64));
        let error = Keyring::parse(&changed).unwrap_err();
        assert_eq!(error.kind(), Kind::DamagedKey);
    }

    #[test]
    fn what_is_no_key_file_is_refused_without_repeating_it() {
        for text in [
            "",
            "\n",
            "hunter2hunter2hunter2hunter2hunter2",
            "current = \"x\"",
            "current = \"x\"\n[keys.x]\nsecret = \"hunter2\"",
            "current = \"x\"\n[keys.x]\n",
            "current = 3",
        ] {
            let error = Keyring::parse(text).unwrap_err();
            assert_eq!(error.kind(), Kind::DamagedKey, "{text}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn what_is_derived_for_one_purpose_says_nothing_of_another() {
        let ring = Keyring::from_secret(&"k".repeat(32)).unwrap();
        let key = ring.current();
        assert_ne!(key.pepper(), derive(&key.material, b"audit"));
        assert_ne!(key.subject("alice"), key.subject("bob"));
    }
}
