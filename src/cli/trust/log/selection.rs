//! Which entries of a log are asked for.

use crate::cli::desk::{Call, complete, names, number};
use crate::error::Result;
use crate::model::page::PageRequest;
use crate::model::time;
use crate::store::paging::Filter;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

/// Which entries of a log.
#[derive(Debug, Args)]
pub struct Selection {
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
    /// The entries that are wanted, if also of this kind: the user as typed, and which page.
    pub fn read(
        &self,
        call: &Call<'_>,
        action: Option<String>,
    ) -> Result<(Filter<String>, PageRequest)> {
        let moment = |text: &Option<String>| {
            let moment = text.as_deref().map(|text| time::parse(text, call.now));
            moment.transpose()
        };
        let filter = Filter {
            user: self.user.as_deref().map(names::user).transpose()?,
            action,
            since: moment(&self.since)?,
            until: moment(&self.until)?,
        };
        Ok((filter, call.page(self.page, None)?))
    }
}

/// Whether not all entries are wanted.
pub fn is_partial<U>(filter: &Filter<U>) -> bool {
    let Filter {
        user,
        action,
        since,
        until,
    } = filter;
    user.is_some() || action.is_some() || since.is_some() || until.is_some()
}

/// The same with what `find` makes of the user.
pub fn with_user<U>(
    filter: Filter<String>,
    find: impl FnOnce(String) -> Result<U>,
) -> Result<Filter<U>> {
    Ok(Filter {
        user: filter.user.map(find).transpose()?,
        action: filter.action,
        since: filter.since,
        until: filter.until,
    })
}
