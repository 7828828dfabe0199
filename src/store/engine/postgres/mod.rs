//! What only PostgreSQL has: a server that several hosts share, behind a network that may be cut.

mod ahead;
pub mod connect;
pub mod foreign;
pub mod health;
pub mod link;
pub mod migrations;
pub mod open;
mod password;
pub mod roles;
mod said;
pub mod schema;
mod text;
mod tls;
mod together;
pub mod transaction;
pub mod value;
