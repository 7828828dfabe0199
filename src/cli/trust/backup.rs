//! `backup`: the whole store in one file.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::actions::trust::backup::backup;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::render::record::{Record, Value};
use crate::render::words::{count, size};

/// Copy the whole store into a new file, while others go on using it
///
/// The copy is checked before the file appears. It holds no key, no codes that wait to be
/// exported, and no mail that waits to be sent. An existing file is never replaced, not even
/// with --yes; its directory must be there.
#[derive(Debug, Args)]
pub struct Backup {
    /// The new file
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
}

impl Backup {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let mut workspace = call.workspace()?;
        let made = backup(&mut workspace, &self.file)?;
        let record = Record::new()
            .data("file", made.file.display().to_string())
            .data("size", Value::Bytes(made.bytes))
            .data("users", made.users)
            .data(
                "audit_entries",
                u64::try_from(made.audit_entries).unwrap_or(0),
            )
            .data("head", made.head);
        let note = format!(
            "Wrote a backup with {} to {} ({}).",
            count(made.users, "user"),
            self.file.display(),
            size(made.bytes)
        );
        Ok(Report::done(record, note).note(
            "It holds no key, and is worth nothing without it: keep a copy of the key too, in another place.",
        ))
    }
}
