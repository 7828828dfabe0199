//! What codes cost that another system hashed slowly: told and accepted before they are taken over, and bounded.

use crate::actions::codes::moved;
use crate::actions::desk::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::platform::pace::Pace;
use crate::render::words::count;
use crate::secret::slow_work::{MOST_IN_ALL, Work};

/// How many users have codes that are hashed slowly, and what slow hashes it takes to try them.
pub(super) type Slow<'a> = (u64, &'a Work);

/// What every attempt costs, with these.
fn work(workspace: &Workspace, own: &Work) -> Result<Work> {
    let mut work = moved::work(workspace)?;
    work.cover(own);
    Ok(work)
}

/// No more than an attempt may cost.
pub(super) fn require_bounded(workspace: &Workspace, (users, own): Slow<'_>) -> Result<()> {
    let hashes = work(workspace, own)?.count();
    match users > 0 && hashes > MOST_IN_ALL {
        false => Ok(()),
        true => Err(Error::new(
            Kind::WrongState,
            format!("the codes are hashed in so many ways that each attempt would cost {hashes} hashes more, and {MOST_IN_ALL} is the most"),
        )
        .hint("nothing was changed; leave out users whose codes are hashed in another way than those of most, and issue new codes to them")),
    }
}

/// No slow hash: what they cost is measured once, and told.
pub(super) fn require_quick(
    workspace: &Workspace,
    (users, own): Slow<'_>,
    pace: &Pace<'_>,
) -> Result<()> {
    if users == 0 {
        return Ok(());
    }
    require_bounded(workspace, (users, own))?;
    let work = work(workspace, own)?;
    let began = pace.measure();
    moved::pretend(&work)?;
    let (hashes, millis) = (work.count() as u64, began.millis());
    Err(Error::new(
        Kind::WrongState,
        format!(
            "the codes of {} are hashed slowly, each with a salt: until they are used or expire, each attempt with such a code costs {} more, about {millis} ms, for everybody",
            count(users, "user"),
            count(hashes, "hash"),
        ),
    )
    .hint("nothing was changed; give --accept-slow, and --accept-weak, to take them over; or issue new codes with `recovery-codes user import --generate`"))
}
