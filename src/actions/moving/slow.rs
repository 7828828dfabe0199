//! What codes cost that another system hashed slowly: told and accepted before they are taken over, and bounded.

use crate::actions::codes::moved;
use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::judge::Holder;
use crate::error::{Error, Kind, Result};
use crate::platform::pace::Pace;
use crate::render::words::count;
use crate::secret::slow_work::{MOST_IN_ALL, Work};

/// How many of these have codes that are hashed slowly.
pub(super) fn slow(ready: &[Holder]) -> u64 {
    ready
        .iter()
        .filter(|holder| holder.work.count() > 0)
        .count() as u64
}

/// What every attempt costs, with these.
fn work(workspace: &Workspace, ready: &[Holder]) -> Result<Work> {
    let mut work = moved::work(workspace)?;
    ready.iter().for_each(|holder| work.cover(&holder.work));
    Ok(work)
}

/// No more than an attempt may cost.
pub(super) fn require_bounded(workspace: &Workspace, ready: &[Holder]) -> Result<()> {
    let hashes = work(workspace, ready)?.count();
    match slow(ready) > 0 && hashes > MOST_IN_ALL {
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
    ready: &[Holder],
    pace: &Pace<'_>,
) -> Result<()> {
    let users = slow(ready);
    if users == 0 {
        return Ok(());
    }
    require_bounded(workspace, ready)?;
    let work = work(workspace, ready)?;
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
