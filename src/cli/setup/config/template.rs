//! `config template`: a commented configuration file.

use clap::Args;
use zeroize::Zeroizing;

use crate::cli::desk::{Call, Report};
use crate::config::template::template;
use crate::error::Result;
use crate::render::record::Record;

/// Print a configuration file with every setting explained and commented out
#[derive(Debug, Args)]
pub struct Template {}

impl Template {
    pub fn run(self, _call: &mut Call<'_>) -> Result<Report> {
        let text = template();
        let lines = vec![Zeroizing::new(text.trim_end().to_owned())];
        Ok(Report::lines(Record::new().data("template", text), lines))
    }
}
