//! Keys, the proof of the audit chain, backups, and all users at a glance.

pub mod accept_clock;
pub mod backup;
pub mod copy_store;
pub mod hold_audit;
pub mod list_keys;
pub mod restore;
pub mod retire_key;
pub mod rotate_key;
pub mod verify_audit;
