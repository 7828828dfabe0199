//! Everything that is wrong, and everything at a glance.

mod everything;
mod status;
