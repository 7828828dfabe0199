//! Sending mail before a word ends, but after its answer.

use std::time::Duration;

use super::call::Call;
use super::report::Report;
use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::deliver::Ended;
use crate::actions::work::run_tasks::run_one;
use crate::error::Result;
use crate::model::id::TaskId;
use crate::platform::pace::Deadline;
use crate::platform::signals::Stop;

/// How long all mail together may keep somebody waiting who did not ask for it: a login may wait
/// for the end of this program.
const PATIENCE: Duration = Duration::from_secs(3);

/// Writes the answer out and then sends these letters, if `mail.delivery` is `now`: a mail server
/// may be slow, and what it is to be told must not be lost with whom it keeps waiting. What does
/// not leave stays in the queue and undoes nothing. Where the mail `was_asked_for`, that is told as
/// an obstacle beside the report; where not, it is not waited for for long.
pub fn send_now(
    call: &mut Call<'_>,
    workspace: &mut Workspace,
    mail: &[TaskId],
    was_asked_for: bool,
    report: Report,
) -> Result<Report> {
    if !workspace.settings.mail.is_sent_now() {
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
    let mut post = call.post();
    post.deadline = (!was_asked_for).then(|| Deadline::after(PATIENCE));
    for task in mail {
        if post.is_away {
            break;
        }
        let ended = run_one(workspace, &mut post, *task, &Stop::default());
        let obstacle = match ended {
            Ok(Some(Ended::Done(_))) => {
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
