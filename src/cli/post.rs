//! Sending mail before a word ends, but after its answer.

use super::call::Call;
use super::report::Report;
use crate::actions::deliver::{Ended, Post};
use crate::actions::run_tasks::run_one;
use crate::actions::workspace::Workspace;
use crate::error::Result;
use crate::model::id::TaskId;
use crate::platform::pace::Stop;

/// Writes the answer out and then sends these letters, if `mail.delivery` is `now`: a mail server
/// may be slow, and what it is to be told must not be lost with whom it keeps waiting. What does
/// not leave stays in the queue and undoes nothing; where the mail `was_asked_for`, it is told as an obstacle beside the report.
pub fn send_now(
    call: &mut Call<'_>,
    workspace: &mut Workspace,
    mail: &[TaskId],
    was_asked_for: bool,
    report: Report,
) -> Result<Report> {
    if !workspace.settings.mail.is_sent_now {
        return Ok(if was_asked_for {
            report.note("The mail is queued; the worker sends it.")
        } else {
            report
        });
    }
    if mail.is_empty() {
        return Ok(report);
    }
    let exit = call.printer.report(&report, &mut *call.platform.terminal);
    let mut report = Report::afterwards(exit);
    for task in mail {
        let mut post = Post {
            mailer: &mut *call.platform.mailer,
            clock: &*call.platform.clock,
            terminal: &mut *call.platform.terminal,
        };
        let ended = run_one(workspace, &mut post, *task, &Stop::default());
        let obstacle = match ended {
            Ok(Some(Ended::Done)) => {
                if was_asked_for {
                    report = report.note(workspace.settings.mail.success_message.clone());
                }
                continue;
            }
            Ok(None) => {
                if was_asked_for {
                    report = report.note("A worker sends it in this moment.");
                }
                continue;
            }
            Ok(Some(Ended::Later(_, error) | Ended::Failed(error))) | Err(error) => error,
        };
        if was_asked_for {
            report = report.obstacle(obstacle);
        }
    }
    Ok(report)
}
