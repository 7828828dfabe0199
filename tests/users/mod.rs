//! Who may hold codes.

mod limit;
mod user;
mod user_import;
