//! What starts the worker: units of systemd, a line for cron.

mod job;

pub use job::{Job, TIMER, crontab, service};
