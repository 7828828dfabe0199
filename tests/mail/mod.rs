//! Letters, and servers that misbehave.

mod mailer;
mod notices;
mod reminder;
