//! `limit reset`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::actions::users::reset_limiter::reset_limiter;
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::Result;
use crate::render::record::Record;

/// Forget a user's failures and waits, and unlock them
#[derive(Debug, Args)]
pub struct Reset {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,
}

impl Reset {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = names::user(&self.user)?;
        let mut workspace = call.workspace()?;
        let answer = reset_limiter(&mut workspace, &name)?;
        let note = if answer.is_changed {
            format!("{} can try again at once.", answer.user.name)
        } else {
            format!("{} had nothing to wait for.", answer.user.name)
        };
        let record = Record::new()
            .data("user", answer.user.name.as_str())
            .data("changed", answer.is_changed);
        Ok(Report::done(record, note))
    }
}
