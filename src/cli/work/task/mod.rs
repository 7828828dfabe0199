//! `task …`: background work.

mod flush;
mod list;
mod record;
mod retry;
mod show;

use crate::cli::desk::subwords;

subwords! {
    /// List, show, retry and clear background work: queued mail and runs of schedules
    pub enum Task {
        List(list::List),
        Show(show::Show),
        Retry(retry::Retry),
        Flush(flush::Flush),
    }
}
