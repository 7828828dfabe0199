//! `log …`: what was done and tried.

mod audit;
mod email;
mod prune;
mod purges;
mod verify;
mod verify_attempts;

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::call::Call;
use super::report::Report;
use super::{complete, names};
use crate::cli::number;
use crate::error::Result;
use crate::model::time::{self, Timestamp};

/// Show what was done and tried, and prove that nobody rewrote it
#[derive(Debug, Subcommand)]
pub enum Log {
    Audit(audit::Audit),
    VerifyAttempts(verify_attempts::VerifyAttempts),
    Email(email::Email),
    Purges(purges::Purges),
    Prune(prune::Prune),
    Verify(verify::Verify),
}

impl Log {
    pub(super) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        match self {
            Self::Audit(word) => word.run(call),
            Self::VerifyAttempts(word) => word.run(call),
            Self::Email(word) => word.run(call),
            Self::Purges(word) => word.run(call),
            Self::Prune(word) => word.run(call),
            Self::Verify(word) => word.run(call),
        }
    }
}

/// Which entries of a log.
#[derive(Debug, Args)]
struct Selection {
    /// Only what concerns this user: name or e-mail address
    #[arg(long, value_name = "USER", add = ArgValueCompleter::new(complete::users))]
    user: Option<String>,

    /// Only from this moment on: 2026-11-23, 2026-11-23T14:05, or 7d for seven days ago
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Only before this moment
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::page, allow_negative_numbers = true)]
    page: u64,
}

impl Selection {
    /// Whether not all entries are wanted, but those of a user, of a time, or of this `action`.
    fn is_partial(&self, action: bool) -> bool {
        action || self.user.is_some() || self.since.is_some() || self.until.is_some()
    }

    fn user(&self) -> Result<Option<String>> {
        self.user.as_deref().map(names::user).transpose()
    }

    fn since(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.since
            .as_deref()
            .map(|text| time::parse(text, now))
            .transpose()
    }

    fn until(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.until
            .as_deref()
            .map(|text| time::parse(text, now))
            .transpose()
    }
}
