//! Questions that wait for a processor.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::platform::pace::Deadline;

/// A question that its asker may ask.
pub struct Job {
    /// The line that was read.
    pub line: Zeroizing<Vec<u8>>,
    /// By whom, for the record.
    pub actor: String,
    /// Up to when it is worth answering.
    pub until: Deadline,
    pub answer: SyncSender<Zeroizing<String>>,
}

/// First come, first served, up to a number.
pub struct Queue {
    state: Mutex<State>,
    ready: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// What a worker finds.
pub enum Next {
    Job(Job),
    /// Nothing for a while.
    Idle,
    /// Nothing any more.
    Closed,
}

impl Queue {
    /// One in which so many may wait.
    pub fn of(most: usize) -> Self {
        Self {
            state: Mutex::default(),
            ready: Condvar::new(),
            most,
        }
    }

    /// Takes a job, or says that it is full or closed.
    pub fn push(&self, job: Job) -> bool {
        let mut state = self.state();
        let has_room = !state.is_closed && state.jobs.len() < self.most;
        if has_room {
            state.jobs.push_back(job);
            self.ready.notify_one();
        }
        has_room
    }

    /// The next job; none after a while without one, and for good when it is closed and empty.
    pub fn next(&self, patience: Duration) -> Next {
        let is_idle = |state: &mut State| state.jobs.is_empty() && !state.is_closed;
        let waited = self
            .ready
            .wait_timeout_while(self.state(), patience, is_idle);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match (state.jobs.pop_front(), state.is_closed) {
            (Some(job), _) => Next::Job(job),
            (None, true) => Next::Closed,
            (None, false) => Next::Idle,
        }
    }

    /// Takes no more; what waits is still answered.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.ready.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    fn job(line: &str) -> Job {
        Job {
            line: Zeroizing::new(line.as_bytes().to_vec()),
            actor: "somebody".to_owned(),
            until: Deadline::after(Duration::from_secs(60)),
            answer: sync_channel(1).0,
        }
    }

    #[test]
    fn as_many_wait_as_may_and_leave_in_their_order() {
        let queue = Queue::of(2);
        assert!(queue.push(job("one")) && queue.push(job("two")) && !queue.push(job("three")));
        let next = || match queue.next(Duration::ZERO) {
            Next::Job(job) => String::from_utf8(job.line.to_vec()).unwrap(),
            Next::Idle => "idle".to_owned(),
            Next::Closed => "closed".to_owned(),
        };
        assert_eq!([next(), next(), next()], ["one", "two", "idle"]);
        assert!(queue.push(job("four")));
        queue.close();
        assert!(!queue.push(job("five")));
        assert_eq!([next(), next()], ["four", "closed"]);
    }
}
