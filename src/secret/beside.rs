//! A thread that computes digests beside whoever asks for them, in memory of its own.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};

use argon2::Params;
use argon2_kernel::Input;
use zeroize::Zeroizing;

use super::argon2id::{DIGEST, digest, internal};
use super::memory::Memory;
use crate::error::Result;

/// What a digest is computed of. It is wiped on drop.
pub struct Task {
    pub password: Zeroizing<Vec<u8>>,
    pub salt: Vec<u8>,
    pub pepper: Zeroizing<Vec<u8>>,
    pub params: Params,
}

/// What was computed.
pub type Digest = Zeroizing<[u8; DIGEST]>;

impl Task {
    /// Computes it here.
    ///
    /// # Errors
    /// As [`digest`].
    pub fn digest(&self, memory: &mut Memory) -> Result<Digest> {
        let input = Input {
            password: &self.password,
            salt: &self.salt,
            secret: &self.pepper,
        };
        digest(&input, &self.params, memory)
    }
}

enum Order {
    Compute(Task),
    Wipe,
}

/// The thread. It ends, and its memory is wiped, when this is dropped.
pub struct Beside {
    orders: Option<SyncSender<Order>>,
    digests: Receiver<Result<Digest>>,
    thread: Option<JoinHandle<()>>,
}

impl Beside {
    /// Begins it, and with it to make so many blocks of memory ready. They are kept from one digest to the
    /// next, or wiped and given back after each; whoever waits for a digest does not wait for that. None
    /// where the system has no more threads.
    pub fn begin(blocks: usize, stays_warm: bool) -> Option<Self> {
        let (orders, ordered) = mpsc::sync_channel(1);
        let (ready, digests) = mpsc::sync_channel(1);
        let work = move || {
            let mut memory = Memory::ready(blocks);
            for order in ordered {
                match order {
                    Order::Wipe => memory.wipe(),
                    Order::Compute(task) => {
                        let digest = task.digest(&mut memory);
                        drop(task);
                        let _ = ready.send(digest);
                        if !stays_warm {
                            memory = Memory::default();
                        }
                    }
                }
            }
        };
        let thread = thread::Builder::new().spawn(work).ok()?;
        Some(Self {
            orders: Some(orders),
            digests,
            thread: Some(thread),
        })
    }

    /// Begins one, to be [taken](Self::take) before the next.
    pub fn compute(&self, task: Task) {
        self.order(Order::Compute(task));
    }

    /// The digest that was begun.
    ///
    /// # Errors
    /// As [`digest`].
    pub fn take(&self) -> Result<Digest> {
        self.digests.recv().map_err(internal)?
    }

    /// Wipes what the last one left, and keeps the memory ready.
    pub fn wipe(&self) {
        self.order(Order::Wipe);
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // That nobody is there is found when the digest is taken.
            let _ = orders.send(order);
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digest_after_the_other_is_that_of_its_own_task() {
        let task = |number: u8| Task {
            password: Zeroizing::new(vec![number; 30]),
            salt: vec![7; 16],
            pepper: Zeroizing::new(vec![8; 32]),
            params: Params::new(8, 1, 1, Some(DIGEST)).unwrap(),
        };
        for stays_warm in [true, false] {
            let beside = Beside::begin(8, stays_warm).unwrap();
            for number in 0..3 {
                beside.compute(task(number));
                let digest = beside.take().unwrap();
                assert_eq!(digest, task(number).digest(&mut Memory::default()).unwrap());
                beside.wipe();
            }
            // What nobody takes keeps nobody waiting.
            beside.compute(task(9));
        }
    }
}
