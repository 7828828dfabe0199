//! `code reactivate`

use clap::Args;

use super::record::{Which, change};
use crate::actions::codes::change_code::Change;
use crate::cli::desk::{Call, Report};
use crate::error::Result;

/// Bring an invalidated code of an active batch back
#[derive(Debug, Args)]
pub struct Reactivate {
    #[command(flatten)]
    which: Which,
}

impl Reactivate {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        change(call, &self.which, Change::Reactivate, "active again")
    }
}
