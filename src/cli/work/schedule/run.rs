//! `schedule run`

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use super::record::details;
use crate::actions::mail::deliver::Ended;
use crate::actions::work::run_schedule::queue_now;
use crate::actions::work::run_tasks::run_one;
use crate::actions::work::schedules::find;
use crate::cli::desk::{Call, Report, complete, send_now};
use crate::error::Result;
use crate::model::schedule::parse_name;
use crate::platform::signals::stop_on_signals;
use crate::render::words::count;
use crate::store::schedules;

/// Run a schedule now; its next turn stays as it is
#[derive(Debug, Args)]
pub struct Run {
    /// The schedule's name
    #[arg(add = ArgValueCandidates::new(complete::schedules))]
    name: String,
}

impl Run {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = parse_name(&self.name)?;
        let mut workspace = call.workspace()?;
        let stop = stop_on_signals()?;
        let before = find(workspace.store.read(), &name)?;
        let task = queue_now(&mut workspace, &name)?;
        let mut post = call.post();
        let ended = run_one(&mut workspace, &mut post, task, &stop)?;
        // It may have been renamed or removed while it ran.
        let schedule = schedules::by_id(workspace.store.read(), before.id)?.unwrap_or(before);
        let report = Report::lines(details(&schedule), Vec::new());
        Ok(match ended {
            Some(Ended::Done(mail)) => {
                let deleted = schedule.last_deleted.unwrap_or(0);
                let report = report.note(format!(
                    "Ran {}: {} deleted.",
                    schedule.name,
                    count(deleted, "row")
                ));
                let mail: Vec<_> = mail.into_iter().collect();
                return send_now(call, &mut workspace, &mail, false, report);
            }
            None => report.note("A worker runs it at this moment."),
            Some(Ended::Later(_, error) | Ended::Failed(error)) => report.obstacle(error),
        })
    }
}
