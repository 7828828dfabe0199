//! New codes.

mod generate;
mod many;
mod marks;
