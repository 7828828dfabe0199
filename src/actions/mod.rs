//! The deeds: a request in, an answer out, one transaction, one audit entry. A room for each thing
//! that a person asks for.

pub mod check;
pub mod cleaning;
pub mod codes;
pub mod desk;
pub mod issuing;
pub mod mail;
pub mod moving;
pub mod sheets;
pub mod trust;
pub mod users;
pub mod work;
