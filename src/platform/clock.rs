//! The only place that asks what time it is.

use crate::model::time::{Timestamp, to_the_millisecond};

/// Tells the time.
pub type Clock = Box<dyn Fn() -> Timestamp + Send>;

/// The system's clock.
pub fn system() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the door to the clock")]
    Box::new(|| to_the_millisecond(Timestamp::now()))
}
