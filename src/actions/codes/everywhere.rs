//! What counts the attempts at a user from everywhere, and how many there may be.

use crate::actions::desk::workspace::Writing;
use crate::error::Result;
use crate::model::source::Source;
use crate::store::limiters::Subject;
use crate::store::moved;
use crate::store::users::User;

/// What counts an attempt among those from everywhere.
pub(super) struct Everywhere {
    pub subject: Subject,
    /// How many there may be.
    pub most: u64,
    /// Whether they are remembered until one succeeds: weak codes are never tried anew.
    pub is_for_weak: bool,
}

/// Guesses at a user with weak codes, in all (NIST SP 800-63B-4 section 3.2.2).
const MOST_AT_WEAK: u64 = 100;

/// Where the settings or weak codes ask for it.
pub(super) fn everywhere(
    tx: &Writing<'_>,
    user: Option<&User>,
    source: Option<&Source>,
) -> Result<Option<Everywhere>> {
    let Some(user) = user else {
        return Ok(None);
    };
    let of_settings = source.and(tx.settings.limiter.user_max);
    let is_for_weak = moved::has_weak(tx, user.id)?;
    let of_weak = is_for_weak.then_some(MOST_AT_WEAK);
    let most = of_settings.into_iter().chain(of_weak).min();
    Ok(most.map(|most| Everywhere {
        subject: Subject::Everywhere(user.id),
        most,
        is_for_weak,
    }))
}
