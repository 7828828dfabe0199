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
mod email;
mod export;
mod generate;
mod global;
mod history;
mod init;
mod key;
mod limit;
mod log;
mod logout;
mod names;
mod post;
mod report;
mod root;
mod status;
mod task;
mod trial;
mod user;
mod verify;
mod worker;

pub use complete::complete;
pub use dispatch::run;
pub use root::command;
