//! What an audit entry is about.

use std::fmt;

use super::id::{KeyId, UserId};
use super::seal::Seals;
use super::state::words;
use super::time::Timestamp;
use super::user::{Actor, quote};
use crate::error::{Error, Kind, Result};

words! {
    /// The deed an entry records.
    pub enum Action {
        StoreCreated = "store.created",
        StoreBackedUp = "store.backed_up",
        StoreRestored = "store.restored",
        StoreSealed = "store.sealed",
        StoreForged = "store.forged",
        StoreMoved = "store.moved",
        ClockAccepted = "clock.accepted",
        UserAdded = "user.added",
        UserEdited = "user.edited",
        UserEnabled = "user.enabled",
        UserDisabled = "user.disabled",
        UserRemoved = "user.removed",
        BatchGenerated = "batch.generated",
        BatchImported = "batch.imported",
        CodesImported = "codes.imported",
        BatchConfirmed = "batch.confirmed",
        BatchDeleted = "batch.deleted",
        CodeUsed = "code.used",
        CodeInvalidated = "code.invalidated",
        CodeReactivated = "code.reactivated",
        CodeDeleted = "code.deleted",
        CodesExported = "codes.exported",
        ExportReleased = "export.released",
        CodesEmailed = "codes.emailed",
        UserReminded = "user.reminded",
        CodesTrusted = "codes.trusted",
        SessionEnded = "session.ended",
        CodesPurged = "codes.purged",
        LogPruned = "log.pruned",
        ScheduleAdded = "schedule.added",
        ScheduleEdited = "schedule.edited",
        ScheduleEnabled = "schedule.enabled",
        ScheduleDisabled = "schedule.disabled",
        ScheduleRemoved = "schedule.removed",
        TasksFlushed = "tasks.flushed",
        TaskRetried = "task.retried",
        LimiterLocked = "limiter.locked",
        LimiterReset = "limiter.reset",
        KeyRotated = "key.rotated",
        KeyRetired = "key.retired",
    }
}

/// Who does it, why, and when: what every entry of one run has in common.
#[derive(Clone, Debug)]
pub struct Origin {
    /// When the command was given.
    pub at: Timestamp,
    /// Who gave it.
    pub actor: Actor,
    /// The `--reason`, if one was given.
    pub reason: Option<String>,
}

/// A deed before it is chained.
#[derive(Clone, Debug)]
pub struct Deed {
    /// What was done.
    pub action: Action,
    /// To whom.
    pub user: Option<(UserId, String)>,
    /// The public id of the batch it concerns.
    pub batch: Option<String>,
    /// The hint of the code it concerns.
    pub hint: Option<String>,
    /// Small facts in words: "10 codes", "renamed from bob"; never a secret.
    pub details: Option<String>,
}

impl Deed {
    /// A deed that concerns nobody yet.
    pub fn new(action: Action) -> Self {
        Self {
            action,
            user: None,
            batch: None,
            hint: None,
            details: None,
        }
    }

    /// Names the user.
    pub fn user(mut self, id: UserId, name: &str) -> Self {
        self.user = Some((id, name.to_owned()));
        self
    }

    /// Names the batch.
    pub fn batch(mut self, batch: &super::id::BatchName) -> Self {
        self.batch = Some(batch.as_str().to_owned());
        self
    }

    /// Names the code by its hint.
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// Adds facts.
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into());
        self
    }
}

/// The bytes of a keyed digest that chains one entry to the one before it.
pub type Mac = [u8; 32];

/// The digest "before the first entry".
pub const NO_MAC: Mac = [0; 32];

/// One entry with its place in the chain.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number: 1, 2, 3 ... without a gap.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// Why, if it was said.
    pub reason: Option<String>,
    /// The word of the [`Action`]; a word here, because a later version may know more of them.
    pub action: String,
    /// The user's number, if it concerns one.
    pub user_id: Option<UserId>,
    /// The user's name at the time.
    pub user: Option<String>,
    /// The batch's public id.
    pub batch: Option<String>,
    /// The code's hint.
    pub hint: Option<String>,
    /// Small facts in words.
    pub details: Option<String>,
    /// Which key the digest was made with.
    pub key: KeyId,
    /// The digest over the digest before it and all of the above.
    pub mac: Mac,
}

