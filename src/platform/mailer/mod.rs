//! The door to mail: what is sent, by which way, and why it failed.

mod explain;
mod failure;
mod message;
mod settings;
mod smtp;
mod system;
mod tls;

pub use failure::Failure;
pub use message::Envelope;
pub use settings::MailSettings;
pub use system::{Mailer, SystemMailer};
