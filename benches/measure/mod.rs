//! What all measurements share: taking turns, telling the result, and the world they run in.

#![allow(dead_code, reason = "no measurement needs all of it")]

pub mod bare;
pub mod crowd;
pub mod dead;
pub mod desk;
pub mod program;
pub mod rounds;
pub mod table;
pub mod vast;
