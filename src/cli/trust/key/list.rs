//! `key list`

use clap::Args;

use crate::actions::desk::key_source::{missing_key, read_ring};
use crate::actions::trust::list_keys::{Listed, list_keys};
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::page::Page;
use crate::render::record::Record;
use crate::render::words::nothing;
use crate::secret::keyring::Holding;

/// List the keys this store was used with or that are at hand, oldest first; never a secret
///
/// Also works when the key is lost, and then shows which one the store needs. Of a retired key
/// only the part is kept that proves old audit entries.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let ring = read_ring(&call.loaded.paths, &call.platform.environment)?;
        let keys = store.snapshot(|connection| list_keys(connection, ring.as_ref(), now))?;
        let report = Report::page(
            Page::whole(keys.into_iter().map(record).collect()),
            nothing("key", false),
        );
        Ok(match ring {
            Some(_) => report,
            None => {
                let lost = missing_key(&call.loaded.paths);
                let advice = lost.advice().unwrap_or_default().to_owned();
                report.note(format!("Careful: {lost}; {advice}."))
            }
        })
    }
}

fn record(key: Listed) -> Record {
    let held = match key.holding {
        Holding::Whole => "whole",
        Holding::AuditOnly => "audit_only",
        Holding::Missing => "missing",
    };
    Record::new()
        .field("key", "Key", key.key.as_str())
        .field("current", "Current", key.is_current)
        .data("held", held)
        .words("At hand", held.replace('_', " "))
        .field("known", "In the store", key.known_at.is_some())
        .field("codes", "Live codes", key.codes)
        .data("sealed", key.sealed)
        .field("created_at", "Since", key.known_at)
        .field("retired_at", "Retired", key.retired_at)
}
