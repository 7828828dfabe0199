//! Files on disk: read whole, written whole, private from the start.

pub mod access;
mod directory;
mod draft;
mod draft_directory;
mod fitting;
mod naming;
mod prepared;
mod read;

pub use access::{exposure, is_foreign, is_private_directory, may_write};
pub use directory::{directory_for, directory_of, free_space, list, private_directory_of, remove};
pub use draft::Draft;
pub use draft_directory::abandoned_drafts;
pub use fitting::{fitting_directory_of, write_fitting};
pub use prepared::{Placed, Prepared, write_new};
pub use read::{Again, open_to_read, read_bytes, read_if_there};
pub use read::{read_named, read_private, read_private_bytes};
