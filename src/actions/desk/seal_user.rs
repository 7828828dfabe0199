//! What is sealed of one user: whether it is what it was, and how it is sealed as it is now.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::actions::desk::tree::{Tree, forged};
use crate::error::Result;
use crate::model::id::{BatchId, UserId};
use crate::model::seal::{Digest, NOTHING, OpenBatch};
use crate::model::state::{BatchState, CodeState};
use crate::model::time::Timestamp;
use crate::model::user::{Email, fold_email};
use crate::secret::digest::Digesting;
use crate::store::batches::Batch;
use crate::store::codes::{self, CodeRow};
use crate::store::seals::{self, SealedUser};
use crate::store::users::User;
use crate::store::{Connection, Transaction};

/// Bytes of a code's digest. Nobody can choose what goes into it, so they are enough.
const CODE: usize = 16;

/// More codes than a batch ever has.
const MOST: usize = 10_000;

type CodeDigest = [u8; CODE];

/// What is known of one user: as it was proven, and then as a deed says it becomes. What is sealed is
/// made of this, and not of what the store says when the deed is done: that may be another row.
#[derive(Default)]
pub(in crate::actions) struct Known {
    /// Whether the user's row is what it was.
    pub holds: bool,
    /// From before the store was sealed, and not sealed yet.
    pub is_older: bool,
    user: Option<SealedUser>,
    /// Batches that are active or pending.
    pub open: BTreeMap<BatchId, Open>,
}

/// What is known of one batch.
pub(in crate::actions) struct Open {
    listed: Option<OpenBatch>,
    /// Its row, if that is what it was.
    batch: Option<Batch>,
    /// Of its codes, by position.
    digests: Vec<CodeDigest>,
    /// Codes that are not what they were.
    pub forged: BTreeSet<i64>,
}

impl Open {
    /// One that is new; its codes are told one by one.
    fn new(batch: Batch) -> Self {
        Self {
            listed: None,
            batch: Some(batch),
            digests: Vec::new(),
            forged: BTreeSet::new(),
        }
    }

    /// One that is taken for what it is.
    fn as_is(connection: &Connection, id: BatchId) -> Result<Option<Self>> {
        let Some((batch, _)) = seals::batch(connection, id)? else {
            return Ok(None);
        };
        let mut open = Self::new(batch.clone());
        for code in codes::of_batch(connection, id)? {
            open.put(&batch, &code);
        }
        Ok(Some(open))
    }

    /// The batch, if it was known before, and was active or pending then.
    pub fn listed(&self) -> Option<BatchId> {
        self.listed.map(|listed| listed.batch)
    }

    /// Whether its row is what it was.
    pub fn holds(&self) -> bool {
        self.batch.is_some()
    }

    fn look(connection: &Connection, listed: OpenBatch) -> Result<Self> {
        let mut open = Self {
            listed: Some(listed),
            batch: None,
            digests: Vec::new(),
            forged: BTreeSet::new(),
        };
        let Some((batch, digests)) = seals::batch(connection, listed.batch)? else {
            return Ok(open);
        };
        if batch.state != listed.state || digest_of_batch(&batch, &digests) != listed.digest {
            return Ok(open);
        }
        open.digests = digests.as_chunks::<CODE>().0.to_vec();
        for code in codes::of_batch(connection, batch.id)? {
            if digest_of_code(&batch, &code) != at(&open.digests, code.position) {
                open.forged.insert(code.position);
            }
        }
        open.batch = Some(batch);
        Ok(open)
    }

    /// Whether this row of the batch, and this row of a code, are the ones that were proven: another
    /// statement may have found others.
    fn is(&self, batch: &Batch, code: &CodeRow) -> bool {
        self.is_of(batch) && digest_of_code(batch, code) == at(&self.digests, code.position)
    }

    fn is_of(&self, batch: &Batch) -> bool {
        let digests = self.digests.as_flattened();
        let digest = digest_of_batch(batch, digests);
        self.batch
            .as_ref()
            .is_some_and(|known| digest_of_batch(known, digests) == digest)
    }

    fn put(&mut self, batch: &Batch, code: &CodeRow) {
        let Some(place) = place(code.position).filter(|place| *place < MOST) else {
            return;
        };
        if self.digests.len() <= place {
            self.digests.resize(place + 1, [0; CODE]);
        }
        if let Some(digest) = self.digests.get_mut(place) {
            *digest = digest_of_code(batch, code);
        }
    }

