//! Codes that are there.

pub mod batch;
pub mod code;
pub mod confirm;
pub mod history;
pub mod trial;
pub mod verify;
