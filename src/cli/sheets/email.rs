//! `email`: the codes to their user, once per batch; and reminders, which hold none.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::reminder;
use crate::actions::sheets::email::email;
use crate::cli::desk::{Call, Report, complete, names, send_now};
use crate::error::Result;
use crate::render::record::Record;

/// Mail the codes of a new batch to their user, once per batch; or a reminder
///
/// Works for session.minutes after `generate`, for the login that gave it. What the mail server
/// does not take at once stays in the queue, sealed.
///
/// With --reminder it mails no codes, but asks USER, or everybody who never confirmed their codes or
/// has few left, whether they still have them: nobody twice within mail.remind_every days.
#[derive(Debug, Args)]
pub struct Email {
    /// Name or e-mail address; with --reminder everybody who needs one, if it is left out
    #[arg(required_unless_present = "reminder", add = ArgValueCompleter::new(complete::users))]
    user: Option<String>,

    /// Remind of codes that were never confirmed or are few, without the codes
    #[arg(long)]
    reminder: bool,

    /// Only say who would be reminded
    #[arg(long, requires = "reminder", conflicts_with = "user")]
    dry_run: bool,
}

impl Email {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let Some(user) = &self.user else {
            return reminder::to_all(call, self.dry_run);
        };
        let user = names::user(user)?;
        if self.reminder {
            return reminder::to_one(call, &user);
        }
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
