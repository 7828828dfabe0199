//! The short time in which codes can be read.

pub mod email;
pub mod export;
pub mod logout;
mod reminder;
