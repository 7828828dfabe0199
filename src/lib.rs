//! One-time recovery codes for two-factor logins, over one SQLite file.
//!
//! # The floor plan
//!
//! Imports only go down; what stands on the same line does not know each other.
//!
//! ```text
//! cli                                         words: arguments, help, what is said
//! actions                                     verbs: one deed, one transaction, one audit entry
//! store   secret   render   platform  config  tables | codes and keys | tables and JSON | the world | settings
//! model   account   error                     values
//! ```
//!
//! Where does a new line go? A flag or a prompt: [`cli`]. "May this happen?": [`actions`]. SQL:
//! the file of its table in [`store`]. A plaintext code, salt or key: [`secret`]. Disk, network,
//! terminal: [`platform`]. Rows into something visible: [`render`]. True of the value itself:
//! [`model`].

pub mod account;
pub mod actions;
pub mod cli;
pub mod config;
pub mod error;
pub mod model;
pub mod platform;
pub mod render;
pub mod secret;
pub mod store;

use std::ffi::OsString;

use error::Exit;
use platform::Platform;

/// Runs one command with these arguments, of which the first is the program's name.
pub fn run(args: impl IntoIterator<Item = OsString>, platform: &mut Platform) -> Exit {
    cli::run(args, platform)
}
