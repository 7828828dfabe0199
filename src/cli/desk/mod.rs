//! What every word needs: its call, its names, its report.

pub mod bash;
pub mod call;
pub mod complete;
pub mod global;
pub mod names;
pub mod number;
pub mod post;
pub mod report;
pub mod words;

pub use call::{Call, made_notes};
pub use post::send_now;
pub use report::{Printer, Report};
pub(crate) use words::subwords;
