//! `batch list`

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::record::batch_row;
use crate::actions::desk::find;
use crate::cli::desk::{Call, Report, complete, names, number};
use crate::error::Result;
use crate::model::state::BatchState;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::store::batches::{self, Filter};

/// List batches, newest first
#[derive(Debug, Args)]
pub struct List {
    /// Only those of this user: name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: Option<String>,

    /// Only those in this state
    #[arg(long)]
    state: Option<State>,

    /// Only those whose codes may still work and which were never exported, mailed or confirmed
    #[arg(long)]
    undelivered: bool,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::page, allow_negative_numbers = true)]
    page: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Pending,
    Active,
    Superseded,
    Deleted,
    Purged,
}

impl List {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = self.user.as_deref().map(names::user).transpose()?;
        let state = self.state.map(|state| match state {
            State::Pending => BatchState::Pending,
            State::Active => BatchState::Active,
            State::Superseded => BatchState::Superseded,
            State::Deleted => BatchState::Deleted,
            State::Purged => BatchState::Purged,
        });
        let request = call.page(self.page, None)?;
        let mut store = call.store()?;
        let page = store.snapshot(|connection| {
            let user = name
                .as_deref()
                .map(|name| find::user(connection, name))
                .transpose()?;
            let filter = Filter {
                user: user.map(|user| user.id),
                state,
                is_undelivered: self.undelivered,
            };
            batches::list(connection, filter, request)
        })?;
        let page =
            page.map(|(batch, user)| batch_row(Record::new().field("user", "User", user), &batch));
        Ok(Report::page(
            page,
            nothing("batch", self.state.is_some() || self.undelivered),
        ))
    }
}
