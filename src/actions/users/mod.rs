//! Who may hold codes, and who has to wait.

pub mod add_user;
pub mod aside;
pub mod columns;
pub mod edit_user;
pub mod import_users;
pub mod languages;
pub mod remove_user;
pub mod reset_limiter;
pub mod roster;
pub mod show_user;
pub mod switch_user;
