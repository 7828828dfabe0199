//! Dead codes and old entries.

pub mod purge;
