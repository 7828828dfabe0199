//! `batch …`: the codes issued to one user at one time.

mod delete;
mod list;
use crate::cli::desk::subwords;

pub mod record;
mod show;

subwords! {
    /// List, show and delete batches
    pub enum Batch {
        List(list::List),
        Show(show::Show),
        Delete(delete::Delete),
    }
}
