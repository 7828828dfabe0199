//! Background work: schedules, tasks, and who does them.

pub mod flush_tasks;
pub mod retry_task;
pub mod run_schedule;
pub mod run_tasks;
pub mod schedules;
