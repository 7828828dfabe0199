//! What only SQLite has: one file beside its log, with a queue in front of it.

pub mod connect;
pub mod duplicate;
pub mod foreign;
pub mod gate;
mod handle;
pub mod identity;
pub mod link;
pub mod migrations;
pub mod neighbours;
pub mod open;
pub mod pragmas;
pub mod replace;
pub mod schema;
pub mod scratch;
pub mod value;
