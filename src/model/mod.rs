//! Values: names, ids, states, waits and time spans, true wherever they stand.

pub mod alphabet;
pub mod at;
pub mod attempt;
pub mod audit;
pub mod calendar;
pub mod check_character;
pub mod cron;
pub mod environment;
pub mod every;
pub mod file_name;
pub mod format;
pub mod id;
pub mod language;
pub mod limiter;
pub mod mail;
pub mod page;
pub mod schedule;
pub mod seal;
pub mod source;
pub mod span;
pub mod spelling;
pub mod state;
mod step;
pub mod task;
pub mod time;
pub mod user;
pub mod zone;
