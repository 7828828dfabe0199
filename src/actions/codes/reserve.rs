//! The reservation of an attempt: counted, durably, before anything is checked (DESIGN section 4.5).

use crate::actions::codes::compare::{Checking, begin, look_up, require_readable};
use crate::actions::codes::everywhere::{Everywhere, everywhere};
use crate::actions::codes::tried::{Sight, Who, from, log};
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::mail::enqueue;
use crate::error::Result;
use crate::model::attempt::Outcome;
use crate::model::audit::{Action, Deed};
use crate::model::limiter::{LimitedAction, Limiter, Policy, Reservation};
use crate::model::mail::LetterKind;
use crate::secret::code::TypedCode;
use crate::secret::hasher::Hasher;
use crate::secret::keyring::Keyring;
use crate::store::limiters::{self, Subject};
use crate::store::{Connection, moved};

/// Sources of one user that are remembered.
const SOURCES: u64 = 1000;

/// Hours' worth of names nobody has that are remembered, as many as a quiet limiter is by default.
const HOURS: u64 = 24;

/// What became of an attempt that was to be made.
pub(super) enum Reserved {
    /// It counts, also where what fails here keeps it from being checked. None where it is to be looked up
    /// outside the transaction.
    Granted(Result<Option<Box<Checking>>>),
    /// Seconds to wait.
    Wait(u64),
    /// Only `limit reset` helps.
    Locked,
}

/// Counts the attempt before it is checked, durably, and looks up the code that it is about. While the
/// disk confirms that, the hash of an attempt that was granted is computed; where it does not confirm it, that
/// is thrown away.
pub(super) fn reserve(
    workspace: &mut Workspace,
    who: &Who<'_>,
    typed: &TypedCode,
    hasher: &mut Hasher,
) -> Result<Reserved> {
    let (now, policy) = (workspace.origin.at, workspace.settings.limiter.policy());
    let read = |store: &Connection, ring: &Keyring| {
        if let Some(user) = who.user {
            require_readable(store, ring, user, typed)?;
        }
        look_up(store, ring, who.user, typed)
    };
    workspace.store.read().ahead(|store| {
        drop(read(store, &workspace.ring));
        if let Some(user) = who.user {
            drop(moved::has_weak(store, user.id));
        }
        drop(limiters::get(store, who.subject, LimitedAction::Verify));
    });
    workspace.write_again(|tx| {
        // Before anything is counted: right codes look like wrong ones where a key is missing.
        let found = read(tx, tx.ring)?;
        tx.see()?;
        let everywhere = everywhere(tx, who.user, who.source)?;
        if is_locked_everywhere(tx, everywhere.as_ref())? {
            log(tx, who, Outcome::Locked, None)?;
            return Ok(Reserved::Locked);
        }
        let mut limiter = limiters::get(tx, who.subject, LimitedAction::Verify)?;
        let was_locked = limiter.locked_at.is_some();
        let reservation = limiter.reserve_guess(now, &policy);
        put(tx, who.subject, &limiter, &policy)?;
        match (who.user, who.source) {
            (Some(user), Some(_)) => limiters::bound_sources(tx, user.id, SOURCES)?,
            (Some(_), None) => {}
            (None, _) => limiters::bound_unknown(tx, HOURS * tx.settings.limiter.unknown_kept)?,
        }
        let mut is_told = false;
        match reservation {
            Reservation::Granted => is_told = count_everywhere(tx, who, everywhere.as_ref())?,
            Reservation::Wait(_) => log(tx, who, Outcome::Limited, None)?,
            Reservation::Locked => log(tx, who, Outcome::Locked, None)?,
        }
        let begins_to_wait =
            reservation == Reservation::Granted && limiter.failures == policy.max_attempts;
        let is_newly_locked = !was_locked && limiter.locked_at.is_some();
        if !is_told && (begins_to_wait || is_newly_locked) {
            tell(tx, who, &limiter, is_newly_locked)?;
        }
        Ok(match reservation {
            // What other systems hash slowly is computed in no transaction.
            Reservation::Granted if typed.moved().is_some() => Reserved::Granted(Ok(None)),
            Reservation::Granted => {
                let begun = begin(Sight::from(tx), hasher, who.user, typed, found);
                Reserved::Granted(begun.map(|begun| Some(Box::new(begun))))
            }
            Reservation::Wait(seconds) => Reserved::Wait(seconds),
            Reservation::Locked => Reserved::Locked,
        })
    })
}

fn is_locked_everywhere(tx: &Writing<'_>, everywhere: Option<&Everywhere>) -> Result<bool> {
    let Some(everywhere) = everywhere else {
        return Ok(false);
    };
    let limiter = limiters::get(tx, &everywhere.subject, LimitedAction::Verify)?;
    Ok(limiter.locked_at.is_some())
}

/// Counts an attempt that will be checked, and says whether that was the last. One that its own source has
/// to wait for is none: else who waits for nothing could keep everybody out.
fn count_everywhere(
    tx: &Writing<'_>,
    who: &Who<'_>,
    everywhere: Option<&Everywhere>,
) -> Result<bool> {
    let Some(everywhere) = everywhere else {
        return Ok(false);
    };
    let mut policy = tx.settings.limiter.policy();
    if everywhere.is_for_weak {
        policy.ttl = u64::MAX;
    }
    let mut limiter = limiters::get(tx, &everywhere.subject, LimitedAction::Verify)?;
    limiter.count_everywhere(tx.origin.at, everywhere.most, &policy);
    put(tx, &everywhere.subject, &limiter, &policy)?;
    let is_last = limiter.locked_at.is_some();
    if is_last {
        tell(tx, who, &limiter, true)?;
    }
    Ok(is_last)
}

fn put(tx: &Writing<'_>, subject: &Subject, limiter: &Limiter, policy: &Policy) -> Result<()> {
    let forgotten_at = limiter.forgotten_at(policy);
    let now = tx.origin.at;
    limiters::put(
        tx,
        subject,
        LimitedAction::Verify,
        limiter,
        forgotten_at,
        now,
    )
}

/// Tells the user that somebody tries, once also where they try from many sources.
fn tell(tx: &Writing<'_>, who: &Who<'_>, limiter: &Limiter, is_locked: bool) -> Result<()> {
    let Some(user) = who.user else {
        return Ok(());
    };
    let policy = tx.settings.limiter.policy();
    let is_first = match who.source {
        Some(_) => limiters::sources_with(tx, user.id, policy.max_attempts)? <= 1,
        None => true,
    };
    if is_first || is_locked {
        // Only queued: sending would take time that a name nobody has does not take.
        enqueue::notice(tx, user, LetterKind::Locked, None, |values| {
            values
                .data("failures", limiter.failures)
                .data("locked", limiter.locked_at.is_some())
                .data("retry_after", limiter.remaining(tx.origin.at, &policy))
        })?;
    }
    if is_locked {
        let details = format!("{} attempts without success", limiter.failures);
        let deed = Deed::new(Action::LimiterLocked)
            .user(user.id, user.name.as_str())
            .details(from(who.source, details));
        tx.record(deed)?;
    }
    Ok(())
}
