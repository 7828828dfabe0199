//! What every deed needs: the workspace, its keys, who is meant, and the record.

pub mod find;
pub mod key_source;
pub mod key_standing;
pub mod opening;
pub mod record;
pub mod workspace;
