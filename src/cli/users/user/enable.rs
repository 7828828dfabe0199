//! `user enable`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::switch;
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::state::UserState;

/// Enable a user again: their codes work
#[derive(Debug, Args)]
pub struct Enable {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    name: String,
}

impl Enable {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        switch(call, &self.name, UserState::Active, "enabled")
    }
}
