//! The words: one file each, with its arguments, their help, and what it says. They stand in the
//! same rooms as the deeds they ask for.

mod check;
mod cleaning;
mod codes;
mod desk;
mod dispatch;
mod door;
mod issuing;
pub mod manual;
mod moving;
mod root;
mod setup;
mod sheets;
mod trust;
mod users;
mod work;

pub use dispatch::run;
pub use root::{command, complete};
