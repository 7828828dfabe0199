//! The program itself: its files, its settings, its shell.

pub mod completions;
pub mod config;
pub mod init;
