//! `config …`: the settings.

mod path;
mod show;
mod template;

use clap::Subcommand;

use super::call::Call;
use super::report::Report;
use crate::error::Result;

/// Show the settings, their files and a template
#[derive(Debug, Subcommand)]
pub enum Config {
    Show(show::Show),
    Path(path::Path),
    Template(template::Template),
}

impl Config {
    pub(super) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        match self {
            Self::Show(word) => word.run(call),
            Self::Path(word) => word.run(call),
            Self::Template(word) => word.run(call),
        }
    }
}
