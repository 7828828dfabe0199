//! `code list`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::code_record;
use crate::actions::desk::find;
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::{Error, Kind, Result};
use crate::model::id::BatchPrefix;
use crate::model::page::Page;
use crate::model::state::BatchState;
use crate::render::quoting::name_in_shell;
use crate::store::{batches, codes, meta};

/// List a user's codes by hint: those of the active batch and of a pending one, or of the batch
/// that is named
#[derive(Debug, Args)]
pub struct List {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,

    /// The batch's id, or the beginning of it
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(complete::batches))]
    batch: Option<String>,
}

impl List {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = names::user(&self.user)?;
        let prefix = self.batch.as_deref().map(BatchPrefix::parse).transpose()?;
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let rows = store.snapshot(|connection| {
            let user = find::user(connection, &name)?;
            let chosen = match &prefix {
                Some(prefix) => {
                    let batch = find::batch(connection, prefix)?;
                    if batch.user_id != user.id {
                        return Err(Error::new(
                            Kind::UnknownBatch,
                            format!(
                                "the batch {} is not one of {}",
                                batch.name.short(),
                                user.name
                            ),
                        )
                        .hint(format!(
                            "`recovery-codes history {}` shows theirs",
                            name_in_shell(user.name.as_str())
                        )));
                    }
                    vec![batch]
                }
                None => {
                    let mut chosen = Vec::new();
                    for state in [BatchState::Active, BatchState::Pending] {
                        chosen.extend(batches::in_state(connection, user.id, state)?);
                    }
                    chosen.extend(batches::temporary(connection, user.id)?);
                    chosen
                }
            };
            let moment = (now, meta::get(connection)?.epoch);
            let mut rows = Vec::new();
            for batch in chosen {
                for code in codes::of_batch(connection, batch.id)? {
                    rows.push(code_record(&code, &batch, &user, moment));
                }
            }
            Ok(rows)
        })?;
        let nothing = match prefix {
            Some(_) => "The batch holds no codes any more.".to_owned(),
            None => format!("{name} has no codes."),
        };
        Ok(Report::page(Page::whole(rows), nothing))
    }
}
