//! Schedules: what they run, whether they do, and how the last run ended.

use super::state::words;
use crate::error::{Error, Kind, Result};
use crate::model::user::{UserName, quote};

words! {
    /// What a schedule runs.
    pub enum RunKind {
        /// Deletes dead codes.
        Purge = "purge",
        /// Prunes the logs.
        Prune = "prune",
    }
}

words! {
    /// Whether a schedule runs by itself.
    pub enum ScheduleState {
        Enabled = "enabled",
        Disabled = "disabled",
    }
}

words! {
    /// How the last run ended.
    pub enum LastStatus {
        Done = "done",
        Failed = "failed",
    }
}

/// Reads the name of a schedule, by the rule for user names.
///
/// # Errors
/// [`Kind::MalformedName`].
pub fn parse_name(text: &str) -> Result<String> {
    UserName::parse(text)
        .map(|name| name.as_str().to_owned())
        .map_err(|_| {
            Error::new(
                Kind::MalformedName,
                format!("{} is not the name of a schedule", quote(text)),
            )
            .hint("a name has 1 to 150 visible characters and does not begin or end with a space")
        })
}
