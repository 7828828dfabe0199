//! Which code is meant, whether it is the right one, and what stands against it: one row is looked
//! up and one hash computed, whatever is wrong.

use crate::actions::codes::moved;
use crate::actions::codes::tried::Sight;
use crate::actions::desk::seals::Seals;
use crate::actions::moving::django_key;
use crate::error::Result;
use crate::model::alphabet::Alphabet;
use crate::model::attempt::Outcome;
use crate::model::id::{BatchId, UserId};
use crate::model::seal::OpenBatch;
use crate::model::state::{BatchState, CodeState, Elsewhere, UserState};
use crate::model::time::Timestamp;
use crate::secret::code::{Code, TypedCode};
use crate::secret::hash::{self, CodeHash, Comparison};
use crate::secret::hasher::Hasher;
use crate::secret::keyring::Keyring;
use crate::secret::place::{self, Place};
use crate::store::batches::{self, Batch};
use crate::store::codes::{self, CodeRow, Hints};
use crate::store::users::{self, User};
use crate::store::{Connection, Transaction, meta, seals};

/// The number of a user who is not there; those of users begin with 1.
pub(in crate::actions) const NOBODY: UserId = UserId(0);

/// What a decision is made about.
pub(in crate::actions) struct Match {
    pub user: User,
    pub code: CodeRow,
    pub batch: Batch,
}

/// The code that was found by its hint, and what comparing its hash said.
pub(in crate::actions) struct Checked {
    pub candidate: Option<(CodeRow, Batch)>,
    pub verdict: Verdict,
}

/// What comparing the hash said.
pub(in crate::actions) enum Verdict {
    /// With what takes the place of the hash when the code is used.
    Matches(String),
    /// No code of this user begins so, or the rest is wrong.
    Differs,
    /// A code that is dead anyway, and whose key is no longer there.
    Keyless,
}

/// What was found, while the hash that it needs is computed.
pub(in crate::actions) struct Checking {
    pub candidate: Option<(CodeRow, Batch)>,
    means: Means,
    /// The user's open batches, as far as it pays to know them now.
    pub open: Vec<BatchId>,
}

/// What it means that the hash is the one that was stored; without such, nothing does.
enum Means {
    Match(String),
    Nothing,
    Keyless,
}

impl Checking {
    /// Waits for the hash, and says what comparing it said.
    ///
    /// # Errors
    /// [`Kind::Io`](crate::error::Kind::Io) where there is no memory for it.
    pub fn finish(self, hasher: &mut Hasher) -> Result<Checked> {
        let verdict = match (hasher.finish()?, self.means) {
            (_, Means::Keyless) => Verdict::Keyless,
            (true, Means::Match(mark)) => Verdict::Matches(mark),
            (false, _) | (true, Means::Nothing) => Verdict::Differs,
        };
        Ok(Checked {
            candidate: self.candidate,
            verdict,
        })
    }
}

/// A code that was looked up by its hint, and how what was typed is read where it is that one.
#[derive(Default)]
pub(in crate::actions) struct Found {
    candidate: Option<(CodeRow, Batch)>,
    read: Option<Reading>,
    open: Vec<BatchId>,
}

/// How what was typed is read.
enum Reading {
    /// As a code of this program.
    In(Alphabet),
    /// As what stands for a code of another system.
    As(Code),
}

/// Looks up the one row the hint points at; what only another system's code can be has none here. Codes of nobody are looked up too: not looking takes less time.
///
/// # Errors
/// What reading the store says.
pub(in crate::actions) fn look_up(
    store: &Connection,
    ring: &Keyring,
    user: Option<&User>,
    typed: &TypedCode,
) -> Result<Found> {
    if typed.moved().is_some() {
        return Ok(Found::default());
    }
    let id = user.map_or(NOBODY, |user| user.id);
    let django = ring.django().and_then(|key| key.read(typed));
    let hints = Hints {
        django: django.as_ref().map(Code::hint),
        ..hints(typed)
    };
    let candidate = codes::by_hint(store, id, hints)?;
    let read = candidate
        .as_ref()
        .and_then(|(_, batch)| match batch.imported_from {
            Some(Elsewhere::Django) => django.map(Reading::As),
            Some(_) => None,
            None => Some(Reading::In(batch.alphabet)),
        });
    let mut open = Vec::new();
    if store.is_far()
        && let Some(user) = seals::user(store, id)?
    {
        let listed = OpenBatch::decode(&user.open_batches).into_iter();
        open.extend(listed.map(|listed| listed.batch));
    }
    Ok(Found {
        candidate,
        read,
        open,
    })
}

