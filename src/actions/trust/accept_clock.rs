//! Takes the clock for right although the store has seen a later moment: that one was wrong.

use crate::actions::desk::head;
use crate::actions::desk::record::record;
use crate::actions::desk::workspace::Workspace;
use crate::error::Result;
use crate::model::audit::{Action, Deed, Origin};
use crate::model::time::{self, Timestamp};

/// Sets the latest moment the store has seen back to what the clock says.
///
/// # Errors
/// [`crate::error::Kind::Forged`], and what writing says.
pub fn accept_clock(workspace: &mut Workspace, seen: Timestamp) -> Result<()> {
    let clock = workspace.clock;
    workspace.write(|tx| {
        let mut head = head::proven(tx, tx.ring)?;
        if let Some(seals) = &mut head.seals {
            seals.seen_at = clock;
        }
        head::close(tx, tx.ring, head)?;
        let details = format!(
            "{} instead of {}",
            time::readable(clock),
            time::readable(seen)
        );
        let origin = Origin {
            at: clock,
            ..tx.origin.clone()
        };
        let deed = Deed::new(Action::ClockAccepted).details(details);
        record(tx, tx.ring, &origin, deed)
    })?;
    workspace.read_clock(clock)
}
