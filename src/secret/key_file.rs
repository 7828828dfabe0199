//! The key file as text: which key is current, and what is kept of each.

use zeroize::Zeroizing;

use super::key::{AuditKey, Key, hexadecimal};
use super::random::Random;
use crate::error::{Error, Kind, Result};
use crate::model::id::KeyId;
use crate::model::time::Timestamp;

/// What stands above the keys.
const HEADER: &str = "# The keys of recovery-codes. Without them no code can be checked; with them and the\n\
     # store codes can be guessed at. Keep a copy apart from the store's backups.\n";

/// A key file. It has no `Debug`: it holds the secrets as they were written.
pub struct KeyFile {
    pub(super) current: Option<KeyId>,
    pub(super) entries: Vec<Entry>,
    /// Whether the store is sealed: one that is not was put back from before.
    pub is_sealing: bool,
}

/// What the file says of one key.
pub(super) struct Entry {
    pub id: KeyId,
    created_at: Option<Timestamp>,
    pub held: Held,
}

/// What is kept of a key.
pub(super) enum Held {
    /// All of it.
    Whole { key: Key, secret: Zeroizing<String> },
    /// Only what old audit entries need.
    Audit {
        key: AuditKey,
        retired_at: Option<Timestamp>,
    },
}

impl KeyFile {
    /// A file with one new key.
    ///
    /// # Errors
    /// [`Kind::Io`] when there is no randomness.
    pub fn new(random: Random<'_>, now: Timestamp) -> Result<Self> {
        let mut file = Self {
            current: None,
            entries: Vec::new(),
            is_sealing: true,
        };
        file.add(random, now)?;
        Ok(file)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`Kind::DamagedKey`] when it is not one; the message never repeats a secret.
    pub fn parse(text: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Err(damaged("it is empty"));
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
        let current = match table.remove("current") {
            None => None,
            Some(toml::Value::String(id)) => Some(KeyId::new(id)),
            Some(_) => return Err(damaged("it does not say which key is current")),
        };
        let is_sealing = matches!(table.remove("sealed"), Some(toml::Value::Boolean(true)));
        let Some(toml::Value::Table(entries)) = table.remove("keys") else {
            return Err(damaged("it holds no keys"));
        };
        let entries = entries
            .into_iter()
            .map(|(id, entry)| match entry {
                toml::Value::Table(entry) => read_entry(id, entry),
                _ => Err(damaged(format!("key {id} is not a table"))),
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            current,
            entries,
            is_sealing,
        })
    }

    /// Draws a new key and makes it the current one; says which it is.
    ///
    /// # Errors
    /// [`Kind::Io`] when there is no randomness.
    pub fn add(&mut self, mut random: Random<'_>, now: Timestamp) -> Result<KeyId> {
        let bytes = Zeroizing::new(random.bytes::<32>());
        random.finish()?;
        let secret = Zeroizing::new(hexadecimal(&*bytes));
        let key = Key::from_secret(&secret)?;
        let id = key.id().clone();
        self.entries.push(Entry {
            id: id.clone(),
            created_at: Some(now),
            held: Held::Whole { key, secret },
        });
        self.current = Some(id.clone());
        Ok(id)
    }

    /// Takes away everything of a key but what old audit entries need.
    pub fn retire(&mut self, id: &KeyId, now: Timestamp) {
        for entry in self.entries.iter_mut().filter(|entry| entry.id == *id) {
            if let Held::Whole { key, .. } = &entry.held {
                entry.held = Held::Audit {
                    key: key.audit_key(),
                    retired_at: Some(now),
                };
            }
        }
        self.current.take_if(|current| current == id);
    }

    /// The whole file.
    pub fn text(&self) -> Zeroizing<String> {
        // Room for all of it: text that grows leaves copies behind.
        let longest = self.entries.iter().map(|entry| match &entry.held {
            Held::Whole { secret, .. } => secret.len() * 6,
            Held::Audit { .. } => 64,
        });
        let room = 512 + longest.map(|length| length + 256).sum::<usize>();
        let mut text = Zeroizing::new(String::with_capacity(room));
        text.push_str(HEADER);
        if let Some(current) = &self.current {
            text.push_str(&format!("current = \"{current}\"\n"));
        }
        if self.is_sealing {
            text.push_str("sealed = true\n");
        }
        for entry in &self.entries {
            text.push_str(&format!("\n[keys.{}]\n", entry.id));
            if let Some(at) = entry.created_at {
                text.push_str(&format!("created_at = {at}\n"));
            }
            match &entry.held {
                Held::Whole { secret, .. } => {
                    text.push_str("secret = \"");
                    push_escaped(&mut text, secret);
                    text.push_str("\"\n");
                }
                Held::Audit { key, retired_at } => {
                    if let Some(at) = retired_at {
                        text.push_str(&format!("retired_at = {at}\n"));
                    }
                    text.push_str("audit = \"");
                    text.push_str(&key.to_hexadecimal());
                    text.push_str("\"\n");
                }
            }
        }
        text
    }
}

