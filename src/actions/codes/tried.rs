//! Who tries a code, what they see of the store, and what is written about it.

use crate::actions::desk::workspace::{Workspace, Writing, cost};
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::source::Source;
use crate::model::time::Timestamp;
use crate::model::user::fold_email;
use crate::secret::code::looks_like_a_code;
use crate::secret::hash::Cost;
use crate::secret::keyring::Keyring;
use crate::store::Connection;
use crate::store::attempts::{self, Attempt, Kept};
use crate::store::batches::Batch;
use crate::store::limiters::Subject;
use crate::store::users::User;

/// For whom the attempt is made.
pub(super) struct Who<'a> {
    pub purpose: Purpose,
    pub user: Option<&'a User>,
    pub typed_name: &'a str,
    pub subject: &'a Subject,
    pub source: Option<&'a Source>,
}

/// Under what the attempt is counted. Of a name nobody has only a digest is written down.
pub(super) fn subject(
    workspace: &Workspace,
    user: Option<&User>,
    (typed_name, source): (&str, Option<&Source>),
) -> Subject {
    match (user, source) {
        (Some(user), None) => Subject::User(user.id),
        (Some(user), Some(source)) => Subject::From(user.id, source.counted().to_owned()),
        (None, source) => {
            let name = as_users_are_found(typed_name);
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

/// Details of an entry, and from where.
pub(in crate::actions) fn from(source: Option<&Source>, details: String) -> String {
    match source {
        Some(source) => format!("{details}; from {}", source.as_str()),
        None => details,
    }
}

/// Writes down how an attempt ended.
pub(super) fn log(
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

/// The store as it is seen, in a transaction or outside, and what stands around it.
#[derive(Clone, Copy)]
pub(in crate::actions) struct Sight<'a> {
    pub store: &'a Connection,
    pub ring: &'a Keyring,
    pub cost: Cost,
    pub now: Timestamp,
}

impl<'a> From<&'a Writing<'_>> for Sight<'a> {
    fn from(tx: &'a Writing<'_>) -> Self {
        Self {
            store: tx,
            ring: tx.ring,
            cost: cost(tx.settings),
            now: tx.origin.at,
        }
    }
}

impl<'a> From<&'a Workspace> for Sight<'a> {
    fn from(workspace: &'a Workspace) -> Self {
        Self {
            store: workspace.store.read(),
            ring: &workspace.ring,
            cost: workspace.cost(),
            now: workspace.origin.at,
        }
    }
}
