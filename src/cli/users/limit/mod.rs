//! `limit …`: failures and waits.

mod list;
use crate::cli::desk::subwords;

pub mod record;
mod reset;
mod show;

subwords! {
    /// Show and reset the limiters that slow down guessing
    pub enum Limit {
        List(list::List),
        Show(show::Show),
        Reset(reset::Reset),
    }
}