    fn seal(&self, tx: &Transaction<'_>, id: BatchId) -> Result<Option<OpenBatch>> {
        let Some(batch) = &self.batch else {
            // A purge took it, or somebody without the key changed it.
            let row = seals::batch(tx, id)?;
            let is_purged = row.is_none_or(|(batch, _)| batch.state == BatchState::Purged);
            return Ok(self.listed.filter(|_| !is_purged));
        };
        if !is_open(batch) {
            return Ok(None);
        }
        let digests = self.digests.as_flattened();
        let digest = digest_of_batch(batch, digests);
        if self.listed.is_none_or(|listed| listed.digest != digest) {
            seals::put_code_digests(tx, id, digests)?;
        }
        Ok(Some(OpenBatch {
            batch: id,
            state: batch.state,
            is_temporary: batch.is_temporary,
            digest,
        }))
    }
}

impl Known {
    /// Looks at everything that is sealed of a user. One who is not there is what they were if they
    /// are not in the tree.
    pub fn look(connection: &Connection, tree: &Tree, sealed_to: i64, id: UserId) -> Result<Self> {
        let is_older = id.0 > sealed_to;
        let user = seals::user(connection, id)?;
        let digest = user.as_ref().map_or(NOTHING, digest_of_user);
        let listed = user
            .as_ref()
            .map(|user| OpenBatch::decode(&user.open_batches));
        let mut known = Self {
            holds: is_older || tree.find(connection, number(id))? == Some(digest),
            is_older,
            user,
            open: BTreeMap::new(),
        };
        for listed in listed.unwrap_or_default() {
            let open = Open::look(connection, listed)?;
            known.open.insert(listed.batch, open);
        }
        Ok(known)
    }

    /// One who is taken for what they are.
    pub fn as_is(connection: &Connection, id: UserId) -> Result<Self> {
        let mut known = Self {
            holds: true,
            is_older: false,
            user: seals::user(connection, id)?,
            open: BTreeMap::new(),
        };
        for batch in seals::open_of(connection, id)? {
            if let Some(open) = Open::as_is(connection, batch)? {
                known.open.insert(batch, open);
            }
        }
        Ok(known)
    }

    /// One who is new, or nobody any more.
    pub fn new(user: Option<User>) -> Self {
        let user = user.map(|user| SealedUser {
            email_folded: user.email.as_ref().map(Email::folded),
            user,
            open_batches: Vec::new(),
        });
        Self {
            holds: true,
            user,
            ..Self::default()
        }
    }

    /// Whether this row is the one that was proven.
    pub fn is(&self, user: &User) -> bool {
        self.user.as_ref().is_some_and(|known| {
            let known = &known.user;
            (
                known.id,
                &known.name,
                &known.email,
                known.state,
                known.created_at,
            ) == (
                user.id,
                &user.name,
                &user.email,
                user.state,
                user.created_at,
            )
        })
    }

    /// Whether somebody who types this means them.
    pub fn is_called(&self, typed: &str) -> bool {
        self.user.as_ref().is_some_and(|known| {
            known.user.name.as_str() == typed
                || known.email_folded.as_deref() == Some(fold_email(typed).as_str())
        })
    }

    /// The user becomes this.
    pub fn becomes(&mut self, change: impl FnOnce(&mut User)) {
        if let Some(known) = &mut self.user {
            change(&mut known.user);
            known.email_folded = known.user.email.as_ref().map(Email::folded);
        }
    }

    /// A batch is new. Those that are not what they were are given up for it: put back as they were, they
    /// would work again.
    pub fn issue(&mut self, batch: Batch) {
        self.open.retain(|_, open| open.holds());
        self.open.insert(batch.id, Open::new(batch));
    }

    /// A batch becomes this, if it is what it was; if not, it can still end.
    pub fn batch_becomes(&mut self, batch: &Batch, change: impl FnOnce(&mut Batch)) {
        let Some(open) = self.open.get_mut(&batch.id) else {
            return;
        };
        if let Some(known) = &mut open.batch {
            return change(known);
        }
        let mut row = batch.clone();
        change(&mut row);
        if !is_open(&row) {
            self.open.remove(&batch.id);
        }
    }

    /// The batches of one epoch become those of another.
    pub fn move_epoch(&mut self, from: i64, to: i64) {
        let batches = self
            .open
            .values_mut()
            .filter_map(|open| open.batch.as_mut());
        for batch in batches.filter(|batch| batch.epoch == from) {
            batch.epoch = to;
        }
    }

