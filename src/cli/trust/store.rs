//! `store …`: the store as a whole.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::actions::trust::copy_store::copy_store;
use crate::cli::desk::{Call, Report, subwords};
use crate::error::Result;
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::record::Record;
use crate::render::words::count;

subwords! {
    /// Move the whole store to another place or engine
    pub enum Store {
        Copy(Copy),
    }
}

/// Move everything to another place: from a file to a server, or back
///
/// Both are paths, or URLs of a PostgreSQL server. Nothing may be at TO. While it is copied nobody can
/// log in with a code. Both are proven row by row; then the old store is marked as moved, so that nobody
/// goes on with it, and the new one appears. Killed at any moment, one of them works or doing it again
/// ends it.
#[derive(Debug, Args)]
pub struct Copy {
    /// The store that is there
    #[arg(value_hint = ValueHint::AnyPath)]
    from: PathBuf,

    /// Where it is to be
    #[arg(value_hint = ValueHint::AnyPath)]
    to: PathBuf,
}

impl Copy {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let [from, to] = [&self.from, &self.to].map(|text| call.location(text));
        call.confirm(&format!(
            "{from} is moved to {to}; nothing works in the old one any more, and no code is accepted until it is done"
        ))?;
        let stop = stop_on_signals()?;
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        let moved = copy_store(&call.opening()?, &from, &to, &mut pace)?;
        let record = Record::new()
            .data("from", from.to_string())
            .data("to", to.to_string())
            .data("users", moved.users)
            .data("rows", moved.rows);
        let said = format!(
            "Moved {} in {} to {to}.",
            count(moved.users, "user"),
            count(moved.rows, "row"),
        );
        Ok(Report::done(record, said).note(format!(
            "Name it as `store` in the configuration of every host; commands that still name {from} are refused."
        )))
    }
}
