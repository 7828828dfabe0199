//! Schedules, tasks, and who does them.

pub mod schedule;
pub mod task;
pub mod worker;
