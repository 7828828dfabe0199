//! Does this code work? It stays unused; its batch counts as safely kept from then on.

use crate::actions::codes::attempt::{Attempted, Decision, Request, Right, attempt};
use crate::actions::codes::compare::objection;
use crate::actions::codes::tried::from;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::issuing::supersede::supersede;
use crate::actions::sheets::session;
use crate::error::{Error, Kind, Result};
use crate::model::attempt::{Outcome, Purpose};
use crate::model::audit::{Action, Deed};
use crate::model::id::BatchName;
use crate::model::state::BatchState;
use crate::model::time::{self, Timestamp};
use crate::model::user::UserName;
use crate::secret::hasher::Hasher;
use crate::store::batches;

/// The yes of `confirm`.
#[derive(Debug)]
pub struct Confirmed {
    pub user: UserName,
    pub batch: BatchName,
    /// Codes in it that work.
    pub remaining: u64,
    /// Whether the batch was pending and took the place of another.
    pub is_promoted: bool,
    /// The batch whose place it took.
    pub superseded: Option<BatchName>,
}

/// Yes, no, or not now. A no never says why.
#[derive(Debug)]
pub enum Answer {
    Confirmed(Confirmed),
    Rejected,
    /// Seconds to wait.
    Wait(u64),
    /// Only `limit reset` helps.
    Locked,
}

/// What a right code may meet.
enum Found {
    Confirmed(Confirmed),
    Before(BatchName, Option<Timestamp>),
}

/// Checks a code without using it up, once per batch.
///
/// # Errors
/// [`Kind::AlreadyConfirmed`], and only to somebody who has a code of that batch.
pub fn confirm(
    workspace: &mut Workspace,
    hasher: &mut Hasher,
    request: &Request<'_>,
) -> Result<Answer> {
    Ok(
        match attempt(workspace, hasher, Purpose::Confirm, request, decide)? {
            Attempted::Checked(Some(Found::Confirmed(confirmed))) => {
                session::forget_keys(workspace, confirmed.superseded.as_slice());
                Answer::Confirmed(confirmed)
            }
            Attempted::Checked(Some(Found::Before(batch, at))) => {
                let when = at.map_or_else(String::new, |at| format!(" on {}", time::readable(at)));
                return Err(Error::new(
                    Kind::AlreadyConfirmed,
                    format!("the batch {} was confirmed{when}", batch.short()),
                )
                .hint("nothing is left to do: its codes work"));
            }
            Attempted::Checked(None) => Answer::Rejected,
            Attempted::Wait(seconds) => Answer::Wait(seconds),
            Attempted::Locked => Answer::Locked,
        },
    )
}

fn decide(tx: &Writing<'_>, right: &Right<'_>) -> Result<Decision<Option<Found>>> {
    let found = right.found;
    let now = tx.origin.at;
    if let Some(outcome) = objection(tx, found, now)? {
        return Ok(Decision {
            outcome,
            answer: None,
        });
    }
    if found.batch.confirmed_at.is_some() {
        return Ok(Decision {
            outcome: Outcome::AlreadyConfirmed,
            answer: Some(Found::Before(
                found.batch.name.clone(),
                found.batch.confirmed_at,
            )),
        });
    }
    tx.touch(&found.user)?;
    let is_promoted = found.batch.state == BatchState::Pending;
    let mut details = format!("with code {}", found.code.hint);
    let mut superseded = None;
    if is_promoted && let Some(old) = batches::in_state(tx, found.user.id, BatchState::Active)? {
        let old = supersede(tx, &old)?;
        details.push_str(&format!(
            ", instead of {} with {} unused",
            old.batch.short(),
            old.unused
        ));
        superseded = Some(old.batch);
    }
    batches::confirm(tx, found.batch.id, now)?;
    tx.batch_becomes(&found.batch, |batch| {
        (batch.state, batch.confirmed_at) = (BatchState::Active, Some(now));
    });
    let deed = Deed::new(Action::BatchConfirmed)
        .user(found.user.id, found.user.name.as_str())
        .batch(&found.batch.name)
        .hint(&found.code.hint)
        .details(from(right.source, details));
    tx.record(deed)?;
    Ok(Decision {
        outcome: Outcome::Confirmed,
        answer: Some(Found::Confirmed(Confirmed {
            user: found.user.name.clone(),
            batch: found.batch.name.clone(),
            remaining: found.batch.remaining(),
            is_promoted,
            superseded,
        })),
    })
}
