//! Which code of another system is meant. What was typed leads to a hint only together with the batch, and
//! with the salt that system mixed in.

use std::collections::HashMap;

use crate::actions::codes::tried::Sight;
use crate::actions::desk::seals::Seals;
use crate::actions::desk::workspace::Workspace;
use crate::error::Result;
use crate::model::id::{BatchId, KeyId, UserId};
use crate::model::state::{BatchState, Elsewhere};
use crate::model::time::Timestamp;
use crate::secret::code::Code;
use crate::secret::hasher::Hasher;
use crate::secret::keyring::Keyring;
use crate::secret::moved::{Kept, MovedText};
use crate::secret::slow::Slow;
use crate::secret::slow_work::{MOST_IN_ALL, Work};
use crate::store::batches::Batch;
use crate::store::codes::{self, CodeRow};
use crate::store::{Connection, moved};

/// Whether codes of other systems may be typed: while anybody has some, for everybody alike.
///
/// # Errors
/// What reading the store says.
pub fn are_typed(workspace: &Workspace) -> Result<bool> {
    moved::any_open(workspace.store.read())
}

/// Which slow hashes every attempt with such a text computes, for everybody alike.
///
/// # Errors
/// What reading the store says.
pub fn work(workspace: &Workspace) -> Result<Work> {
    open_work(workspace.store.read(), workspace.origin.at)
}

/// The same of a store that is only looked at.
///
/// # Errors
/// What reading the store says.
pub fn open_work(connection: &Connection, now: Timestamp) -> Result<Work> {
    let mut work = Work::default();
    for text in moved::slow(connection, now, DIFFERENT)? {
        let mut more = work.clone();
        more.cover(&Work::read(&text));
        // More than that no import lets in.
        if more.count() <= MOST_IN_ALL {
            work = more;
        }
    }
    Ok(work)
}

/// Answers of different batches that are looked at: there are no more, unless somebody made them.
const DIFFERENT: usize = 1000;

/// Computes all of it for nothing.
pub(in crate::actions) fn pretend(work: &Work) -> Result<()> {
    let mut hasher = Hasher::default();
    let nothing = MovedText::stand_in();
    work.compute(Vec::<((), _)>::new(), |slow| hasher.slow(slow, &nothing))
        .map(drop)
}

/// A user's code, its batch, and what is read by it.
pub(in crate::actions) type Found = (CodeRow, Batch, Option<Code>);

/// The user's unpurged code that this is, with the code that stands for it. Codes under keys that the ring
/// lacks are none. Of a code that is hashed slowly elsewhere, one whose row was forged is found without
/// what is read by it, where no other is.
pub(in crate::actions) fn find(
    sight: Sight<'_>,
    user: UserId,
    typed: &MovedText,
) -> Result<Option<Found>> {
    let Sight { store, ring, .. } = sight;
    let mut rows = Vec::new();
    for batch in moved::of_user(store, user)? {
        let own = codes::of_batch(store, batch.id)?;
        rows.push((batch, own));
    }
    let Tried { digests, forged } = try_slow(sight, user, (typed, &rows))?;
    for (batch, own) in rows {
        let Some(from) = batch.imported_from else {
            continue;
        };
        let mut last: Option<(KeyId, Option<String>, Code)> = None;
        for row in own {
            let Some(key) = ring.get(&row.key_id) else {
                continue;
            };
            // Without salts it is the same for the whole batch.
            let read = match last {
                Some((id, salt, read)) if id == row.key_id && salt == row.salt => read,
                _ => {
                    let kept = match is_slow(&batch, &row) {
                        false => Some(&typed.kept(from, row.salt.as_deref())),
                        true => digests.get(&(row.batch_id, row.position)),
                    };
                    let Some(kept) = kept else {
                        last = None;
                        continue;
                    };
                    Code::of_kept(kept, key, from, &batch.name)
                }
            };
            if read.hint() == row.hint {
                return Ok(Some((row, batch, Some(read))));
            }
            last = Some((row.key_id, row.salt, read));
        }
    }
    Ok(forged.map(|(row, batch)| (row, batch, None)))
}

/// Whether another system hashed the code slowly.
fn is_slow(batch: &Batch, row: &CodeRow) -> bool {
    batch.imported_from == Some(Elsewhere::Csv) && row.salt.is_some()
}

/// What came of the slow hashes of a user's codes.
#[derive(Default)]
struct Tried {
    digests: HashMap<(BatchId, i64), Kept>,
    /// A code of an open batch that is not what it was.
    forged: Option<(CodeRow, Batch)>,
}

/// Computes as many slow hashes as everybody's attempts do, among them those of this user's codes that work:
/// whoever can write to the store could have others take any time.
fn try_slow(
    sight: Sight<'_>,
    user: UserId,
    (typed, rows): (&MovedText, &[(Batch, Vec<CodeRow>)]),
) -> Result<Tried> {
    let work = open_work(sight.store, sight.now)?;
    if work.count() == 0 {
        return Ok(Tried::default());
    }
    let (seals, mut tried, mut own) = (Seals::default(), Tried::default(), Vec::new());
    let is_known = seals.look(sight.store, sight.ring, user)?;
    let is_open = |batch: &Batch| matches!(batch.state, BatchState::Active | BatchState::Pending);
    for (batch, row) in rows
        .iter()
        .filter(|(batch, _)| is_open(batch))
        .flat_map(|(batch, own)| own.iter().map(move |row| (batch, row)))
        .filter(|(batch, row)| is_slow(batch, row))
    {
        let slow = row.salt.as_deref().and_then(Slow::from_salt_text);
        match slow.filter(|_| is_known && seals.holds(batch, row)) {
            Some(slow) => own.push(((row.batch_id, row.position), slow)),
            None => tried.forged = Some((row.clone(), batch.clone())),
        }
    }
    let (mut hasher, mut hashes) = (Hasher::default(), 0_u64);
    let computed = work.compute(own, |slow| {
        hashes += 1;
        hasher.slow(slow, typed)
    })?;
    if hashes > 0 {
        tracing::debug!(hashes, "slow hashes of another system");
    }
    tried.digests = computed.into_iter().collect();
    Ok(tried)
}

/// Makes sure that a user's codes can be read, before an attempt is counted: without the key they were
/// taken over with, right codes look like wrong ones.
///
/// # Errors
/// [`Kind::MissingKey`](crate::error::Kind::MissingKey).
pub(in crate::actions) fn require_readable(
    store: &Connection,
    ring: &Keyring,
    batch: &Batch,
) -> Result<()> {
    if batch.imported_from.is_none() {
        return Ok(());
    }
    for row in codes::of_batch(store, batch.id)? {
        ring.require(&row.key_id, "this user's codes")?;
    }
    Ok(())
}
