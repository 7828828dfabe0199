//! New codes.

mod bundle;
mod generate;
mod many;
mod marks;
mod temporary;
