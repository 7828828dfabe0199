//! `config path`: where the configuration file lies.

use clap::Args;
use zeroize::Zeroizing;

use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::render::record::Record;
use crate::render::visible::visible_line;

/// Show which configuration file is in force, and why
#[derive(Debug, Args)]
pub struct Path {}

impl Path {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let paths = &call.loaded.paths;
        let path = &paths.config;
        let shown = path.display().to_string();
        let line = Zeroizing::new(visible_line(&shown));
        let is_there = path.exists();
        let record = Record::new()
            .data("path", shown)
            .data("exists", is_there)
            .data("why", paths.config_why.as_str());
        let report = Report::lines(record, vec![line])
            .note(format!("In force because {}.", paths.config_why));
        Ok(if is_there {
            report
        } else {
            report.note("It is not there; `recovery-codes init` makes it.")
        })
    }
}
