//! The SQLite store: one file per table. `&Connection` reads, `&Transaction` writes.

pub mod attempts;
pub mod audit;
pub mod batch_counts;
pub mod batches;
pub mod codes;
pub mod dead;
pub mod duplicate;
pub mod error;
pub mod gate;
pub mod identity;
pub mod imported;
pub mod keys;
pub mod letters;
pub mod limiters;
pub mod mail_log;
pub mod marks;
pub mod meta;
pub mod migrations;
pub mod open;
mod paging;
pub mod purges;
pub mod replace;
pub mod schedules;
pub mod schema;
pub mod sessions;
pub mod tasks;
pub mod tentative;
mod together;
pub mod users;

pub use open::Store;
pub use rusqlite::{Connection, Transaction};
