//! The sheet as a page to print and keep, by genpdf.

mod chosen;
mod faces;
mod frame;
mod layout;
mod line;
mod measure;
mod spelling;
mod typeset;

pub use layout::write;
