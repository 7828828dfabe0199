//! `completions`: scripts that teach shells the words.

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use zeroize::Zeroizing;

use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::render::record::Record;

/// Print a script that teaches a shell to complete words and options
///
/// The same scripts lie in the directory completions. To complete also user names, batch ids
/// and hints from the store, let the shell ask this program instead, for bash with
/// `source <(COMPLETE=bash recovery-codes)`.
#[derive(Debug, Args)]
pub struct Completions {
    /// For which shell
    shell: Shell,
}

impl Completions {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let script = script(self.shell, (call.tree)());
        let shell = self
            .shell
            .to_possible_value()
            .map(|value| value.get_name().to_owned());
        let record = Record::new()
            .data("shell", shell)
            .data("script", script.as_str());
        Ok(Report::lines(
            record,
            vec![Zeroizing::new(script.trim_end().to_owned())],
        ))
    }
}

/// The script for a shell.
fn script(shell: Shell, mut tree: clap::Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tree, "recovery-codes", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
