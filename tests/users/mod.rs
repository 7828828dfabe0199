//! Who may hold codes.

mod limit;
mod lists;
mod user;
mod user_import;
