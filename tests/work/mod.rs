//! Schedules, tasks, and who does them.

mod flush;
mod install;
mod schedule;
mod task;
mod turns;
mod worker;
mod worker_mail;
