//! Codes that are there: tried, confirmed, changed and deleted.

pub mod attempt;
pub mod change_code;
pub(in crate::actions) mod compare;
pub mod confirm;
pub mod delete_batch;
mod everywhere;
mod forgery;
pub mod moved;
mod reserve;
mod tried;
pub mod verify;
