//! Clears tasks that are not running, and schedules.

use crate::actions::desk::workspace::Workspace;
use crate::actions::work::schedules::delete;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::render::words::{and, count};
use crate::store::Connection;
use crate::store::schedules;
use crate::store::tasks::{self, Clear, Idle};

/// How much is cleared, or would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cleared {
    pub schedules: u64,
    pub tasks: Idle,
}

impl Cleared {
    /// Everything together.
    pub fn total(self) -> u64 {
        let Idle {
            waiting,
            failed,
            done,
        } = self.tasks;
        self.schedules + waiting + failed + done
    }

    /// How many of each: `2 schedules and 1 failed task`.
    pub fn words(self) -> String {
        let parts = [
            (self.schedules, "schedule"),
            (self.tasks.waiting, "waiting task"),
            (self.tasks.failed, "failed task"),
            (self.tasks.done, "finished task"),
        ];
        let there = parts.into_iter().filter(|(number, _)| *number > 0);
        let said: Vec<String> = there.map(|(number, one)| count(number, one)).collect();
        match said.as_slice() {
            [] => "nothing".to_owned(),
            said => and(said),
        }
    }
}

/// What would be cleared.
pub fn clearable(connection: &Connection, which: Clear) -> Result<Cleared> {
    Ok(Cleared {
        schedules: match which {
            Clear::Failed => 0,
            Clear::Scheduler | Clear::All => schedules::all(connection)?.len() as u64,
        },
        tasks: tasks::clearable(connection, which)?,
    })
}

/// Clears these; says how many of each it were. A run that is in the hands of a worker ends as if
/// its schedule had been removed by name.
pub fn flush_tasks(workspace: &mut Workspace, which: Clear) -> Result<Cleared> {
    workspace.write(|tx| {
        let cleared = clearable(tx, which)?;
        if which != Clear::Failed {
            for schedule in schedules::all(tx)? {
                delete(tx, &schedule)?;
            }
        }
        tasks::clear(tx, which)?;
        if cleared.total() > 0 {
            let details = format!("{}, {}", which.word(), cleared.words());
            let deed = Deed::new(Action::TasksFlushed).details(details);
            tx.record(deed)?;
        }
        Ok(cleared)
    })
}
