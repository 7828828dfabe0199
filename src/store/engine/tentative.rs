//! What may still come to nothing, so that no line of the log tells of it too early, and when a commit is durable.

use tracing::field::Empty;
use tracing::span::EnteredSpan;

/// When a commit is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durable {
    /// Before anything is told of it.
    AtOnce,
    /// With the next one that is [`Durable::AtOnce`], for logs are written in order. Until then a crash, or
    /// another server in this one's place, may undo the latest of these, each as a whole.
    WithTheNext,
}

/// Something that is being done. What is logged until [`Tentative::is_durable`] is held back; if
/// this is dropped instead, it did not happen, and nothing says that it did.
#[derive(Debug)]
pub struct Tentative(EnteredSpan);

impl Tentative {
    /// Nothing is certain from here on.
    pub fn begin() -> Self {
        Self(tracing::error_span!("tentative", durable = Empty).entered())
    }

    /// It has happened.
    pub fn is_durable(self) {
        self.0.record("durable", true);
    }
}
