//! `user remove`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::record;
use crate::actions::users::remove_user::remove_user;
use crate::actions::users::show_user::show_user;
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::Result;
use crate::render::words::count;

/// Remove a user with all codes and batches; what was done stays in the audit log
#[derive(Debug, Args)]
pub struct Remove {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    name: String,
}

impl Remove {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = names::user(&self.name)?;
        let mut workspace = call.workspace()?;
        let now = workspace.origin.at;
        let found = show_user(&mut workspace.store, &name, now)?;
        let unused = found
            .active
            .as_ref()
            .map_or(0, |(batch, _)| batch.remaining());
        call.confirm(&format!(
            "{} has {} and {}; all of it goes and cannot be brought back",
            found.user.name,
            count(unused, "unused code"),
            count(found.batches, "batch"),
        ))?;
        let user = remove_user(&mut workspace, found.user.name.as_str())?;
        let note = format!("Removed {}.", user.name);
        Ok(Report::done(record(&user).data("removed", true), note))
    }
}
