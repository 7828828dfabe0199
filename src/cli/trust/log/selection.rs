//! Which entries of a log are asked for.

use crate::cli::desk::{complete, names, number};
use crate::error::Result;
use crate::model::time::{self, Timestamp};
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

/// Which entries of a log.
#[derive(Debug, Args)]
pub struct Selection {
    /// Only what concerns this user: name or e-mail address
    #[arg(long, value_name = "USER", add = ArgValueCompleter::new(complete::users))]
    pub(super) user: Option<String>,

    /// Only from this moment on: 2026-11-23, 2026-11-23T14:05, or 7d for seven days ago
    #[arg(long, value_name = "TIME")]
    pub(super) since: Option<String>,

    /// Only before this moment
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<String>,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::page, allow_negative_numbers = true)]
    pub(super) page: u64,
}

impl Selection {
    /// Whether not all entries are wanted, but those of a user, of a time, or of this `action`.
    pub(super) fn is_partial(&self, action: bool) -> bool {
        action || self.user.is_some() || self.since.is_some() || self.until.is_some()
    }

    pub(super) fn user(&self) -> Result<Option<String>> {
        self.user.as_deref().map(names::user).transpose()
    }

    pub(super) fn since(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.since
            .as_deref()
            .map(|text| time::parse(text, now))
            .transpose()
    }

    pub(super) fn until(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.until
            .as_deref()
            .map(|text| time::parse(text, now))
            .transpose()
    }
}
