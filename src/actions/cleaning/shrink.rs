//! Gives the space that is free inside the store's file back to the disk, step by step, and gives way
//! between the steps.

use crate::actions::desk::workspace::Workspace;
use crate::error::Result;
use crate::platform::pace::Pace;
use crate::store::engine::health;

/// Pages that one transaction takes from the end of the file.
const STEP: u64 = 250;

/// Whether the file can shrink step by step. One that an earlier version of the program made must be
/// written anew once, and whoever logs in waits for that.
pub fn goes_in_steps(workspace: &Workspace) -> Result<bool> {
    health::is_shrinkable(workspace.store.read())
}

/// Bytes inside the file that hold nothing.
pub fn free(workspace: &Workspace) -> Result<u64> {
    Ok(health::size(workspace.store.read())?.1)
}

/// Gives back what is free; says how many bytes the file has become smaller by. Nothing is lost where
/// it is interrupted, and the next run goes on.
///
/// # Errors
/// What the store says, such as a disk without room for another copy of what is written anew.
pub fn shrink(workspace: &mut Workspace, pace: &Pace<'_>) -> Result<u64> {
    let before = health::file_size(workspace.store.read())?;
    if !goes_in_steps(workspace)? {
        workspace.store.write_anew()?;
    }
    while !pace.is_signalled() && free(workspace)? > 0 {
        let held = pace.measure();
        workspace.store.write(|tx| health::give_back(tx, STEP))?;
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    let after = health::file_size(workspace.store.read())?;
    Ok(before.saturating_sub(after))
}
