//! `batch delete`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::actions::codes::delete_batch::{delete_batch, target};
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::id::BatchPrefix;
use crate::model::state::BatchState;
use crate::render::record::Record;
use crate::render::words::{count, stops};

/// Delete a batch: its codes stop working; its counts stay in the history
#[derive(Debug, Args)]
pub struct Delete {
    /// The batch's id, or the beginning of it
    #[arg(add = ArgValueCompleter::new(complete::batches))]
    id: String,

    /// Take the rows at once, without waiting for a purge
    #[arg(long)]
    now: bool,
}

impl Delete {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let prefix = BatchPrefix::parse(&self.id)?;
        let mut workspace = call.workspace()?;
        let (batch, user) = target(workspace.store.read(), &prefix)?;
        let is_live = matches!(batch.state, BatchState::Active | BatchState::Pending);
        let unused = if is_live { batch.remaining() } else { 0 };
        if unused > 0 {
            let rows = if self.now {
                ", and the rows of the batch are gone for good"
            } else {
                ""
            };
            call.confirm(&format!(
                "{} has {} in batch {}; {}{rows}",
                user.name,
                count(unused, "unused code"),
                batch.name.short(),
                stops(unused),
            ))?;
        } else if self.now {
            call.confirm(&format!(
                "the rows of batch {} of {} are gone for good; its counts stay",
                batch.name.short(),
                user.name,
            ))?;
        }
        let answer = delete_batch(&mut workspace, &prefix, self.now)?;
        let record = Record::new()
            .data("user", answer.user.name.as_str())
            .data("batch", answer.batch.name.as_str())
            .data("state", answer.batch.state.word())
            .data("unused", answer.unused)
            .data("purged", answer.purged);
        let gone = if self.now {
            format!(" {} gone from the store.", count(answer.purged, "row"))
        } else {
            String::new()
        };
        let note = format!(
            "Deleted batch {} of {}, with {}.{gone}",
            answer.batch.name.short(),
            answer.user.name,
            count(answer.unused, "unused code"),
        );
        Ok(Report::done(record, note))
    }
}
