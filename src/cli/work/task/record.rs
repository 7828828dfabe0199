//! What the words of `task` say, and how a task is named.

use crate::error::{Error, Kind, Result};
use crate::model::id::TaskId;
use crate::model::task::TaskState;
use crate::render::record::Record;
use crate::store::tasks;

/// What every word says of a task.
pub fn task_record(task: &tasks::Task) -> Record {
    let due_at = (task.state == TaskState::Queued).then_some(task.due_at);
    Record::new()
        .field("task", "Task", u64::try_from(task.id.0).unwrap_or(0))
        .data("kind", task.kind.word())
        .field(
            "subject",
            "What",
            format!("{}: {}", task.kind.word(), task.subject),
        )
        .field("state", "State", task.state.word())
        .field("tries", "Tries", task.tries)
        .field("due_at", "Due", due_at)
        .data("created_at", task.created_at)
        .data("lease_until", task.lease_until)
        .field("finished_at", "Ended", task.finished_at)
        .field("outcome", "Outcome", task.outcome.as_deref())
}

/// `ID` of a task.
pub fn task_id(text: &str) -> Result<TaskId> {
    text.trim()
        .parse()
        .ok()
        .filter(|id| *id > 0)
        .map(TaskId)
        .ok_or_else(|| {
            Error::new(
                Kind::Usage,
                format!(
                    "{} is not the number of a task",
                    crate::model::user::quote(text)
                ),
            )
            .hint("`recovery-codes task list` shows the numbers")
        })
}
