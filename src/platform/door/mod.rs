//! The local door: a Unix socket, who is at the other end of it, and lines of text.

mod account;
mod caller;
mod knock;
mod listener;

pub use account::{Account, name_of, named, require};
pub use caller::{Caller, Handle, Line};
pub use knock::knock;
pub use listener::{Arrival, Listener};
