//! New codes.

mod generate;
mod marks;
