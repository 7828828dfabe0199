//! Letters: queued, filled in, sent, and what became of them.

pub mod deliver;
pub mod enqueue;
pub(in crate::actions) mod envelope;
pub(in crate::actions) mod letter;
pub mod remind;
pub mod send_many;
