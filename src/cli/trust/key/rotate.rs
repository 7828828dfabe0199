//! `key rotate`

use clap::Args;

use crate::actions::desk::key_source::key_source;
use crate::actions::trust::rotate_key::rotate_key;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::id::KeyId;
use crate::render::record::Record;

/// Make a new key for everything from now on; codes made with the old one go on working
///
/// The old key stays in the key file until `key retire` takes it away. A key in the variable
/// RECOVERY_CODES_KEY is changed by hand: first its old value goes into the key file, then the
/// variable gets a new one, then this word makes the new key known to the store.
#[derive(Debug, Args)]
pub struct Rotate {}

impl Rotate {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let paths = &call.loaded.paths;
        let source = key_source(paths, &call.platform.environment);
        let mut workspace = call.workspace_with_any_key()?;
        let rotated = rotate_key(&mut workspace, &source, paths)?;
        let record = Record::new()
            .data("key", rotated.key.as_str())
            .data("previous", rotated.previous.as_ref().map(KeyId::as_str));
        let report = Report::done(record, format!("The key {} is current now.", rotated.key));
        Ok(match (rotated.path, rotated.previous) {
            (Some(path), Some(previous)) => report
                .note(format!(
                    "The key {previous} stays for the codes made with it."
                ))
                .note(format!(
                    "Keep a new copy of {} apart from the store.",
                    path.display()
                )),
            _ => report.note("The keys before it stay for the codes made with them."),
        })
    }
}
