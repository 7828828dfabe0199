//! Codes that were issued elsewhere.

mod import;
