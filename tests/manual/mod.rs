//! What the program says about itself, and the documents.

mod examples;
mod generated;
mod help;
mod readme;
