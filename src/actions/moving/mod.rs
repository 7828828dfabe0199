//! Codes that were issued elsewhere.

pub mod collected;
pub mod django;
pub(in crate::actions) mod django_key;
pub mod import_django;
pub mod judge;
mod looked;
mod packed;
pub mod preview;
mod slow;
pub mod static_tokens;
pub mod take_over;
