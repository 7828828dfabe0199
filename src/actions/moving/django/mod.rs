//! What django-auth-recovery-codes keeps: where it is read, and what it means here.

pub mod candidates;
pub(in crate::actions) mod coming;
pub(in crate::actions) mod ended;
pub mod history;
pub mod schedules;
pub(in crate::actions) mod select;
pub mod source;
pub(in crate::actions) mod storing;
pub mod survey;
