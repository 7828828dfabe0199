//! The words: one file each, with its arguments, their help, and what it says.

mod backup;
mod batch;
mod call;
mod check;
mod code;
mod complete;
mod completions;
mod config;
mod confirm;
mod dispatch;
mod email;
mod export;
mod generate;
mod global;
mod history;
mod init;
mod limit;
mod log;
mod logout;
mod names;
mod post;
mod purge;
mod reissue;
mod report;
mod restore;
mod root;
mod schedule;
mod status;
mod task;
mod trial;
mod user;
mod verify;
mod worker;

pub use complete::complete;
pub use dispatch::run;
pub use root::command;
