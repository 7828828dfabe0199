//! Which code is meant, whether it is the right one, and what stands against it: one row is looked
//! up and one hash computed, whatever is wrong.

use crate::actions::codes::moved;
use crate::actions::desk::seals::Seals;
use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::django_key;
use crate::error::Result;
use crate::model::alphabet::Alphabet;
use crate::model::attempt::Outcome;
use crate::model::id::{BatchId, UserId};
use crate::model::seal::OpenBatch;
use crate::model::state::{BatchState, CodeState, Elsewhere, UserState};
use crate::model::time::Timestamp;
use crate::secret::code::{Code, TypedCode};
use crate::secret::hash::{self, CodeHash, Hasher};
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

/// A code that was looked up by its hint, and how what was typed is read where it is that one.
#[derive(Default)]
pub(in crate::actions) struct Found {
    pub candidate: Option<(CodeRow, Batch)>,
    read: Option<Reading>,
    /// The user's open batches, as far as it pays to know them now.
    pub open: Vec<BatchId>,
}

/// How what was typed is read.
enum Reading {
    /// As a code of this program.
    In(Alphabet),
    /// As what stands for a code of another system.
    As(Code),
}

/// Looks up the one row the hint points at. What only another system's code can be has none here: see
/// [`check`]. Codes of nobody are looked up too: not looking takes less time.
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

/// Compares one hash with the row that was found, or does the same work for nothing.
///
/// # Errors
/// [`Kind::MissingKey`](crate::error::Kind::MissingKey) for a code that could be accepted if
/// only its key were there: it must not be called wrong.
pub(in crate::actions) fn check(
    workspace: &Workspace,
    hasher: &mut Hasher,
    user: Option<&User>,
    typed: &TypedCode,
    found: Found,
) -> Result<Checked> {
    if let Some(text) = typed.moved() {
        let id = user.map_or(NOBODY, |user| user.id);
        let found = moved::find(workspace, id, text)?;
        let (candidate, read) = found.map_or((None, None), |(code, batch, read)| {
            (Some((code, batch)), Some(read))
        });
        return verdict(workspace, hasher, user, typed, (candidate, read.as_ref()));
    }
    let read = match &found.read {
        Some(Reading::In(alphabet)) => typed.in_alphabet(*alphabet),
        Some(Reading::As(code)) => Some(code),
        None => None,
    };
    verdict(workspace, hasher, user, typed, (found.candidate, read))
}

/// Compares one hash, or does the same work for nothing.
fn verdict(
    workspace: &Workspace,
    hasher: &mut Hasher,
    user: Option<&User>,
    typed: &TypedCode,
    (candidate, read): (Option<(CodeRow, Batch)>, Option<&Code>),
) -> Result<Checked> {
    let verdict = match (&candidate, read) {
        (Some((code, batch)), Some(read)) => compare(workspace, hasher, user, (code, batch), read)?,
        _ => {
            hasher.pretend(typed.any(), workspace.cost(), workspace.ring.current())?;
            Verdict::Differs
        }
    };
    Ok(Checked { candidate, verdict })
}

fn compare(
    workspace: &Workspace,
    hasher: &mut Hasher,
    user: Option<&User>,
    (code, batch): (&CodeRow, &Batch),
    read: &Code,
) -> Result<Verdict> {
    let (ring, cost) = (&workspace.ring, workspace.cost());
    if ring.get(&code.key_id).is_none() && is_dead(user, code, batch, workspace)? {
        hasher.pretend(read, cost, ring.current())?;
        return Ok(Verdict::Keyless);
    }
    let key = ring.require(&code.key_id, "this code")?;
    let hash = CodeHash {
        phc: code.hash.clone(),
        key: code.key_id.clone(),
    };
    let place = place_of(batch, code);
    // Whoever can write to the store could have a hash take any time.
    if !hash::is_affordable(&hash.phc, cost) && !is_proven(workspace, user, (code, batch))? {
        hasher.pretend(read, cost, ring.current())?;
        return Ok(Verdict::Differs);
    }
    Ok(
        match hasher.matches(read, &hash, place.as_ref(), ring, cost)? {
            true => Verdict::Matches(place::used_mark(read, place.as_ref(), key)),
            false => Verdict::Differs,
        },
    )
}

/// Whether a code is what it was, as far as one reading can tell.
fn is_proven(
    workspace: &Workspace,
    user: Option<&User>,
    (code, batch): (&CodeRow, &Batch),
) -> Result<bool> {
    let (seals, store) = (Seals::default(), workspace.store.read());
    Ok(match user {
        Some(user) => seals.look(store, &workspace.ring, user.id)? && seals.holds(batch, code),
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
fn is_dead(
    user: Option<&User>,
    code: &CodeRow,
    batch: &Batch,
    workspace: &Workspace,
) -> Result<bool> {
    Ok(code.state != CodeState::Active
        || !matches!(batch.state, BatchState::Active | BatchState::Pending)
        || batch.is_expired(workspace.origin.at)
        || user.is_some_and(|user| user.state == UserState::Disabled)
        || batch.epoch < meta::get(workspace.store.read())?.epoch)
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
