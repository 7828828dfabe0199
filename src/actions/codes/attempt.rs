//! What `verify` and `confirm` have in common: reserve the attempt, look up one row, compute one
//! hash, decide (DESIGN sections 4.4 to 4.6). The work is the same whatever is wrong.

use crate::actions::codes::compare::{
    Checked, Checking, Match, NOBODY, Verdict, begin, look_up_moved, refresh, refresh_ahead,
};
use crate::actions::codes::forgery;
use crate::actions::codes::moved::are_typed;
use crate::actions::codes::reserve::{Reserved, reserve};
use crate::actions::codes::tried::{Sight, Who, log, subject};
use crate::actions::desk::seals::Seals;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::limiter::LimitedAction;
use crate::model::source::Source;
use crate::secret::code::TypedCode;
use crate::secret::hasher::Hasher;
use crate::store::limiters::{self, Subject};
use crate::store::users::{self, User};
use crate::store::{Connection, attempts, moved};

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
    let subject = subject(workspace, user.as_ref(), (request.user, request.source));
    let who = Who {
        purpose,
        user: user.as_ref(),
        typed_name: request.user,
        subject: &subject,
        source: request.source,
    };
    let checking = match reserve(workspace, &who, request.code, hasher)? {
        Reserved::Granted(checking) => checking?,
        Reserved::Wait(seconds) => return Ok(Attempted::Wait(seconds)),
        Reserved::Locked => return Ok(Attempted::Locked),
    };
    let checking = match checking {
        Some(checking) => *checking,
        None => {
            let sight = Sight::from(&*workspace);
            let found = look_up_moved(sight, user.as_ref(), request.code)?;
            begin(sight, hasher, user.as_ref(), request.code, found)?
        }
    };
    conclude_ahead(workspace, user.as_ref(), &checking);
    // Only here, when the attempt is on the disk, does anybody look at what was computed.
    let checked = checking.finish(hasher)?;
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
fn conclude_ahead(workspace: &Workspace, user: Option<&User>, checking: &Checking) {
    let height = workspace.height;
    workspace.store.read().ahead(|store| {
        if let (Some(user), Some((code, batch))) = (user, &checking.candidate) {
            refresh_ahead(store, user, (code, batch));
        }
        if user.is_none() {
            drop(attempts::strangers(store, Outcome::UnknownUser));
        }
        let id = user.map_or(NOBODY, |user| user.id);
        Seals::look_ahead(store, height, id, &checking.open);
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
