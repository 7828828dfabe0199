//! Does this code work? If so, it is used up.

use crate::actions::codes::attempt::{Attempted, Decision, Request, Right, attempt};
use crate::actions::codes::compare::{Match, objection};
use crate::actions::codes::tried::from;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::mail::enqueue;
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::audit::{Action, Deed};
use crate::model::id::{TaskId, UserId};
use crate::model::mail::LetterKind;
use crate::model::state::{BatchState, CodeState};
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::secret::hasher::Hasher;
use crate::secret::place;
use crate::store::codes::CodeRow;
use crate::store::{Transaction, batch_counts, batches, codes, marks, meta, users};

/// The yes of `verify`.
#[derive(Debug)]
pub struct Accepted {
    pub user: UserName,
    /// Codes left on the sheet.
    pub remaining: u64,
    /// Whether that is few.
    pub is_low: bool,
    /// Whether the code was one beside the sheet.
    pub is_temporary: bool,
    /// Notices that wait to be sent.
    pub mail: Vec<TaskId>,
}

/// Yes, no, or not now. A no never says why.
#[derive(Debug)]
pub enum Answer {
    Accepted(Accepted),
    Rejected,
    /// Seconds to wait.
    Wait(u64),
    /// Only `limit reset` helps.
    Locked,
}

/// Checks a code and uses it up.
///
/// # Errors
/// Only what keeps the question from being answered; a wrong code is an answer.
pub fn verify(
    workspace: &mut Workspace,
    hasher: &mut Hasher,
    request: &Request<'_>,
) -> Result<Answer> {
    Ok(
        match attempt(workspace, hasher, Purpose::Verify, request, decide)? {
            Attempted::Checked(Some(accepted)) => Answer::Accepted(accepted),
            Attempted::Checked(None) => Answer::Rejected,
            Attempted::Wait(seconds) => Answer::Wait(seconds),
            Attempted::Locked => Answer::Locked,
        },
    )
}

fn decide(tx: &Writing<'_>, right: &Right<'_>) -> Result<Decision<Option<Accepted>>> {
    let (found, mark) = (right.found, right.mark);
    let now = tx.origin.at;
    tx.touch(&found.user)?;
    let compared = &found.code.hash;
    if place::is_used_mark(compared)
        || !codes::use_up(
            tx,
            found.batch.id,
            found.code.position,
            (compared, mark),
            now,
        )?
    {
        let fallback = match found.batch.state {
            BatchState::Pending => Outcome::Pending,
            _ => Outcome::Wrong,
        };
        return Ok(Decision {
            outcome: objection(tx, found, now)?.unwrap_or(fallback),
            answer: None,
        });
    }
    let used = CodeRow {
        state: CodeState::Used,
        ..found.code.clone()
    };
    tx.code_becomes(&found.batch, &used);
    batch_counts::count_moved(
        tx,
        (found.batch.id, found.batch.state),
        (CodeState::Active, CodeState::Used),
        1,
        now,
    )?;
    users::set_last_used(tx, found.user.id, now)?;
    let remaining = match found.batch.is_temporary {
        false => found.batch.remaining().saturating_sub(1),
        true => left_on_sheet(tx, found.user.id, now)?,
    };
    let deed = Deed::new(Action::CodeUsed)
        .user(found.user.id, found.user.name.as_str())
        .batch(&found.batch.name)
        .hint(&found.code.hint)
        .details(from(right.source, format!("{remaining} left")));
    tx.record(deed)?;
    let is_low = remaining <= tx.settings.codes.low;
    Ok(Decision {
        outcome: Outcome::Accepted,
        answer: Some(Accepted {
            user: found.user.name.clone(),
            remaining,
            is_low,
            is_temporary: found.batch.is_temporary,
            mail: notices(tx, found, remaining, is_low)?,
        }),
    })
}

/// How many codes of the user's sheet work, for one who used a code that stands on none.
fn left_on_sheet(tx: &Transaction<'_>, user: UserId, now: Timestamp) -> Result<u64> {
    let epoch = meta::get(tx)?.epoch;
    let sheet = batches::in_state(tx, user, BatchState::Active)?;
    Ok(sheet.map_or(0, |sheet| sheet.working(now, epoch)))
}

/// Tells the user that a code was used and, once per batch, that few are left.
fn notices(tx: &Writing<'_>, found: &Match, remaining: u64, is_low: bool) -> Result<Vec<TaskId>> {
    let (user, batch) = (&found.user, Some(&found.batch.name));
    let mut mail = Vec::new();
    mail.extend(enqueue::notice(
        tx,
        user,
        LetterKind::Used,
        batch,
        |values| {
            values
                .data("hint", found.code.hint.as_str())
                .data("remaining", remaining)
        },
    )?);
    let is_of_sheet = !found.batch.is_temporary;
    if is_low && is_of_sheet && marks::claim_low_notice(tx, found.batch.id, tx.origin.at)? {
        mail.extend(enqueue::notice(
            tx,
            user,
            LetterKind::Low,
            batch,
            |values| values.data("remaining", remaining),
        )?);
    }
    Ok(mail)
}
