//! The short time in which codes can be read.

mod delivery_terminal;
mod email;
mod export;
mod fonts;
mod logout;
mod session;
