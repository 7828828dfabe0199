//! The local door.

mod protocol;
mod serve;
