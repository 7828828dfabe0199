//! `history`: a user's batches, newest first.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::batch::record::batch_row;
use crate::actions::desk::find;
use crate::cli::desk::{Call, Report, complete, names, number};
use crate::error::Result;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::store::batches;

/// Show a user's batches, newest first, also those whose rows are purged
///
/// Shows at most history.max_visible of them; `batch list USER` shows all.
#[derive(Debug, Args)]
pub struct History {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::page, allow_negative_numbers = true)]
    page: u64,
}

impl History {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = names::user(&self.user)?;
        let visible = call.settings()?.history.max_visible;
        let request = call.page(self.page, None)?;
        let mut store = call.store()?;
        let page = store.snapshot(|connection| {
            let user = find::user(connection, &name)?;
            batches::history(connection, user.id, visible, request)
        })?;
        Ok(Report::page(
            page.map(|batch| batch_row(Record::new(), &batch)),
            nothing("batch", false),
        ))
    }
}
