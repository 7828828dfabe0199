//! Codes that were issued elsewhere.

pub mod import;
pub mod past;
mod settings;