/// The hints of a code of this program.
fn hints(typed: &TypedCode) -> Hints<'_> {
    let hint = |alphabet| typed.in_alphabet(alphabet).map(Code::hint);
    Hints {
        full: hint(Alphabet::Full),
        typeable: hint(Alphabet::Typeable),
        django: None,
        moved: None,
    }
}

/// The same for what only another system's code can be.
///
/// # Errors
/// As [`moved::find`].
pub(in crate::actions) fn look_up_moved(
    sight: Sight<'_>,
    user: Option<&User>,
    typed: &TypedCode,
) -> Result<Found> {
    let Some(text) = typed.moved() else {
        return Ok(Found::default());
    };
    let id = user.map_or(NOBODY, |user| user.id);
    let found = moved::find(sight, id, text)?;
    let (candidate, read) = found.map_or((None, None), |(code, batch, read)| {
        (Some((code, batch)), read.map(Reading::As))
    });
    Ok(Found {
        candidate,
        read,
        open: Vec::new(),
    })
}

/// Begins to compute the one hash of what was found, or one for nothing.
///
/// # Errors
/// [`Kind::MissingKey`](crate::error::Kind::MissingKey) for a code that could be accepted if
/// only its key were there: it must not be called wrong.
pub(in crate::actions) fn begin(
    sight: Sight<'_>,
    hasher: &mut Hasher,
    user: Option<&User>,
    typed: &TypedCode,
    found: Found,
) -> Result<Checking> {
    let read = match &found.read {
        Some(Reading::In(alphabet)) => typed.in_alphabet(*alphabet),
        Some(Reading::As(code)) => Some(code),
        None => None,
    };
    let (comparison, means) = match (&found.candidate, read) {
        (Some((code, batch)), Some(read)) => compare(sight, user, (code, batch), read)?,
        _ => (
            Comparison::pretended(typed.any(), sight.cost, sight.ring.current())?,
            Means::Nothing,
        ),
    };
    hasher.start(comparison);
    Ok(Checking {
        candidate: found.candidate,
        means,
        open: found.open,
    })
}

fn compare(
    sight: Sight<'_>,
    user: Option<&User>,
    (code, batch): (&CodeRow, &Batch),
    read: &Code,
) -> Result<(Comparison, Means)> {
    let Sight { ring, cost, .. } = sight;
    let pretended = || Comparison::pretended(read, cost, ring.current());
    if ring.get(&code.key_id).is_none() && is_dead(sight, user, code, batch)? {
        return Ok((pretended()?, Means::Keyless));
    }
    let key = ring.require(&code.key_id, "this code")?;
    let hash = CodeHash {
        phc: code.hash.clone(),
        key: code.key_id.clone(),
    };
    let place = place_of(batch, code);
    // Whoever can write to the store could have a hash take any time.
    if !hash::is_affordable(&hash.phc, cost) && !is_proven(sight, user, (code, batch))? {
        return Ok((pretended()?, Means::Nothing));
    }
    let comparison = Comparison::with(read, &hash, place.as_ref(), ring, cost)?;
    let mark = place::used_mark(read, place.as_ref(), key);
    Ok((comparison, Means::Match(mark)))
}

/// Whether a code is what it was, as far as one reading can tell.
fn is_proven(
    sight: Sight<'_>,
    user: Option<&User>,
    (code, batch): (&CodeRow, &Batch),
) -> Result<bool> {
    let seals = Seals::default();
    Ok(match user {
        Some(user) => seals.look(sight.store, sight.ring, user.id)? && seals.holds(batch, code),
        None => false,
    })
}

