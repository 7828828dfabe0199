//! `batch …`: the codes issued to one user at one time.

mod delete;
mod list;
pub(super) mod record;
mod show;

use super::words::subwords;

subwords! {
    /// List, show and delete batches
    pub enum Batch {
        List(list::List),
        Show(show::Show),
        Delete(delete::Delete),
    }
}
