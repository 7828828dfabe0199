//! Everything that is wrong, and everything at a glance.

mod check;
mod status;
