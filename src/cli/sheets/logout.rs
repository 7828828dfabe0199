//! `logout`: the plaintext is gone.

use clap::Args;

use crate::actions::sheets::session::end_all;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::render::record::Record;
use crate::render::words::count;

/// End the sessions of this login: their codes can no longer be exported or mailed
#[derive(Debug, Args)]
pub struct Logout {}

impl Logout {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let mut workspace = call.workspace()?;
        let ended = end_all(&mut workspace)?;
        let note = if ended.is_empty() {
            "There was no session.".to_owned()
        } else {
            format!(
                "Ended {}; the plaintext is gone.",
                count(ended.len() as u64, "session")
            )
        };
        let sessions: Vec<Record> = ended
            .iter()
            .map(|(user, batch)| {
                Record::new()
                    .data("user", user.name.as_str())
                    .data("batch", batch.as_str())
            })
            .collect();
        Ok(Report::done(Record::new().data("ended", sessions), note))
    }
}