/// Where the hash of a code is bound to, if it is.
fn place_of<'a>(batch: &'a Batch, code: &CodeRow) -> Option<Place<'a>> {
    batch.is_bound.then(|| Place {
        batch: &batch.name,
        position: u64::try_from(code.position).unwrap_or(0),
        reading: match batch.imported_from {
            Some(from) => from.word(),
            None => batch.alphabet.word(),
        },
        expires_at: batch.expires_at,
    })
}

/// Makes sure that the user's codes can be read, before an attempt is counted: without the key of
/// the application that issued them, right codes look like wrong ones.
///
/// # Errors
/// As [`django_key::require`], unless what was typed is a code that was issued here.
pub(in crate::actions) fn require_readable(
    store: &Connection,
    ring: &Keyring,
    user: &User,
    typed: &TypedCode,
) -> Result<()> {
    let batch = batches::in_state(store, user.id, BatchState::Active)?;
    if let (Some(batch), Some(_)) = (&batch, typed.moved()) {
        return moved::require_readable(store, ring, batch);
    }
    if batch.is_none_or(|batch| batch.imported_from != Some(Elsewhere::Django)) {
        return Ok(());
    }
    match codes::by_hint(store, user.id, hints(typed))? {
        Some(_) => Ok(()),
        None => django_key::require(store, ring, "this user's codes"),
    }
}

/// Whether a code is refused whatever its hash says.
fn is_dead(sight: Sight<'_>, user: Option<&User>, code: &CodeRow, batch: &Batch) -> Result<bool> {
    Ok(code.state != CodeState::Active
        || !matches!(batch.state, BatchState::Active | BatchState::Pending)
        || batch.is_expired(sight.now)
        || user.is_some_and(|user| user.state == UserState::Disabled)
        || batch.epoch < meta::get(sight.store)?.epoch)
}

/// Reads again, inside the deciding transaction, what may have changed while the hash was
/// computed; none if the code is no longer the one that was compared.
pub(in crate::actions) fn refresh(
    tx: &Transaction<'_>,
    user: &User,
    (code, batch): (&CodeRow, &Batch),
) -> Result<Option<Match>> {
    let compared = &code.hash;
    let user = users::by_id(tx, user.id)?;
    let batch = batches::by_id(tx, batch.id)?;
    let code = codes::by_position(tx, code.batch_id, code.position)?;
    Ok(match (user, batch, code) {
        (Some(user), Some(batch), Some(code))
            if code.hash == *compared || place::is_used_mark(&code.hash) =>
        {
            Some(Match { user, code, batch })
        }
        _ => None,
    })
}

/// Asks ahead what [`refresh`] asks.
pub(in crate::actions) fn refresh_ahead(
    store: &Connection,
    user: &User,
    (code, batch): (&CodeRow, &Batch),
) {
    drop(users::by_id(store, user.id));
    drop(batches::by_id(store, batch.id));
    drop(codes::by_position(store, code.batch_id, code.position));
}

/// Why a code whose hash matched is refused; none if nothing stands against it.
pub(in crate::actions) fn objection(
    tx: &Transaction<'_>,
    found: &Match,
    now: Timestamp,
) -> Result<Option<Outcome>> {
    let epoch = meta::get(tx)?.epoch;
    let reason = if found.user.state == UserState::Disabled {
        Outcome::Disabled
    } else if found.code.state == CodeState::Used {
        Outcome::Used
    } else if found.batch.state == BatchState::Superseded {
        Outcome::Superseded
    } else if found.batch.state == BatchState::Deleted || found.code.state == CodeState::Deleted {
        Outcome::Deleted
    } else if found.code.state == CodeState::Invalidated {
        Outcome::Invalidated
    } else if found.batch.is_expired(now) {
        Outcome::Expired
    } else if found.batch.epoch < epoch {
        Outcome::Outdated
    } else if place::is_used_mark(&found.code.hash) {
        Outcome::Used
    } else {
        return Ok(None);
    };
    Ok(Some(reason))
}
