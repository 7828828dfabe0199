//! `limit …`: failures and waits.

mod list;
pub(super) mod record;
mod reset;
mod show;

use super::words::subwords;

subwords! {
    /// Show and reset the limiters that slow down guessing
    pub enum Limit {
        List(list::List),
        Show(show::Show),
        Reset(reset::Reset),
    }
}
