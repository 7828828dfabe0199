//! `limit list`

use clap::Args;

use super::record::limiter_record;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::page::Page;
use crate::render::record::Record;
use crate::render::words::count;
use crate::store::limiters;

/// List users whose attempts failed or came too early
///
/// Not those who only got codes a moment ago; `limit show` tells their wait as well.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let policy = call.settings()?.limiter.policy();
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let (rows, unknown) = store.snapshot(|connection| {
            Ok((
                limiters::of_users(connection, now)?,
                limiters::unknown_names(connection, now)?,
            ))
        })?;
        let has_source = rows.iter().any(|named| named.source.is_some());
        let records = rows
            .iter()
            .filter(|named| {
                let limiter = &named.limiter;
                let is_over = limiter.failures == 0 && limiter.remaining(now, &policy) == 0;
                limiter.was_in_vain() && !is_over
            })
            .map(|named| {
                let first = Record::new().field("user", "User", named.user.as_str());
                let label = if has_source { "From" } else { "" };
                limiter_record(first, named.action, &named.limiter, now, &policy).field(
                    "from",
                    label,
                    named.source.as_deref(),
                )
            })
            .collect();
        let report = Report::page(Page::whole(records), "Nobody failed or has to wait.");
        Ok(if unknown > 0 {
            report.note(format!(
                "Also counted: {} that no user has.",
                count(unknown, "name")
            ))
        } else {
            report
        })
    }
}
