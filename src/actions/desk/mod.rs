//! What every deed needs: the workspace, its keys, who is meant, and the record.

pub mod find;
pub(in crate::actions) mod head;
pub mod key_source;
pub mod key_standing;
pub mod opening;
pub mod record;
pub(in crate::actions) mod seal_user;
pub mod sealing;
pub(in crate::actions) mod seals;
pub(in crate::actions) mod tree;
pub mod workspace;
