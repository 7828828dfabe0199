//! The deeds: a request in, an answer out, one transaction, one audit entry.

pub mod add_user;
pub mod attempt;
pub mod change_code;
pub mod check;
pub mod confirm;
pub mod delete_batch;
pub mod edit_user;
pub mod find;
pub mod generate;
pub mod record;
pub mod remove_user;
pub mod reset_limiter;
pub mod show_user;
pub mod status;
pub mod switch_user;
pub mod verify;
pub mod verify_audit;
pub mod workspace;
