//! What is sealed of one user: whether it is what it was, and how it is sealed as it is now.

use std::collections::{BTreeMap, BTreeSet};

use crate::actions::desk::tree::Tree;
use crate::error::Result;
use crate::model::id::{BatchId, UserId};
use crate::model::seal::{Digest, NOTHING, OpenBatch};
use crate::model::state::{BatchState, CodeState};
use crate::model::time::Timestamp;
use crate::secret::digest::Digesting;
use crate::store::batches::Batch;
use crate::store::codes::{self, CodeRow};
use crate::store::seals::{self, SealedUser};
use crate::store::{Connection, Transaction};

/// Bytes of a code's digest. Nobody can choose what goes into it, so they are enough.
const CODE: usize = 16;

/// More codes than a batch ever has.
const MOST: usize = 10_000;

type CodeDigest = [u8; CODE];

/// What is known of one user.
#[derive(Default)]
pub(in crate::actions) struct Known {
    /// Whether the user's row is what it was.
    pub holds: bool,
    /// From before the store was sealed, and not sealed yet.
    pub is_older: bool,
    /// Batches that are active or pending.
    pub open: BTreeMap<BatchId, Open>,
}

/// What is known of one batch.
pub(in crate::actions) struct Open {
    listed: Option<OpenBatch>,
    /// The digests of its codes, if it is what it was when they were taken.
    codes: Option<Vec<CodeDigest>>,
    /// Codes that are not what they were.
    pub forged: BTreeSet<i64>,
}

impl Open {
    /// One that nobody knew before.
    pub fn new() -> Self {
        Self {
            listed: None,
            codes: Some(Vec::new()),
            forged: BTreeSet::new(),
        }
    }

    /// The batch, if it was known before, and was active or pending then.
    pub fn listed(&self) -> Option<BatchId> {
        self.listed.map(|listed| listed.batch)
    }

    /// Whether its row is what it was.
    pub fn holds(&self) -> bool {
        self.codes.is_some()
    }

    fn look(connection: &Connection, listed: OpenBatch) -> Result<Self> {
        let mut open = Self {
            listed: Some(listed),
            codes: None,
            forged: BTreeSet::new(),
        };
        let Some((batch, digests)) = seals::batch(connection, listed.batch)? else {
            return Ok(open);
        };
        if batch.state != listed.state || digest_of_batch(&batch, &digests) != listed.digest {
            return Ok(open);
        }
        let digests = digests.as_chunks::<CODE>().0.to_vec();
        for code in codes::of_batch(connection, batch.id)? {
            if digest_of_code(&batch, &code) != at(&digests, code.position) {
                open.forged.insert(code.position);
            }
        }
        open.codes = Some(digests);
        Ok(open)
    }

    /// Seals it as it is, but not what did not hold before.
    fn seal(&self, tx: &Transaction<'_>, id: BatchId) -> Result<Option<OpenBatch>> {
        let Some(before) = &self.codes else {
            return Ok(self.listed);
        };
        let Some((batch, _)) = seals::batch(tx, id)? else {
            return Ok(None);
        };
        let codes = codes::of_batch(tx, id)?;
        // What a row says of their number is not to be believed before it is proven.
        let length = match before.len() {
            0 => codes.iter().filter_map(|code| place(code.position)).max(),
            known => known.checked_sub(1),
        };
        let length = length.map_or(0, |last| last.min(MOST) + 1);
        let mut digests = vec![[0; CODE]; length];
        for code in codes {
            let digest = match self.forged.contains(&code.position) {
                true => at(before, code.position),
                false => digest_of_code(&batch, &code),
            };
            if let Some(place) = place(code.position).and_then(|place| digests.get_mut(place)) {
                *place = digest;
            }
        }
        let digests = digests.into_flattened();
        seals::put_code_digests(tx, id, &digests)?;
        Ok(Some(OpenBatch {
            batch: id,
            state: batch.state,
            digest: digest_of_batch(&batch, &digests),
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
        let mut known = Self {
            holds: is_older || tree.find(connection, number(id))? == Some(digest),
            is_older,
            open: BTreeMap::new(),
        };
        let listed = user.map(|user| OpenBatch::decode(&user.open_batches));
        for listed in listed.unwrap_or_default() {
            let open = Open::look(connection, listed)?;
            known.open.insert(listed.batch, open);
        }
        Ok(known)
    }

    /// One who is taken for what they are.
    pub fn as_is(connection: &Connection, id: UserId) -> Result<Self> {
        let open = seals::open_of(connection, id)?;
        Ok(Self {
            holds: true,
            is_older: false,
            open: open.into_iter().map(|batch| (batch, Open::new())).collect(),
        })
    }

    /// Whether this code of theirs is what it was. Of a batch that has ended nothing is sealed: it
    /// opens nothing. A purge ends those in which no code is left, and says so nowhere else.
    pub fn holds_code(&self, batch: &Batch, code: &CodeRow) -> bool {
        if self.is_older {
            return true;
        }
        match self.open.get(&batch.id) {
            Some(open) => open.holds() && !open.forged.contains(&code.position),
            None => !matches!(batch.state, BatchState::Active | BatchState::Pending),
        }
    }

    /// Whether this open batch of theirs is what it was.
    pub fn holds_batch(&self, batch: BatchId) -> bool {
        self.is_older || self.open.get(&batch).is_some_and(Open::holds)
    }

    /// Seals them as they are, but not what did not hold before; says what digest they have.
    pub fn seal(&self, tx: &Transaction<'_>, id: UserId) -> Result<Digest> {
        let Some(mut user) = seals::user(tx, id)? else {
            return Ok(NOTHING);
        };
        let mut list = Vec::new();
        for batch in seals::open_of(tx, id)? {
            // One that is not known was opened by somebody else.
            if let Some(open) = self.open.get(&batch) {
                list.extend(open.seal(tx, batch)?);
            }
        }
        let list = OpenBatch::encode(&list);
        if user.open_batches != list {
            seals::put_open_batches(tx, id, &list)?;
            user.open_batches = list;
        }
        Ok(digest_of_user(&user))
    }
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
    let moment = |at: Option<Timestamp>| at.map(|at| at.as_millisecond());
    Digesting::of("batch")
        .number(batch.id.0)
        .text(batch.name.as_str())
        .number(batch.user_id.0)
        .number(batch.ordinal)
        .text(batch.state.word())
        .text(batch.alphabet.word())
        .number(batch.epoch)
        .number(batch.created_at.as_millisecond())
        .maybe_number(moment(batch.expires_at))
        .maybe_number(moment(batch.confirmed_at))
        .maybe_text(batch.imported_from.map(|place| place.word()))
        .number(batch.is_bound.into())
        .bytes(&batch.issued.to_be_bytes())
        .bytes(codes)
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
        .finish();
    digest.first_chunk::<CODE>().copied().unwrap_or_default()
}
