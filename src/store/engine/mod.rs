//! What runs the store's statements. The tables know it by connections, transactions, rows and
//! parameters only.

pub mod connection;
pub mod copy;
pub mod difference;
pub mod error;
pub mod foreign;
pub mod health;
mod moved;
pub mod open;
pub mod place;
pub mod postgres;
pub mod row;
pub mod schema;
pub mod sqlite;
pub mod tentative;
pub mod value;

pub use connection::{Connection, Transaction};
pub use row::Row;
pub(crate) use row::row;
pub(crate) use value::params;
pub use value::{Bind, Value};
