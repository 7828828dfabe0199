//! Keys, the proof of the log, backup and restore.

mod backup;
mod key;
mod log;
mod restore;
