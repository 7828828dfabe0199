//! Dead codes and old entries.

mod long_purge;
mod prune;
mod purge;
mod purge_model;
