//! What people read, in their own language: catalogues of messages, by Fluent.

mod built_in;
mod catalogue;
mod faults;
mod said;
mod texts;
mod variables;

pub use catalogue::Filling;
pub use faults::{Fault, faults};
pub use said::Said;
pub use texts::{Own, Texts, known};
