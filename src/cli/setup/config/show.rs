//! `config show`: every setting with its value and where it came from.

use clap::Args;

use crate::actions::desk::key_source::{KeySource, key_source};
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::page::Page;
use crate::render::record::Record;

/// Show every setting with its value and where it came from
///
/// Begins with the store and the configuration file in force. Secrets are masked.
#[derive(Debug, Args)]
pub struct Show {}

impl Show {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let loaded = &call.loaded;
        let row = |key: &str, value: String, origin: &str| {
            Record::new()
                .field("key", "Setting", key)
                .field("value", "Value", value)
                .field("origin", "From", origin)
        };
        let paths = &loaded.paths;
        let (keys, keys_origin) = match key_source(paths, &call.platform.environment) {
            KeySource::Variable(name) => ("********".to_owned(), format!("environment {name}")),
            KeySource::Credential(path) => {
                (path.display().to_string(), "systemd credential".into())
            }
            KeySource::File(path) => (path.display().to_string(), "beside config".into()),
        };
        let mut rows = vec![
            row("store", paths.store.to_string(), &paths.store_origin),
            row(
                "config",
                paths.config.display().to_string(),
                &paths.config_origin,
            ),
            row("keys", keys, &keys_origin),
        ];
        rows.extend(
            loaded
                .effective
                .iter()
                .map(|setting| row(setting.key, setting.value.to_string(), &setting.origin)),
        );
        let report =
            Report::page(Page::whole(rows), "There are no settings.").notes(loaded.notes.clone());
        match loaded.findings.first() {
            None => Ok(report),
            Some(finding) => Ok(report
                .note("What is wrong is not in force; shown is the default in its place.")
                .obstacle(finding.error())),
        }
    }
}
