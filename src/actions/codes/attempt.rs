//! What `verify` and `confirm` have in common: reserve the attempt, look up one row, compute one
//! hash, decide (DESIGN sections 4.4 to 4.6). The work is the same whatever is wrong.

use crate::actions::codes::compare::{Checked, Match, Verdict, check, refresh, require_readable};
use crate::actions::codes::forgery;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::mail::enqueue;
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::audit::{Action, Deed};
use crate::model::limiter::{LimitedAction, Reservation};
use crate::model::mail::LetterKind;
use crate::model::user::fold_email;
use crate::secret::code::{TypedCode, looks_like_a_code};
use crate::secret::hash::Hasher;
use crate::store::attempts::{self, Attempt};
use crate::store::batches::Batch;
use crate::store::limiters::{self, Subject};
use crate::store::users::{self, User};

/// A code somebody gives for a user.
#[derive(Debug)]
pub struct Request<'a> {
    pub user: &'a str,
    pub code: &'a TypedCode,
}

/// What was decided, with the real reason.
pub(in crate::actions) struct Decision<T> {
    pub outcome: Outcome,
    pub answer: T,
}

/// How an attempt ended.
pub(in crate::actions) enum Attempted<T> {
    /// It was checked; the answer is none if no code matched.
    Checked(Option<T>),
    /// The limiter asks to wait this many seconds.
    Wait(u64),
    /// Only `limit reset` helps.
    Locked,
}

