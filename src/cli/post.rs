//! Sending mail before a word ends.

use super::call::Call;
use super::report::Report;
use crate::actions::deliver::{Ended, Post};
use crate::actions::run_tasks::run_one;
use crate::actions::workspace::Workspace;
use crate::error::{Error, Result};
use crate::model::id::TaskId;
use crate::model::time;

/// Sends these letters if `mail.delivery` is `now`. What does not leave stays in the queue and
/// undoes nothing; where the mail `was_asked_for`, it is told as an obstacle beside the report.
pub fn send_now(
    call: &mut Call<'_>,
    workspace: &mut Workspace,
    mail: &[TaskId],
    was_asked_for: bool,
    mut report: Report,
) -> Result<Report> {
    if !workspace.settings.mail.is_sent_now {
        return Ok(if was_asked_for {
            report.note("The mail is queued; the worker sends it.")
        } else {
            report
        });
    }
    for task in mail {
        let mut post = Post {
            mailer: &mut *call.platform.mailer,
            clock: &*call.platform.clock,
            terminal: &mut *call.platform.terminal,
        };
        let ended = run_one(workspace, &mut post, *task);
        let obstacle = match ended {
            Ok(Some(Ended::Done)) => {
                if was_asked_for {
                    report = report.note(workspace.settings.mail.success_message.clone());
                }
                continue;
            }
            // Another worker was quicker.
            Ok(None) => continue,
            Ok(Some(Ended::Later(at, error))) => later(error, *task, &time::readable(at)),
            Ok(Some(Ended::Failed(error))) | Err(error) => error,
        };
        if was_asked_for {
            report = report.obstacle(obstacle);
        }
    }
    Ok(report)
}

/// Says that a letter waits, beside what the failure itself advises.
fn later(error: Error, task: TaskId, when: &str) -> Error {
    let advice = error
        .advice()
        .map(|advice| format!("{advice}; "))
        .unwrap_or_default();
    error.hint(format!(
        "{advice}the mail stays queued as task {}; `recovery-codes worker --once` tries again after {when}",
        task.0
    ))
}