    /// A code of a batch that is open becomes this.
    pub fn code_becomes(&mut self, batch: &Batch, code: &CodeRow) {
        if let Some(open) = self.open.get_mut(&batch.id) {
            open.put(batch, code);
        }
    }

    /// Whether this code of theirs is what it was. Of a batch that has ended nothing is sealed: it
    /// opens nothing. A purge ends those in which no code is left, and says so nowhere else.
    pub fn holds_code(&self, batch: &Batch, code: &CodeRow) -> bool {
        if self.is_older {
            return true;
        }
        match self.open.get(&batch.id) {
            Some(open) => open.is(batch, code),
            None => !is_open(batch),
        }
    }

    /// Whether this open batch of theirs is what it was, and this row the one that was proven.
    pub fn holds_batch(&self, batch: &Batch) -> bool {
        self.is_older
            || self
                .open
                .get(&batch.id)
                .is_some_and(|open| open.is_of(batch))
    }

    /// Seals them as they are known; says what digest they have.
    pub fn seal(&self, tx: &Transaction<'_>, id: UserId) -> Result<Digest> {
        let Some(mut user) = self.user.clone() else {
            return Ok(NOTHING);
        };
        let mut list: Vec<OpenBatch> = Vec::new();
        let mut roles = HashSet::new();
        for (batch, open) in &self.open {
            let Some(sealed) = open.seal(tx, *batch)? else {
                continue;
            };
            // A deed finds what it ends by an index, which may have been made to hide it.
            if !roles.insert((sealed.state, sealed.is_temporary)) {
                return Err(forged("a batch, or an index of the table batches"));
            }
            list.push(sealed);
        }
        let list = OpenBatch::encode(&list);
        if user.open_batches != list {
            seals::put_open_batches(tx, id, &list)?;
            user.open_batches = list;
        }
        Ok(digest_of_user(&user))
    }
}

fn is_open(batch: &Batch) -> bool {
    matches!(batch.state, BatchState::Active | BatchState::Pending)
}

/// The place of a user in the tree.
pub(in crate::actions) fn number(id: UserId) -> u64 {
    u64::try_from(id.0).unwrap_or(0)
}

fn place(position: i64) -> Option<usize> {
    usize::try_from(position.checked_sub(1)?).ok()
}

fn at(digests: &[CodeDigest], position: i64) -> CodeDigest {
    let digest = place(position).and_then(|place| digests.get(place));
    digest.copied().unwrap_or_default()
}

fn digest_of_user(sealed: &SealedUser) -> Digest {
    let user = &sealed.user;
    Digesting::of("user")
        .number(user.id.0)
        .text(user.name.as_str())
        .maybe_text(user.email.as_ref().map(|email| email.as_str()))
        .maybe_text(sealed.email_folded.as_deref())
        .text(user.state.word())
        .number(user.created_at.as_millisecond())
        .bytes(&sealed.open_batches)
        .finish()
}

fn digest_of_batch(batch: &Batch, codes: &[u8]) -> Digest {
    // A sheet has the digest that it had before there were temporary codes.
    Digesting::of(["batch", "temporary batch"][usize::from(batch.is_temporary)])
        .number(batch.id.0)
        .text(batch.name.as_str())
        .number(batch.user_id.0)
        .number(batch.ordinal)
        .text(batch.state.word())
        .text(batch.alphabet.word())
        .number(batch.epoch)
        .number(batch.created_at.as_millisecond())
        .maybe_number(batch.expires_at.map(Timestamp::as_millisecond))
        .maybe_number(batch.confirmed_at.map(Timestamp::as_millisecond))
        .maybe_text(batch.imported_from.map(|place| place.word()))
        .number(batch.is_bound.into())
        .bytes(&batch.issued.to_be_bytes())
        .bytes(codes)
        .also(batch.is_weak.then_some("weak"))
        .finish()
}

/// Zeros for a code that never works again.
fn digest_of_code(batch: &Batch, code: &CodeRow) -> CodeDigest {
    if !matches!(code.state, CodeState::Active | CodeState::Invalidated) {
        return [0; CODE];
    }
    let digest = Digesting::of("code")
        .text(batch.name.as_str())
        .number(code.position)
        .text(&code.hint)
        .text(code.state.word())
        .text(&code.hash)
        .text(code.key_id.as_str())
        .also(code.salt.as_deref())
        .finish();
    digest.first_chunk::<CODE>().copied().unwrap_or_default()
}
