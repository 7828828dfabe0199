//! New codes.

pub mod generate;
pub mod issued;
pub mod reissue;
mod temporary;
