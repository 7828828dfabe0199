//! What is said about the program as a whole: texts that `help` shows, and of which the manual is
//! made.

pub mod help;
pub mod words;

pub use help::{TOPICS, settings};
