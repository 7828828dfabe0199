//! A sheet of codes as a file: values in, bytes out.

mod content;
mod csv;
mod pdf;
mod render;
mod txt;

pub use content::Sheet;
pub use render::{bind, render};
