//! The local door: who stands in it, and who asks at it.

pub mod ask;
mod guest;
mod queue;
pub mod serve;
mod worker;
