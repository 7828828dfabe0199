//! Background work: what kinds there are and how far it has come.

use super::state::words;

words! {
    /// What is to be done.
    pub enum TaskKind {
        /// Send one letter.
        Mail = "mail",
        /// Purge dead codes.
        Purge = "purge",
        /// Prune the logs.
        Prune = "prune",
    }
}

words! {
    /// How far it has come.
    pub enum TaskState {
        Queued = "queued",
        Running = "running",
        Failed = "failed",
        Done = "done",
    }
}

const DAY: u64 = 86_400;

/// The longest a task may run, and be held by one worker, whatever the settings: in seconds.
pub const LONGEST_TIMEOUT: u64 = DAY;

/// The longest wait before a task is tried again, whatever the settings: in seconds.
pub const LONGEST_RETRY: u64 = 30 * DAY;

/// Seconds before the next try, after this many: twice as long each time, a day at the most.
pub fn retry_wait(retry_after: u64, tries: u64) -> u64 {
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(u32::MAX);
    let factor = 2_u64.checked_pow(doublings).unwrap_or(u64::MAX);
    retry_after.saturating_mul(factor).min(DAY.max(retry_after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_day() {
        let waits: Vec<u64> = (1..=10).map(|tries| retry_wait(600, tries)).collect();
        assert_eq!(waits[..4], [600, 1200, 2400, 4800]);
        assert_eq!(waits[9], 86_400);
        assert_eq!(retry_wait(200_000, 70), 200_000);
    }
}
