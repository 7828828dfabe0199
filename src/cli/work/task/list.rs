//! `task list`

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::record::task_record;
use crate::cli::desk::{Call, Report, number};
use crate::error::{Error, Kind, Result};
use crate::model::task::TaskState;
use crate::platform::pace::wait;
use crate::platform::signals::stop_on_signals;
use crate::render::table;
use crate::render::words::nothing;
use crate::store::tasks;

/// What a terminal takes for "begin anew at the top".
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

/// List background work, newest first
#[derive(Debug, Args)]
pub struct List {
    /// Only tasks in this state
    #[arg(long)]
    state: Option<State>,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::page, allow_negative_numbers = true)]
    page: u64,

    /// Show the list anew every second, until Ctrl-C
    #[arg(long)]
    watch: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Queued,
    Running,
    Failed,
    Done,
}

impl List {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let state = self.state.map(|state| match state {
            State::Queued => TaskState::Queued,
            State::Running => TaskState::Running,
            State::Failed => TaskState::Failed,
            State::Done => TaskState::Done,
        });
        let request = call.page(self.page, None)?;
        let mut store = call.store()?;
        if self.watch {
            watch(call, |call| {
                let page = store.snapshot(|connection| tasks::list(connection, state, request))?;
                let view = call.printer.view(&*call.platform.terminal);
                Ok(table::rows(&page.map(|task| task_record(&task)), &view))
            })?;
        }
        let page = store.snapshot(|connection| tasks::list(connection, state, request))?;
        Ok(Report::page(
            page.map(|task| task_record(&task)),
            nothing("task", state.is_some()),
        ))
    }
}

/// Draws what `show` says anew every second until a signal.
fn watch(call: &mut Call<'_>, mut show: impl FnMut(&mut Call<'_>) -> Result<String>) -> Result<()> {
    if call.global.json || !call.platform.terminal.shows_output() {
        return Err(
            Error::new(Kind::Usage, "--watch needs a terminal to draw on")
                .hint("leave --watch out to see the list once"),
        );
    }
    let stop = stop_on_signals()?;
    loop {
        let shown = show(call)?;
        let now = call.zone().time_of_day((call.platform.clock)());
        let text = format!("{CLEAR}{now}, every second; Ctrl-C ends\n\n{shown}");
        let is_shown = call.platform.terminal.write_output(text.as_bytes()).is_ok();
        if !is_shown || wait(&stop, Duration::from_secs(1)) {
            return Ok(());
        }
    }
}
