//! `user disable`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::switch;
use crate::cli::desk::{Call, Report, complete};
use crate::error::Result;
use crate::model::state::UserState;

/// Disable a user: none of their codes works until they are enabled
#[derive(Debug, Args)]
pub struct Disable {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    name: String,
}

impl Disable {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        switch(call, &self.name, UserState::Disabled, "disabled")
    }
}
