//! Queues a task anew that failed or waits.

use crate::actions::desk::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::TaskId;
use crate::store::Connection;
use crate::store::tasks::{self, Task};

/// The task with this number.
///
/// # Errors
/// [`Kind::UnknownTask`].
pub fn task(connection: &Connection, id: TaskId) -> Result<Task> {
    tasks::by_id(connection, id)?.ok_or_else(|| {
        Error::new(Kind::UnknownTask, format!("there is no task {}", id.0))
            .hint("`recovery-codes task list` shows all; done ones are forgotten after a while")
    })
}

/// Queues a task that failed, or waits for a later moment, as if it had never been tried.
///
/// # Errors
/// [`Kind::UnknownTask`], [`Kind::WrongState`] for any other.
pub fn retry_task(workspace: &mut Workspace, id: TaskId) -> Result<Task> {
    workspace.write(|tx| {
        let before = task(tx, id)?;
        if !tasks::requeue(tx, id, tx.origin.at)? {
            return Err(Error::new(
                Kind::WrongState,
                format!("task {} is {}", id.0, before.state.word()),
            )
            .hint("only a task that failed, or waits for a later moment, can be tried again"));
        }
        let deed =
            Deed::new(Action::TaskRetried).details(format!("task {}: {}", id.0, before.subject));
        tx.record(deed)?;
        task(tx, id)
    })
}
