//! `code show`

use clap::Args;

use super::record::{Which, code_record};
use crate::actions::desk::find;
use crate::cli::desk::{Call, Report, names};
use crate::error::Result;
use crate::render::record::Record;
use crate::store::meta;

/// Show one code: whether it works, and if not, since when and why
#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    which: Which,
}

impl Show {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let (name, hint) = (
            names::user(&self.which.user)?,
            names::hint(&self.which.hint)?,
        );
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let (user, code, batch, epoch) = store.snapshot(|connection| {
            let user = find::user(connection, &name)?;
            let (code, batch) = find::code(connection, &user, &hint)?;
            Ok((user, code, batch, meta::get(connection)?.epoch))
        })?;
        let mut record = Record::new().field("user", "User", user.name.as_str());
        record = record.extend(code_record(&code, &batch, &user, (now, epoch)));
        let record = record
            .field("batch_state", "Batch is", batch.state.word())
            .field("created_at", "Issued", batch.created_at)
            .field("expires_at", "Expires", batch.expires_at)
            .field("key", "Needs key", code.key_id.as_str());
        Ok(Report::details(record))
    }
}
