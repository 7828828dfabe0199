//! `email`: the codes to their user, once per batch.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::actions::sheets::email::email;
use crate::cli::desk::{Call, Report, complete, names, send_now};
use crate::error::Result;
use crate::render::record::Record;

/// Mail the codes of a new batch to their user, once per batch
///
/// Works for session.minutes after `generate`, for the login that gave it. What the mail server
/// does not take at once stays in the queue, sealed.
#[derive(Debug, Args)]
pub struct Email {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,
}

impl Email {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let user = names::user(&self.user)?;
        let mut workspace = call.workspace()?;
        let answer = email(&mut workspace, &user)?;
        let record = Record::new()
            .data("user", answer.user.as_str())
            .data("email", answer.email.as_str())
            .data("batch", answer.batch.as_str())
            .data("task", u64::try_from(answer.task.0).unwrap_or(0));
        let report = Report::lines(record, Vec::new());
        send_now(call, &mut workspace, &[answer.task], true, report)
    }
}
