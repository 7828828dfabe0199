//! New codes: asked, planned, drawn and issued, to one user or to many.

pub mod ask;
pub mod bundle;
pub(in crate::actions) mod draft;
pub mod generate;
pub(in crate::actions) mod issue;
pub mod issue_many;
pub mod plan;
pub(in crate::actions) mod supersede;
