//! What the program says about itself, and the documents.

mod generated;
mod help;
mod readme;
