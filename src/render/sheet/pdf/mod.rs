//! The sheet as a page to print and keep, by genpdf.

mod faces;
mod frame;
mod layout;
mod line;
mod spelling;

pub use layout::write;
