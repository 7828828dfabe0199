//! What `verify` and `confirm` have in common: reserve the attempt, look up one row, compute one
//! hash, decide (DESIGN sections 4.4 to 4.6). The work is the same whatever is wrong.

use crate::actions::codes::compare::{
    Checked, Found, Match, NOBODY, Verdict, check, look_up, refresh, refresh_ahead,
    require_readable,
};
use crate::actions::codes::everywhere::{Everywhere, everywhere};
use crate::actions::codes::forgery;
use crate::actions::codes::moved::are_typed;
use crate::actions::desk::seals::Seals;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::mail::enqueue;
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::audit::{Action, Deed};
use crate::model::id::BatchId;
use crate::model::limiter::{LimitedAction, Limiter, Policy, Reservation};
use crate::model::mail::LetterKind;
use crate::model::source::Source;
use crate::model::user::fold_email;
use crate::secret::code::{TypedCode, looks_like_a_code};
use crate::secret::hash::Hasher;
use crate::secret::keyring::Keyring;
use crate::store::attempts::{self, Attempt, Kept};
use crate::store::batches::Batch;
use crate::store::codes::CodeRow;
use crate::store::limiters::{self, Subject};
use crate::store::users::{self, User};
use crate::store::{Connection, moved};

/// A code somebody gives for a user.
#[derive(Debug)]
pub struct Request<'a> {
    pub user: &'a str,
    pub code: &'a TypedCode,
    /// From where it comes, if the login path says so: then attempts from elsewhere keep nobody out.
    pub source: Option<&'a Source>,
}

/// Asks ahead what an attempt for this user asks first; see [`Connection::ahead`].
pub fn ahead(connection: &Connection, user: &str) {
    drop(moved::any_open(connection));
    users::find_ahead(connection, user);
}

/// What was decided, with the real reason.
pub(in crate::actions) struct Decision<T> {
    pub outcome: Outcome,
    pub answer: T,
}

/// A code whose hash matched.
pub(in crate::actions) struct Right<'a> {
    pub found: &'a Match,
    /// What takes the place of its hash when it is used.
    pub mark: &'a str,
    pub source: Option<&'a Source>,
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
/// hash matched, and must itself make sure that it may still say yes. A decision with an
/// answer is a success and resets the limiter.
///
/// # Errors
/// [`Kind::MalformedCode`](crate::error::Kind::MalformedCode) for what only another system's code can be,
/// where nobody has one; that is no attempt.
pub(in crate::actions) fn attempt<T>(
    workspace: &mut Workspace,
    hasher: &mut Hasher,
    purpose: Purpose,
    request: &Request<'_>,
    decide: impl Fn(&Writing<'_>, &Right<'_>) -> Result<Decision<Option<T>>>,
) -> Result<Attempted<T>> {
    if let Some(flaw) = request.code.flaw()
        && !are_typed(workspace)?
    {
        return Err(flaw);
    }
    let store = workspace.store.read();
    let user = users::find(store, request.user)?;
    let subject = subject(workspace, user.as_ref(), request);
    let who = Who {
        purpose,
        user: user.as_ref(),
        typed_name: request.user,
        subject: &subject,
        source: request.source,
    };
    let found = match reserve(workspace, &who, request.code)? {
        (Reservation::Wait(seconds), _) => return Ok(Attempted::Wait(seconds)),
        (Reservation::Locked, _) => return Ok(Attempted::Locked),
        (Reservation::Granted, found) => found,
    };
    let mut found = found;
    let open = std::mem::take(&mut found.open);
    let checked = check(workspace, hasher, user.as_ref(), request.code, found)?;
    hasher.rest();
    conclude_ahead(workspace, user.as_ref(), checked.candidate.as_ref(), &open);
    workspace.write_again(|tx| {
        let Decision { answer, .. } = conclude(tx, &who, &checked, &decide)?;
        if answer.is_some() {
            limiters::delete(tx, &subject, LimitedAction::Verify)?;
            if let Some(user) = &user {
                let everywhere = Subject::Everywhere(user.id);
                limiters::delete(tx, &everywhere, LimitedAction::Verify)?;
            }
        }
        Ok(Attempted::Checked(answer))
    })
}

