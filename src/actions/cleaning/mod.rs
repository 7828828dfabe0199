//! What goes by itself: dead codes and old entries.

pub mod prune;
pub mod purge;
pub(in crate::actions) mod report;
pub mod shrink;
