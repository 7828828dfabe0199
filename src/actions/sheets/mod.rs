//! The short time in which codes can be read: sessions, sheets, and mail of codes.

pub mod email;
pub mod export;
pub mod session;
pub(in crate::actions) mod sheet;
