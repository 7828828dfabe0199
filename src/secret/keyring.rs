//! The keys that lie apart from the store: several, of which one is current.

use super::django::DjangoKey;
use super::key::{AuditKey, Key};
use super::key_file::{Held, KeyFile, damaged};
use crate::error::{Error, Kind, Result};
use crate::model::id::KeyId;

/// Several keys, of which one is current.
#[derive(Debug)]
pub struct Keyring {
    keys: Vec<Key>,
    current: usize,
    /// What is left of retired keys.
    retired: Vec<(KeyId, AuditKey)>,
    /// For codes that were imported from the Django application.
    django: Option<DjangoKey>,
    /// Whether the file says that the store is sealed.
    expects_seals: bool,
}

/// How much of a key the ring holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// All of it.
    Whole,
    /// Only what old audit entries need: it is retired.
    AuditOnly,
    /// Nothing.
    Missing,
}

impl Keyring {
    /// A ring of one key, from a secret as it stands in an environment variable.
    pub fn from_secret(secret: &str) -> Result<Self> {
        Ok(Self {
            keys: vec![Key::from_secret(secret)?],
            current: 0,
            retired: Vec::new(),
            django: None,
            expects_seals: false,
        })
    }

    /// The same, with the keys of a file for what was made before the variable was changed.
    pub fn from_secret_and_file(secret: &str, text: &str) -> Result<Self> {
        let mut ring = Self::from_secret(secret)?;
        let file = KeyFile::parse(text)?;
        ring.expects_seals = file.is_sealing;
        for entry in file.entries {
            match entry.held {
                Held::Whole { key, .. } if key.id() != ring.keys[0].id() => ring.keys.push(key),
                Held::Whole { .. } => {}
                Held::Audit { key, .. } => ring.retired.push((entry.id, key)),
            }
        }
        Ok(ring)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`Kind::DamagedKey`] when it is not one; the message never repeats a secret.
    pub fn parse(text: &str) -> Result<Self> {
        let file = KeyFile::parse(text)?;
        let current = file
            .current
            .ok_or_else(|| damaged("it does not say which key is current"))?;
        let (mut keys, mut retired) = (Vec::new(), Vec::new());
        for entry in file.entries {
            match entry.held {
                Held::Whole { key, .. } => keys.push(key),
                Held::Audit { key, .. } => retired.push((entry.id, key)),
            }
        }
        let position = keys.iter().position(|key| *key.id() == current);
        let position = position
            .ok_or_else(|| damaged(format!("it does not hold the current key {current}")))?;
        Ok(Self {
            keys,
            current: position,
            retired,
            django: None,
            expects_seals: file.is_sealing,
        })
    }

    /// Whether a store that is not sealed was put back from before it was.
    pub fn expects_seals(&self) -> bool {
        self.expects_seals
    }

    /// Says that the store was seen to be sealed.
    pub fn expect_seals(&mut self) {
        self.expects_seals = true;
    }

    /// The same with the key of the Django application.
    pub fn with_django(mut self, key: Option<DjangoKey>) -> Self {
        self.django = key;
        self
    }

    /// The key of the Django application, if codes were imported from there.
    pub fn django(&self) -> Option<&DjangoKey> {
        self.django.as_ref()
    }

    /// The key for everything new.
    pub fn current(&self) -> &Key {
        &self.keys[self.current]
    }

    /// The whole key of this id.
    pub fn get(&self, id: &KeyId) -> Option<&Key> {
        self.keys.iter().find(|key| key.id() == id)
    }

    /// The whole key of this id, which `what` needs.
    ///
    /// # Errors
    /// [`Kind::MissingKey`], which tells a lost key from a retired one.
    pub fn require(&self, id: &KeyId, what: &str) -> Result<&Key> {
        self.get(id).ok_or_else(|| match self.holding(id) {
            Holding::AuditOnly => Error::new(
                Kind::MissingKey,
                format!("{what} needs the key {id}, which is retired"),
            )
            .hint("its secret is gone on purpose; issue new codes, or put back a copy of the key file from before"),
            Holding::Whole | Holding::Missing => Error::new(
                Kind::MissingKey,
                format!("{what} needs the key {id}, which is missing"),
            )
            .hint("put the key file back that holds it; `recovery-codes key list` shows which keys the store knows"),
        })
    }

    /// What chained the audit entries of this key; also of a retired one.
    pub(super) fn audit_key(&self, id: &KeyId) -> Option<AuditKey> {
        let whole = self.get(id).map(Key::audit_key);
        whole.or_else(|| {
            let (_, key) = self.retired.iter().find(|(retired, _)| retired == id)?;
            Some(key.clone())
        })
    }

    /// How much of this key it holds.
    pub fn holding(&self, id: &KeyId) -> Holding {
        if self.get(id).is_some() {
            Holding::Whole
        } else if self.retired.iter().any(|(retired, _)| retired == id) {
            Holding::AuditOnly
        } else {
            Holding::Missing
        }
    }

    /// Every key it holds anything of.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        let retired = self.retired.iter().map(|(id, _)| id);
        self.keys.iter().map(Key::id).chain(retired)
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::{Random, system_entropy};
    use super::*;
    use crate::model::time::from_millis;

    fn fresh() -> KeyFile {
        let now = from_millis(1_790_000_000_000);
        KeyFile::new(Random::from(&system_entropy()), now).unwrap()
    }

    #[test]
    fn a_new_key_file_is_read_back() {
        let text = fresh().text();
        let ring = Keyring::parse(&text).unwrap();
        assert_eq!(ring.ids().count(), 1);
        assert_eq!(ring.current().id().as_str().len(), 8);
        assert!(!format!("{ring:?}").contains(text.split('"').nth(3).unwrap()));
    }

    #[test]
    fn what_is_no_key_file_is_refused_without_repeating_it() {
        for text in [
            "",
            "\n",
            "hunter2hunter2hunter2hunter2hunter2",
            "current = \"x\"",
            "current = \"x\"\n[keys.x]\nsecret = \"hunter2\"",
            "current = \"x\"\n[keys.x]\naudit = \"hunter2\"",
            "current = \"x\"\n[keys.x]\n",
            "current = 3",
        ] {
            let error = Keyring::parse(text).unwrap_err();
            assert_eq!(error.kind(), Kind::DamagedKey, "{text}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_retired_key_still_proves_old_entries_but_checks_no_code() {
        let mut file = fresh();
        let old = file.current.clone().unwrap();
        let before = Keyring::parse(&file.text()).unwrap();
        let now = from_millis(1_790_000_000_000);
        file.add(Random::from(&system_entropy()), now).unwrap();
        file.retire(&old, now);
        let after = Keyring::parse(&file.text()).unwrap();
        let mac = before.audit_key(&old).unwrap().mac(b"entry");
        assert!(after.audit_key(&old).unwrap().is_mac(b"entry", &mac));
        assert_eq!(after.holding(&old), Holding::AuditOnly);
        let error = after.require(&old, "this code").unwrap_err();
        assert_eq!(error.kind(), Kind::MissingKey);
        assert!(error.to_string().ends_with("which is retired"), "{error}");
        assert_eq!(after.ids().count(), 2);
    }

    #[test]
    fn a_file_without_a_current_key_only_stands_beside_a_variable() {
        let mut file = fresh();
        let old = file.current.clone().unwrap();
        file.retire(&old, from_millis(0));
        assert!(Keyring::parse(&file.text()).is_err());
        let ring = Keyring::from_secret_and_file(&"k".repeat(40), &file.text()).unwrap();
        assert_ne!(ring.current().id(), &old);
        assert!(ring.audit_key(&old).is_some());
    }
}
