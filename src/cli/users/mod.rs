//! Who may hold codes.

pub mod limit;
pub mod user;
