//! What of a person's past comes: all of it to who is new here, and to others what is newer than what
//! they have.

use std::collections::HashSet;

use crate::actions::moving::django::candidates::Candidate;
use crate::actions::moving::django::coming::{self, Coming};
use crate::actions::users::import_users::look;
use crate::error::Result;
use crate::model::django::Past;
use crate::model::id::{BatchId, BatchName};
use crate::model::state::{BatchState, Elsewhere, UserState};
use crate::model::time::Timestamp;
use crate::store::batches::{self, Batch};
use crate::store::users::{self, User};
use crate::store::{Connection, codes, imported, past_batches};

/// What comes of one person.
pub(in crate::actions) struct Selected {
    pub coming: Vec<Coming>,
    /// The batch here whose place the new one takes: it came from there, too.
    pub replaced: Option<BatchId>,
    pub is_new: bool,
    /// Whether they are disabled there, and come so.
    pub is_disabled: bool,
    /// Why nothing comes, or not all of it.
    pub why: Option<&'static str>,
}

impl Selected {
    fn nothing(why: &'static str) -> Self {
        Self {
            coming: Vec::new(),
            replaced: None,
            is_new: false,
            is_disabled: false,
            why: Some(why),
        }
    }

    /// Codes that work.
    pub fn live(&self) -> u64 {
        self.coming.iter().map(Coming::live).sum()
    }

    /// Codes that do not.
    pub fn dead(&self) -> u64 {
        self.coming.iter().map(Coming::dead).sum()
    }
}

/// Looks what of a past comes.
///
/// # Errors
/// What `look` refuses, and rows that are not as they should be.
pub(in crate::actions) fn select(
    connection: &Connection,
    candidate: &Candidate,
    past: &Past,
    now: Timestamp,
) -> Result<Selected> {
    let entry = &candidate.entry;
    let user = users::by_name(connection, entry.name.as_str())?;
    let taken = match &user {
        Some(user) => codes::hints(connection, user.id)?.into_iter().collect(),
        None => HashSet::new(),
    };
    let mut coming = coming::of(past, taken, now)?;
    let all = coming.len();
    let mut fresh = Vec::with_capacity(all);
    for one in coming.drain(..) {
        if !was_taken_over(connection, &one.past.name)? {
            fresh.push(one);
        }
    }
    if fresh.is_empty() {
        return Ok(Selected::nothing("these codes came before"));
    }
    let found = look(connection, entry, None)?;
    let Some(user) = user else {
        return Ok(Selected {
            coming: fresh,
            replaced: None,
            is_new: true,
            is_disabled: entry.state == Some(UserState::Disabled),
            why: None,
        });
    };
    if user.state == UserState::Disabled {
        return Ok(Selected::nothing("the user is disabled here"));
    }
    if entry.state == Some(UserState::Disabled) {
        return Ok(Selected::nothing(
            "the user is disabled there, and not here",
        ));
    }
    let newest = past_batches::newest_of(connection, user.id)?;
    let open = open(connection, &user)?;
    let replaced = match &open {
        Some(open) if open.imported_from != Some(Elsewhere::Django) => {
            return Ok(Selected::nothing("the user has codes here"));
        }
        open => open.as_ref(),
    };
    let came = fresh.len();
    fresh.retain(|one| match one.past.state {
        BatchState::Active => replaced.is_none_or(|open| open.created_at < one.past.created_at),
        _ => newest.is_none_or(|newest| newest <= one.past.created_at),
    });
    let has_active = fresh.iter().any(|one| one.past.state == BatchState::Active);
    Ok(Selected {
        why: (fresh.len() < came).then_some("older batches than the user has here stay away"),
        coming: fresh,
        replaced: replaced.filter(|_| has_active).map(|open| open.id),
        is_new: found.is_new,
        is_disabled: false,
    })
}

/// The user's sheet that is active, or waits to be confirmed.
pub(in crate::actions) fn open(connection: &Connection, user: &User) -> Result<Option<Batch>> {
    match batches::in_state(connection, user.id, BatchState::Pending)? {
        Some(pending) => Ok(Some(pending)),
        None => batches::in_state(connection, user.id, BatchState::Active),
    }
}

pub(in crate::actions) fn was_taken_over(
    connection: &Connection,
    batch: &BatchName,
) -> Result<bool> {
    Ok(imported::contains(connection, batch)? || batches::is_taken(connection, batch)?)
}