/// One attempt. `decide` is called inside the transaction that ends it, only for a code whose
/// hash matched, with what takes the place of that hash when it is used, and must itself make sure that it may still say yes. A decision with an
/// answer is a success and resets the limiter.
pub(in crate::actions) fn attempt<T>(
    workspace: &mut Workspace,
    mut hasher: Hasher,
    purpose: Purpose,
    request: &Request<'_>,
    decide: impl FnOnce(&Writing<'_>, &Match, &str) -> Result<Decision<Option<T>>>,
) -> Result<Attempted<T>> {
    let user = users::find(workspace.store.read(), request.user)?;
    if let Some(user) = &user {
        require_readable(workspace, user, request.code)?;
    }
    let subject = match &user {
        Some(user) => Subject::User(user.id),
        None => {
            let name = as_users_are_found(request.user);
            Subject::Unknown(workspace.ring.current().subject(&name))
        }
    };
    let who = Who {
        purpose,
        user: user.as_ref(),
        typed_name: request.user,
        subject: &subject,
    };
    match reserve(workspace, &who)? {
        Reservation::Wait(seconds) => return Ok(Attempted::Wait(seconds)),
        Reservation::Locked => return Ok(Attempted::Locked),
        Reservation::Granted => {}
    }
    let checked = check(workspace, &mut hasher, user.as_ref(), request.code)?;
    drop(hasher);
    workspace.write(|tx| {
        let Decision { answer, .. } = conclude(tx, &who, checked, decide)?;
        if answer.is_some() {
            limiters::delete(tx, &subject, LimitedAction::Verify)?;
        }
        Ok(Attempted::Checked(answer))
    })
}

/// Decides about a code that was compared, and logs why.
fn conclude<T>(
    tx: &Writing<'_>,
    who: &Who<'_>,
    checked: Checked,
    decide: impl FnOnce(&Writing<'_>, &Match, &str) -> Result<Decision<Option<T>>>,
) -> Result<Decision<Option<T>>> {
    let candidate = checked.candidate.as_ref();
    let about = candidate.map(|(code, batch)| (code.hint.as_str(), batch));
    let no = |outcome, about| {
        log(tx, who, outcome, about)?;
        Ok(Decision {
            outcome,
            answer: None,
        })
    };
    let Some(user) = who.user else {
        return no(Outcome::UnknownUser, None);
    };
    let found = match candidate {
        Some((code, batch)) => refresh(tx, user, (code, batch))?,
        None => None,
    };
    // Also where the hash differs: what was made for another place differs here.
    if !is_genuine(tx, user, found.as_ref())? {
        forgery::report(tx, user, about)?;
        return no(Outcome::Forged, about);
    }
    match (checked.verdict, found) {
        (Verdict::Matches(mark), Some(found)) => {
            let decision = decide(tx, &found, &mark)?;
            log(tx, who, decision.outcome, about)?;
            Ok(decision)
        }
        (Verdict::Keyless, _) => no(Outcome::Keyless, about),
        (Verdict::Matches(_) | Verdict::Differs, _) => no(Outcome::Wrong, None),
    }
}

/// Whether the user, and the code that was found, are what somebody with the key wrote.
fn is_genuine(tx: &Writing<'_>, user: &User, found: Option<&Match>) -> Result<bool> {
    let is_user = tx.look(user.id)?;
    Ok(is_user && found.is_none_or(|found| tx.holds(&found.batch, &found.code)))
}

/// A name nobody has, in the one spelling under which it is counted. A user's address leads to
/// the same limiter in any case; an address nobody has must not be told apart by that.
fn as_users_are_found(name: &str) -> String {
    if name.contains('@') {
        fold_email(name)
    } else {
        name.to_owned()
    }
}

/// For whom the attempt is made.
struct Who<'a> {
    purpose: Purpose,
    user: Option<&'a User>,
    typed_name: &'a str,
    subject: &'a Subject,
}

/// Counts the attempt before it is checked, durably.
fn reserve(workspace: &mut Workspace, who: &Who<'_>) -> Result<Reservation> {
    let (now, policy) = (workspace.origin.at, workspace.settings.limiter.policy());
    workspace.write(|tx| {
        tx.see()?;
        let mut limiter = limiters::get(tx, who.subject, LimitedAction::Verify)?;
        let was_locked = limiter.locked_at.is_some();
        let reservation = limiter.reserve_guess(now, &policy);
        let forgotten_at = limiter.forgotten_at(&policy);
        limiters::put(
            tx,
            who.subject,
            LimitedAction::Verify,
            &limiter,
            forgotten_at,
            now,
        )?;
        match reservation {
            Reservation::Granted => {}
            Reservation::Wait(_) => log(tx, who, Outcome::Limited, None)?,
            Reservation::Locked => log(tx, who, Outcome::Locked, None)?,
        }
        let begins_to_wait =
            reservation == Reservation::Granted && limiter.failures == policy.max_attempts;
        let is_newly_locked = !was_locked && limiter.locked_at.is_some();
        // Only queued: sending would take time that a name nobody has does not take.
        if let Some(user) = who.user
            && (begins_to_wait || is_newly_locked)
        {
            enqueue::notice(tx, user, LetterKind::Locked, None, |values| {
                values
                    .data("failures", limiter.failures)
                    .data("locked", limiter.locked_at.is_some())
                    .data("retry_after", limiter.remaining(now, &policy))
            })?;
        }
        if let Some(user) = who.user
            && is_newly_locked
        {
            let deed = Deed::new(Action::LimiterLocked)
                .user(user.id, user.name.as_str())
                .details(format!("{} attempts without success", limiter.failures));
            tx.record(deed)?;
        }
        Ok(reservation)
    })
}

fn log(
    tx: &Writing<'_>,
    who: &Who<'_>,
    outcome: Outcome,
    code: Option<(&str, &Batch)>,
) -> Result<()> {
    let user = match who.user {
        Some(user) => Some(user.name.as_str().to_owned()),
        // People type a code, or a password, where the name belongs.
        None => (!looks_like_a_code(who.typed_name)).then(|| who.typed_name.to_owned()),
    };
    let attempt = Attempt {
        at: tx.origin.at,
        purpose: who.purpose,
        outcome,
        user_id: who.user.map(|user| user.id),
        user,
        batch: code.map(|(_, batch)| batch.name.as_str().to_owned()),
        hint: code.map(|(hint, _)| hint.to_owned()),
        actor: tx.origin.actor.as_str().to_owned(),
    };
    tracing::info!(
        purpose = attempt.purpose.word(),
        outcome = attempt.outcome.word(),
        user = attempt.user,
        batch = attempt.batch,
        hint = attempt.hint,
        actor = attempt.actor,
        "attempt"
    );
    attempts::insert(tx, &attempt)
}
