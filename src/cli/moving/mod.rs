//! Codes that were issued elsewhere.

mod django;
mod django_report;
pub mod import;
pub mod refused;
