//! Codes that were issued elsewhere.

pub mod import;
mod moved;
pub mod refused;
mod taken;
