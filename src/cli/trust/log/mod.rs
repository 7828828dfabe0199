//! `log …`: what was done and tried.

mod audit;
mod email;
mod imported;
mod prune;
mod purges;
mod selection;
mod verify;
mod verify_attempts;

use crate::cli::desk::subwords;

subwords! {
    /// Show what was done and tried, and prove that nobody rewrote it
    pub enum Log {
        Audit(audit::Audit),
        VerifyAttempts(verify_attempts::VerifyAttempts),
        Email(email::Email),
        Purges(purges::Purges),
        Prune(prune::Prune),
        Verify(verify::Verify),
    }
}
