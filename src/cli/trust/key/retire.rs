//! `key retire`

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use crate::actions::desk::key_source::key_place;
use crate::actions::trust::retire_key::{retire_key, target};
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::Result;
use crate::render::record::Record;

/// Take the secret of an old key away, once no live code needs it
///
/// Refuses while codes, sessions or unsent letters need the key, and says whose; one that is lost, and
/// without which nothing in the store can be proven, is given up with all codes. What proves old audit
/// entries is kept.
#[derive(Debug, Args)]
pub struct Retire {
    /// The key's id, or the beginning of it
    #[arg(add = ArgValueCandidates::new(complete::keys))]
    id: String,
}

impl Retire {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let beginning = names::key(&self.id)?;
        let paths = call.loaded.paths.clone();
        let place = key_place(&paths, &call.platform.environment);
        let mut workspace = call.workspace()?;
        let target = target(&workspace, &place, &paths, &beginning)?;
        call.confirm(&match &target.path {
            Some(path) => format!(
                "the secret of the key {} is taken out of {} for good; codes made with it that lie in a backup or in another store can never be checked again",
                target.key,
                path.display()
            ),
            None if target.is_proof => format!(
                "the key {} is given up for good{}, and nobody can tell any more who wrote what stands in the store: no code from before works any more, letters that were not sent never are, and names and addresses are believed as they are. If no newer key file was ever made, say no: then somebody edited the store, and a backup belongs in its place",
                target.key,
                target.needs.words().map_or_else(String::new, |words| format!(", with {words}")),
            ),
            None => format!(
                "the key {} is given up for good; codes made with it that lie in a backup are refused",
                target.key
            ),
        })?;
        let retired = retire_key(&mut workspace, target)?;
        let record = Record::new()
            .data("key", retired.key.as_str())
            .data("retired_at", retired.retired_at);
        let report = Report::done(record, format!("The key {} is retired.", retired.key));
        Ok(match retired.path {
            Some(path) => report.note(format!(
                "Its secret still stands in every copy of {}: delete those, and keep a new one.",
                path.display()
            )),
            None => report,
        })
    }
}
