//! `batch show`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::batch_record;
use crate::actions::codes::delete_batch::target;
use crate::cli::codes::code::record::code_record;
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::id::BatchPrefix;
use crate::render::record::Record;
use crate::store::{codes, meta};

/// Show one batch with its codes by hint
#[derive(Debug, Args)]
pub struct Show {
    /// The batch's id, or the beginning of it
    #[arg(add = ArgValueCompleter::new(complete::batches))]
    id: String,
}

impl Show {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let prefix = BatchPrefix::parse(&self.id)?;
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let (batch, user, rows, epoch) = store.snapshot(|connection| {
            let (batch, user) = target(connection, &prefix)?;
            let rows = codes::of_batch(connection, batch.id)?;
            Ok((batch, user, rows, meta::get(connection)?.epoch))
        })?;
        let list: Vec<Record> = rows
            .iter()
            .map(|row| code_record(row, &batch, &user, (now, epoch)))
            .collect();
        let record = Record::new()
            .field("user", "User", user.name.as_str())
            .extend(batch_record(&batch, now))
            .words("Whole id", batch.name.as_str());
        Ok(Report::details(if list.is_empty() {
            record.data("codes", list)
        } else {
            record.field("codes", "Codes by hint", list)
        }))
    }
}
