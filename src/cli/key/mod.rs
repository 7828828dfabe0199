//! `key …`: the keys that lie apart from the store.

mod list;
mod retire;
mod rotate;

use clap::Subcommand;

use super::call::Call;
use super::report::Report;
use crate::error::Result;

/// List, rotate and retire the keys without which no code can be checked
#[derive(Debug, Subcommand)]
pub enum Key {
    List(list::List),
    Rotate(rotate::Rotate),
    Retire(retire::Retire),
}

impl Key {
    pub(super) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        match self {
            Self::List(word) => word.run(call),
            Self::Rotate(word) => word.run(call),
            Self::Retire(word) => word.run(call),
        }
    }
}
