//! `code …`: single codes, named by their hint.

mod delete;
mod invalidate;
mod list;
mod reactivate;
use crate::cli::desk::subwords;

pub mod record;
mod show;

subwords! {
    /// List, show, invalidate, reactivate and delete single codes
    pub enum Code {
        List(list::List),
        Show(show::Show),
        Invalidate(invalidate::Invalidate),
        Reactivate(reactivate::Reactivate),
        Delete(delete::Delete),
    }
}
