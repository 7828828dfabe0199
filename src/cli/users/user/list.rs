//! `user list`

use clap::{Args, ValueEnum};

use super::record::record;
use crate::actions::check::status::measure;
use crate::cli::desk::{Call, Report, number};
use crate::error::Result;
use crate::model::state::UserState;
use crate::render::words::nothing;
use crate::store::meta;
use crate::store::users::{self, Condition, Filter};

/// List users by name, with the codes they have left
#[derive(Debug, Args)]
pub struct List {
    /// Only users with this in their name or e-mail address
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,

    /// Only users in this state
    #[arg(long)]
    state: Option<State>,

    /// Only users whose codes are in this condition
    #[arg(long)]
    codes: Option<Codes>,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::page, allow_negative_numbers = true)]
    page: u64,

    /// Rows on a page [default: history.per_page]
    #[arg(long, value_name = "N", value_parser = number::within(1..=1000), allow_negative_numbers = true)]
    per_page: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Active,
    Disabled,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Codes {
    /// No code that works
    None,
    /// At most codes.low that work
    Low,
    /// Expiring within two weeks
    Expiring,
    /// Never confirmed
    Unconfirmed,
    /// Never exported, mailed or confirmed: perhaps nobody holds them
    Undelivered,
    /// From before the store was restored
    Outdated,
}

impl List {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let settings = call.settings()?;
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let is_partial = self.search.is_some() || self.state.is_some() || self.codes.is_some();
        let filter = Filter {
            search: self.search,
            state: self.state.map(|state| match state {
                State::Active => UserState::Active,
                State::Disabled => UserState::Disabled,
            }),
            codes: self.codes.map(|codes| match codes {
                Codes::None => Condition::None,
                Codes::Low => Condition::Low,
                Codes::Expiring => Condition::Expiring,
                Codes::Unconfirmed => Condition::Unconfirmed,
                Codes::Undelivered => Condition::Undelivered,
                Codes::Outdated => Condition::Outdated,
            }),
        };
        let request = call.page(self.page, self.per_page)?;
        let measure = measure(now, settings.codes.low);
        let (page, epoch) = store.snapshot(|connection| {
            let page = users::list(connection, &filter, &measure, request)?;
            Ok((page, meta::get(connection)?.epoch))
        })?;
        let page = page.map(|(user, batch)| {
            record(&user)
                .field(
                    "remaining",
                    "Codes left",
                    batch.as_ref().map_or(0, |batch| batch.working(now, epoch)),
                )
                .data("batch", batch.as_ref().map(|batch| batch.name.as_str()))
                .field(
                    "expires_at",
                    "Expire",
                    batch.as_ref().and_then(|batch| batch.expires_at),
                )
                .field(
                    "confirmed",
                    "Confirmed",
                    batch
                        .as_ref()
                        .is_some_and(|batch| batch.confirmed_at.is_some()),
                )
                .field("last_used_at", "Last use", user.last_used_at)
                .data("created_at", user.created_at)
        });
        Ok(Report::page(page, nothing("user", is_partial)))
    }
}
