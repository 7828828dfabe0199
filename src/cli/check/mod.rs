//! Everything that is wrong, and everything at a glance.

pub mod everything;
pub mod status;
