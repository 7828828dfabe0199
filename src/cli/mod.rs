//! The words: one file each, with its arguments, their help, and what it says.

mod batch;
mod call;
mod check;
mod code;
mod complete;
mod completions;
mod config;
mod confirm;
mod dispatch;
mod generate;
mod global;
mod history;
mod init;
mod limit;
mod log;
mod names;
mod report;
mod root;
mod status;
mod trial;
mod user;
mod verify;

pub use complete::complete;
pub use dispatch::run;
pub use root::command;
