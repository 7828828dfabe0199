//! The pace of long work: when to stop, how far it has come, and when to let others go first.

use std::io::IsTerminal;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::platform::progress::Progress;
use crate::platform::signals::Stop;

/// How one piece of long work goes.
#[derive(Debug)]
pub struct Pace<'a> {
    stop: &'a Stop,
    began: Instant,
    limit: Option<Duration>,
    bar: Option<Progress>,
    shows: bool,
}

impl<'a> Pace<'a> {
    /// Goes on until `stop`, or for `limit` if there is one; `shows` a bar on a terminal.
    pub fn new(stop: &'a Stop, limit: Option<Duration>, shows: bool) -> Self {
        Self {
            stop,
            began: now(),
            limit,
            bar: None,
            shows,
        }
    }

    /// Whether anybody would see a bar; if not, nobody has to count what there is to do.
    #[expect(
        clippy::disallowed_methods,
        reason = "a bar is only drawn on a terminal"
    )]
    pub fn is_seen(&self) -> bool {
        self.shows && std::io::stderr().is_terminal()
    }

    /// Says how much there is to do.
    pub fn begin(&mut self, goal: u64) {
        let is_shown = goal > 0 && self.is_seen();
        self.bar = is_shown.then(|| Progress::new(goal, true));
    }

    /// Says how much is done.
    pub fn advance(&self, done: u64) {
        if let Some(bar) = &self.bar {
            bar.reach(done);
        }
    }

    /// The work is done.
    pub fn end(&mut self) {
        self.bar = None;
    }

    /// Whether to stop at the next good moment.
    pub fn must_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
            || self
                .limit
                .is_some_and(|limit| self.began.elapsed() >= limit)
    }

    /// Whether a signal asked to stop.
    pub fn is_signalled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Begins to measure one stretch of the work.
    pub fn measure(&self) -> Stretch {
        Stretch(now())
    }

    /// Milliseconds since the beginning.
    pub fn elapsed_millis(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A moment up to which somebody can wait.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    began: Instant,
    limit: Duration,
}

impl Deadline {
    /// The moment after this time.
    pub fn after(limit: Duration) -> Self {
        Self {
            began: now(),
            limit,
        }
    }

    /// The time that is left.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.began.elapsed())
    }
}

/// One stretch of the work.
#[derive(Debug)]
pub struct Stretch(Instant);

impl Stretch {
    /// How many milliseconds it took by now.
    pub fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Lets others go first for as long as the stretch took.
    #[expect(clippy::disallowed_methods, reason = "giving way is waiting")]
    pub fn pause_as_long(self) {
        std::thread::sleep(self.0.elapsed());
    }
}

/// Waits this long, or until `stop`; says whether it was stopped.
#[expect(
    clippy::disallowed_methods,
    reason = "a worker sleeps until its next work"
)]
pub fn wait(stop: &Stop, time: Duration) -> bool {
    const LOOK: Duration = Duration::from_millis(100);
    let began = now();
    while !stop.load(Ordering::Relaxed) {
        let left = time.saturating_sub(began.elapsed());
        if left.is_zero() {
            return false;
        }
        std::thread::sleep(left.min(LOOK));
    }
    true
}

#[expect(
    clippy::disallowed_methods,
    reason = "durations are measured, never stored"
)]
fn now() -> Instant {
    Instant::now()
}
