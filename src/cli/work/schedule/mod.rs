//! `schedule …`: named, recurring purges and prunings.

mod add;
mod disable;
mod edit;
mod enable;
mod install;
mod list;
mod next;
mod record;
mod remove;
mod run;
mod show;

use crate::cli::desk::subwords;

subwords! {
    /// Add, show, change, run and remove recurring purges and prunings
    pub enum Schedule {
        Add(add::Add),
        List(list::List),
        Show(show::Show),
        Next(next::Next),
        Edit(edit::Edit),
        Enable(enable::Enable),
        Disable(disable::Disable),
        Remove(remove::Remove),
        Run(run::Run),
        Install(install::Install),
    }
}
