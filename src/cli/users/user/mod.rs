//! `user …`: who may hold codes.

mod add;
mod disable;
mod edit;
mod enable;
mod import;
mod list;
mod record;
mod remove;
mod show;

use crate::cli::desk::subwords;

subwords! {
    /// Add, list, show, change and remove users
    pub enum User {
        Add(add::Add),
        List(list::List),
        Show(show::Show),
        Edit(edit::Edit),
        Import(import::Import),
        Enable(enable::Enable),
        Disable(disable::Disable),
        Remove(remove::Remove),
    }
}