impl Entry {
    /// Everything the digest covers, each field with its length before it, so that no two
    /// entries have the same text.
    pub fn covered(&self, previous: &Mac) -> Vec<u8> {
        let mut text = Vec::with_capacity(256);
        let mut field = |bytes: Option<&[u8]>| match bytes {
            Some(bytes) => {
                text.push(1);
                text.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
                text.extend_from_slice(bytes);
            }
            None => text.push(0),
        };
        field(Some(previous));
        field(Some(&self.number.to_be_bytes()));
        field(Some(&self.at.as_millisecond().to_be_bytes()));
        field(Some(self.actor.as_bytes()));
        field(self.reason.as_deref().map(str::as_bytes));
        field(Some(self.action.as_bytes()));
        field(
            self.user_id
                .map(|id| id.0.to_be_bytes())
                .as_ref()
                .map(|id| &id[..]),
        );
        field(self.user.as_deref().map(str::as_bytes));
        field(self.batch.as_deref().map(str::as_bytes));
        field(self.hint.as_deref().map(str::as_bytes));
        field(self.details.as_deref().map(str::as_bytes));
        field(Some(self.key.as_str().as_bytes()));
        text
    }
}

/// Where the chain begins and ends: kept beside it under a digest of its own, so that a lost
/// tail or a cut beginning is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Entries that pruning has taken; the chain begins after them.
    pub pruned: i64,
    /// The digest of the last pruned entry, [`NO_MAC`] if there is none.
    pub pruned_mac: Mac,
    /// Entries ever written.
    pub count: i64,
    /// The digest of the last entry, [`NO_MAC`] if there is none.
    pub last_mac: Mac,
    /// What hangs from it; none in a store of an earlier version that is not sealed yet.
    pub seals: Option<Seals>,
    /// Which key the head's own digest was made with.
    pub key: KeyId,
    /// The head's own digest.
    pub mac: Mac,
}

impl Head {
    /// Everything the head's digest covers.
    pub fn covered(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(192);
        text.extend_from_slice(b"head");
        text.extend_from_slice(&self.pruned.to_be_bytes());
        text.extend_from_slice(&self.pruned_mac);
        text.extend_from_slice(&self.count.to_be_bytes());
        text.extend_from_slice(&self.last_mac);
        text.extend_from_slice(self.key.as_str().as_bytes());
        if let Some(seals) = &self.seals {
            text.extend_from_slice(b"seals");
            text.extend_from_slice(&seals.root);
            text.extend_from_slice(&seals.height.to_be_bytes());
            text.extend_from_slice(&seals.sealed_to.to_be_bytes());
            text.extend_from_slice(&seals.world);
            text.extend_from_slice(&seals.seen_at.as_millisecond().to_be_bytes());
        }
        text
    }
}

/// The number and digest of an entry, as they are written down elsewhere. Number 0 stands for
/// the beginning, before any entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub number: i64,
    pub mac: Mac,
}

impl Anchor {
    /// Reads `N:DIGEST`.
    ///
    /// # Errors
    /// [`Kind::Usage`].
    pub fn parse(text: &str) -> Result<Self> {
        let refused = || {
            Error::new(
                Kind::Usage,
                format!("{} is not the number and digest of an entry", quote(text)),
            )
            .hint("give what `recovery-codes log verify --head` printed: a number, a colon and 64 hexadecimal digits")
        };
        let (number, digest) = text.trim().split_once(':').ok_or_else(refused)?;
        let is_plain = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if !is_plain(digest, 64) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        let mut mac = NO_MAC;
        for (byte, pair) in mac.iter_mut().zip(digest.as_bytes().chunks(2)) {
            let pair = str::from_utf8(pair).map_err(|_| refused())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| refused())?;
        }
        Ok(Self {
            number: number.parse().map_err(|_| refused())?,
            mac,
        })
    }

    /// The digest in hexadecimal.
    pub fn digest(&self) -> String {
        self.mac.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.digest())
    }
}
