//! Questions that wait for a processor.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::SyncSender;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

/// A question that its asker may ask.
pub struct Job {
    /// The line that was read.
    pub line: Zeroizing<Vec<u8>>,
    /// The number of the account that asks, and its name for the record.
    pub account: u32,
    pub actor: String,
    pub answer: SyncSender<Zeroizing<String>>,
}

/// What waits, of each account in its order; accounts take turns, so that none waits for all that
/// another asks.
pub struct Queue {
    state: Mutex<State>,
    ready: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    /// Accounts with something that waits, the next one first.
    turns: VecDeque<u32>,
    waiting: BTreeMap<u32, VecDeque<(u64, Job)>>,
    last: u64,
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
    /// One in which so many of each account may wait.
    pub fn of(most: usize) -> Self {
        Self {
            state: Mutex::default(),
            ready: Condvar::new(),
            most,
        }
    }

    /// Takes a job, and gives it a number; none where its account has enough that waits, or nothing is
    /// taken any more.
    pub fn push(&self, job: Job) -> Option<u64> {
        let mut state = self.state();
        let account = job.account;
        let waiting = state.waiting.get(&account).map_or(0, VecDeque::len);
        if state.is_closed || waiting >= self.most {
            return None;
        }
        state.last += 1;
        let number = state.last;
        if waiting == 0 {
            state.turns.push_back(account);
        }
        let of_it = state.waiting.entry(account).or_default();
        of_it.push_back((number, job));
        self.ready.notify_one();
        Some(number)
    }

    /// Takes a job back that nobody has begun; whether that was so.
    pub fn withdraw(&self, account: u32, number: u64) -> bool {
        let mut state = self.state();
        let Some(waiting) = state.waiting.get_mut(&account) else {
            return false;
        };
        let before = waiting.len();
        waiting.retain(|(other, _)| *other != number);
        let is_taken = waiting.len() < before;
        if waiting.is_empty() {
            state.waiting.remove(&account);
            state.turns.retain(|other| *other != account);
        }
        is_taken
    }

    /// The next job; none after a while without one, and for good when it is closed and empty.
    pub fn next(&self, patience: Duration) -> Next {
        let is_idle = |state: &mut State| state.turns.is_empty() && !state.is_closed;
        let waited = self
            .ready
            .wait_timeout_while(self.state(), patience, is_idle);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match (state.take(), state.is_closed) {
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

impl State {
    fn take(&mut self) -> Option<Job> {
        let account = self.turns.pop_front()?;
        let waiting = self.waiting.get_mut(&account)?;
        let job = waiting.pop_front();
        match waiting.is_empty() {
            true => drop(self.waiting.remove(&account)),
            false => self.turns.push_back(account),
        }
        job.map(|(_, job)| job)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    fn job(account: u32, line: &str) -> Job {
        Job {
            line: Zeroizing::new(line.as_bytes().to_vec()),
            account,
            actor: "somebody".to_owned(),
            answer: sync_channel(1).0,
        }
    }

    fn next(queue: &Queue) -> String {
        match queue.next(Duration::ZERO) {
            Next::Job(job) => String::from_utf8(job.line.to_vec()).unwrap(),
            Next::Idle => "idle".to_owned(),
            Next::Closed => "closed".to_owned(),
        }
    }

    #[test]
    fn accounts_take_turns_and_none_has_more_than_its_share() {
        let queue = Queue::of(2);
        for line in ["a1", "a2"] {
            assert!(queue.push(job(1, line)).is_some());
        }
        assert!(queue.push(job(1, "a3")).is_none());
        for line in ["b1", "b2"] {
            assert!(queue.push(job(2, line)).is_some());
        }
        let order: Vec<String> = (0..5).map(|_| next(&queue)).collect();
        assert_eq!(order, ["a1", "b1", "a2", "b2", "idle"]);
        assert!(queue.push(job(1, "a4")).is_some());
        queue.close();
        assert!(queue.push(job(2, "b3")).is_none());
        assert_eq!([next(&queue), next(&queue)], ["a4", "closed"]);
    }

    #[test]
    fn what_nobody_began_can_be_taken_back() {
        let queue = Queue::of(2);
        let [one, two] = ["a1", "a2"].map(|line| queue.push(job(1, line)).unwrap());
        let three = queue.push(job(2, "b1")).unwrap();
        assert_eq!(next(&queue), "a1");
        assert!(!queue.withdraw(1, one) && queue.withdraw(1, two) && !queue.withdraw(2, two));
        assert_eq!(next(&queue), "b1");
        assert!(!queue.withdraw(2, three));
        assert_eq!(next(&queue), "idle");
    }
}
