//! The only place that asks what time it is.

use std::sync::Arc;

use crate::model::time::{Timestamp, to_the_millisecond};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The system's clock.
pub fn system() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the door to the clock")]
    Arc::new(|| to_the_millisecond(Timestamp::now()))
}
