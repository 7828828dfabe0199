//! Codes that were issued elsewhere.

pub mod import;
