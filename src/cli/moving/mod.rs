//! Codes that were issued elsewhere.

mod django;
mod django_report;
pub mod import;
mod manner;
mod moved;
pub mod refused;
mod taken;
