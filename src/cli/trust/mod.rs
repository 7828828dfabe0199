//! Keys, the proof of the log, backup and restore.

pub mod backup;
pub mod key;
pub mod log;
pub mod restore;
pub mod store;