/// Asks ahead what [`conclude`] asks.
fn conclude_ahead(
    workspace: &Workspace,
    user: Option<&User>,
    candidate: Option<&(CodeRow, Batch)>,
    open: &[BatchId],
) {
    let height = workspace.height;
    workspace.store.read().ahead(|store| {
        if let (Some(user), Some((code, batch))) = (user, candidate) {
            refresh_ahead(store, user, (code, batch));
        }
        if user.is_none() {
            drop(attempts::strangers(store, Outcome::UnknownUser));
        }
        let id = user.map_or(NOBODY, |user| user.id);
        Seals::look_ahead(store, height, id, open);
    });
}

/// Decides about a code that was compared, and logs why.
fn conclude<T>(
    tx: &Writing<'_>,
    who: &Who<'_>,
    checked: &Checked,
    decide: impl Fn(&Writing<'_>, &Right<'_>) -> Result<Decision<Option<T>>>,
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
        // Looked for all the same: not looking takes less time.
        tx.look(NOBODY)?;
        return no(Outcome::UnknownUser, None);
    };
    let found = match candidate {
        Some((code, batch)) => refresh(tx, user, (code, batch))?,
        None => None,
    };
    // Also where the hash differs: what was made for another place differs here.
    if !is_genuine(tx, (user, who.typed_name), found.as_ref())? {
        forgery::report(tx, user, about)?;
        return no(Outcome::Forged, about);
    }
    match (&checked.verdict, found) {
        (Verdict::Matches(mark), Some(found)) => {
            let right = Right {
                found: &found,
                mark,
                source: who.source,
            };
            let decision = decide(tx, &right)?;
            log(tx, who, decision.outcome, about)?;
            Ok(decision)
        }
        (Verdict::Keyless, _) => no(Outcome::Keyless, about),
        (Verdict::Matches(_) | Verdict::Differs, _) => no(Outcome::Wrong, None),
    }
}

/// Whether the user, who is the one that is meant, and the code that was found are what somebody with
/// the key wrote.
fn is_genuine(
    tx: &Writing<'_>,
    (user, typed): (&User, &str),
    found: Option<&Match>,
) -> Result<bool> {
    let is_user = tx.look(user.id)? && tx.is_called(user.id, typed);
    Ok(is_user && found.is_none_or(|found| tx.holds(&found.batch, &found.code)))
}

/// Under what the attempt is counted. Of a name nobody has only a digest is written down.
fn subject(workspace: &Workspace, user: Option<&User>, request: &Request<'_>) -> Subject {
    match (user, request.source) {
        (Some(user), None) => Subject::User(user.id),
        (Some(user), Some(source)) => Subject::From(user.id, source.counted().to_owned()),
        (None, source) => {
            let name = as_users_are_found(request.user);
            let counted = source.map_or("", Source::counted);
            let key = workspace.ring.current();
            Subject::Unknown(key.subject(&format!("{name}\0{counted}")))
        }
    }
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
    source: Option<&'a Source>,
}

/// Sources of one user that are remembered.
const SOURCES: u64 = 1000;

/// Hours' worth of names nobody has that are remembered, as many as a quiet limiter is by default.
const HOURS: u64 = 24;

/// Counts the attempt before it is checked, durably, and looks up the code that it is about.
fn reserve(
    workspace: &mut Workspace,
    who: &Who<'_>,
    typed: &TypedCode,
) -> Result<(Reservation, Found)> {
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
            return Ok((Reservation::Locked, found));
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
        Ok((reservation, found))
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

/// Details of an entry, and from where.
pub(in crate::actions) fn from(source: Option<&Source>, details: String) -> String {
    match source {
        Some(source) => format!("{details}; from {}", source.as_str()),
        None => details,
    }
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
        source: who.source.map(|source| source.as_str().to_owned()),
        reason: tx.origin.reason.clone(),
        times: 1,
    };
    let costs_nothing = matches!(
        outcome,
        Outcome::UnknownUser | Outcome::Limited | Outcome::Locked
    );
    let kept = match costs_nothing {
        true => attempts::insert_bounded(tx, &attempt, tx.settings.limiter.unknown_kept)?,
        false => {
            attempts::insert(tx, &attempt)?;
            Kept::Alone
        }
    };
    match kept {
        Kept::Alone => {}
        Kept::First => {
            let outcome = outcome.word();
            tracing::warn!(outcome, "more such attempts in this hour are only counted");
            return Ok(());
        }
        Kept::Counted => return Ok(()),
    }
    tracing::info!(
        purpose = attempt.purpose.word(),
        outcome = attempt.outcome.word(),
        user = attempt.user,
        batch = attempt.batch,
        hint = attempt.hint,
        actor = attempt.actor,
        source = attempt.source,
        "attempt"
    );
    Ok(())
}