fn read_entry(id: String, mut entry: toml::Table) -> Result<Entry> {
    let mut moment = |name: &str| match entry.remove(name) {
        Some(toml::Value::Datetime(at)) => at.to_string().parse().ok(),
        _ => None,
    };
    let (created_at, retired_at) = (moment("created_at"), moment("retired_at"));
    let held = match (entry.remove("secret"), entry.remove("audit")) {
        (Some(toml::Value::String(secret)), _) => {
            let secret = Zeroizing::new(secret);
            let key = Key::from_secret(&secret)?;
            if key.id().as_str() != id {
                return Err(damaged(format!(
                    "the secret under {id} is the key {}; it was changed",
                    key.id()
                )));
            }
            Held::Whole { key, secret }
        }
        (None, Some(toml::Value::String(audit))) => {
            let audit = Zeroizing::new(audit);
            let is_an_id = id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            let key = AuditKey::from_hexadecimal(&audit).filter(|_| is_an_id);
            let key = key.ok_or_else(|| damaged("what is left of a retired key was changed"))?;
            Held::Audit { key, retired_at }
        }
        _ => return Err(damaged(format!("key {id} has no secret"))),
    };
    Ok(Entry {
        id: KeyId::new(id),
        created_at,
        held,
    })
}

/// As a TOML basic string; a secret that a person chose may hold anything.
fn push_escaped(text: &mut String, secret: &str) {
    for c in secret.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            c if c.is_control() => text.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => text.push(c),
        }
    }
}

/// The error for a key file that is none.
pub(super) fn damaged(why: impl std::fmt::Display) -> Error {
    Error::new(
        Kind::DamagedKey,
        format!("the key file cannot be read: {why}"),
    )
    .hint("put the key file back that belongs to this store; without it no code can be checked")
}

#[cfg(test)]
mod tests {
    use super::super::random::system_entropy;
    use super::*;
    use crate::model::time::from_millis;

    fn fresh() -> KeyFile {
        KeyFile::new(
            Random::from(&system_entropy()),
            from_millis(1_790_000_000_000),
        )
        .unwrap()
    }

    fn add(file: &mut KeyFile) -> KeyId {
        let now = from_millis(1_790_000_001_000);
        file.add(Random::from(&system_entropy()), now).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_letter_for_letter() {
        let mut file = fresh();
        let first = file.current.clone().unwrap();
        let second = add(&mut file);
        file.retire(&first, from_millis(1_790_000_002_000));
        let text = file.text();
        let again = KeyFile::parse(&text).unwrap();
        assert_eq!(again.current, Some(second));
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&again.text()), lines(&text));
        assert_eq!(text.matches("created_at = 2026-09-21T14:13:2").count(), 2);
        assert!(text.contains("retired_at = 2026-09-21T14:13:22Z\n"));
    }

    #[test]
    fn a_retired_key_leaves_nothing_of_its_secret() {
        let mut file = fresh();
        let id = file.current.clone().unwrap();
        let secret = file.text().rsplit('"').nth(1).unwrap().to_owned();
        add(&mut file);
        file.retire(&id, from_millis(0));
        assert!(!file.text().contains(&secret));
        assert!(file.text().contains("retired_at = 1970-01-01T00:00:00Z"));
        file.retire(&id, from_millis(1000));
        assert!(file.text().contains("retired_at = 1970-01-01T00:00:00Z"));
    }

    #[test]
    fn a_secret_that_a_person_chose_survives() {
        let secret = "\"quoted\" \\ and\ttabbed, at least 32 characters";
        let id = Key::from_secret(secret).unwrap().id().clone();
        let mut quoted = String::new();
        push_escaped(&mut quoted, secret);
        let text = format!("current = \"{id}\"\n[keys.{id}]\nsecret = \"{quoted}\"\n");
        let again = KeyFile::parse(&KeyFile::parse(&text).unwrap().text()).unwrap();
        assert_eq!(again.entries[0].id, id);
    }

    #[test]
    fn a_changed_secret_is_recognised() {
        let text = fresh().text();
        let secret = text.rsplit('"').nth(1).unwrap();
        let changed = text.replace(secret, &"0".repeat(64));
        let error = KeyFile::parse(&changed).err().unwrap();
        assert_eq!(error.kind(), Kind::DamagedKey);
    }
}
