//! Clears tasks that are not running.

use crate::actions::record::record;
use crate::actions::workspace::Workspace;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::store::tasks::{self, Clear};

/// Clears these tasks; says how many. `word` names them in the audit entry.
pub fn flush_tasks(workspace: &mut Workspace, which: Clear, word: &str) -> Result<u64> {
    let Workspace {
        store,
        ring,
        origin,
        ..
    } = workspace;
    store.write(|tx| {
        let cleared = tasks::clear(tx, which)?;
        if cleared > 0 {
            let deed = Deed::new(Action::TasksFlushed).details(format!("{cleared} tasks, {word}"));
            record(tx, ring, origin, deed)?;
        }
        Ok(cleared)
    })
}
