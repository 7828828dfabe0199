//! The program among others: its files, its settings, logins, accounts.

mod accounts;
mod completions;
mod config;
mod django;
mod dotenv;
mod examples;
mod init;
mod language;
mod log_file;
mod packaging;
mod pam;
mod time_zone;
