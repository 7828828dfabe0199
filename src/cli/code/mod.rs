//! `code …`: single codes, named by their hint.

mod delete;
mod invalidate;
mod list;
mod reactivate;
pub(super) mod record;
mod show;

use super::words::subwords;

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
