//! Codes that are there: tried, raced for, changed.

mod batch;
mod code;
mod confirm;
mod history;
mod limiter;
mod mistyped;
mod oracle;
mod paste;
mod race;
mod source;
mod state_machine;
mod verify;
