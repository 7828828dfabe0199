//! `code invalidate`

use clap::Args;

use super::record::{Which, change};
use crate::actions::codes::change_code::Change;
use crate::cli::desk::{Call, Report};
use crate::error::Result;

/// Invalidate a code, so that it does not work until it is reactivated
#[derive(Debug, Args)]
pub struct Invalidate {
    #[command(flatten)]
    which: Which,
}

impl Invalidate {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        change(call, &self.which, Change::Invalidate, "invalidated")
    }
}
