//! `code delete`

use clap::Args;

use super::record::{Which, change};
use crate::actions::codes::change_code::Change;
use crate::cli::desk::{Call, Report};
use crate::error::Result;

/// Delete a code for good; a purge takes its row when the retention is over
#[derive(Debug, Args)]
pub struct Delete {
    #[command(flatten)]
    which: Which,
}

impl Delete {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        change(call, &self.which, Change::Delete, "deleted")
    }
}
