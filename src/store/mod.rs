//! The store: one file per table, above the engine that runs the statements. `&Connection` reads,
//! `&Transaction` writes.

pub mod aside;
pub mod attempts;
pub mod audit;
pub mod batch_counts;
pub mod batches;
pub mod codes;
pub mod dead;
pub mod django_rows;
pub mod django_tables;
pub mod engine;
pub mod glance;
pub mod imported;
pub mod imported_history;
pub mod keys;
pub mod letters;
pub mod limiters;
pub mod mail_log;
pub mod marks;
pub mod meta;
pub mod moved;
pub mod paging;
pub mod past_batches;
pub mod purges;
pub mod reminders;
pub mod schedules;
pub mod seals;
pub mod sessions;
pub mod static_tokens;
pub mod tasks;
mod together;
pub mod totals;
pub mod users;

pub use engine::open::{Kept, Store};
pub use engine::{Connection, Transaction};
