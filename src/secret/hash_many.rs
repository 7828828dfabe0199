//! Many hashes at once, on several processors.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::code::Code;
use super::hash::{CodeHash, Cost, SaltBytes};
use super::hasher::Hasher;
use super::key::Key;
use super::place::Place;
use crate::error::{Error, Result};

/// Hashes many codes, on so many threads or one per processor; the hashes come in the order of
/// the codes.
pub fn hash_all(
    codes: &[(&Code, Place<'_>, SaltBytes)],
    cost: Cost,
    key: &Key,
    threads: Option<NonZero<usize>>,
) -> Result<Vec<CodeHash>> {
    let threads = threads.unwrap_or_else(processors).get().min(codes.len());
    // Each takes the next one that is left: a processor that is busy with something else takes
    // fewer, and nobody waits for it.
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, CodeHash)>> {
        let mut hasher = Hasher::default();
        let mut hashes = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((code, place, salt)) = codes.get(number) else {
                return Ok(hashes);
            };
            hashes.push((number, hasher.hash(code, place, cost, key, salt)?));
        }
    };
    let mut hashes = thread::scope(|scope| {
        // This thread is one of them, and where no other is to be had it works alone.
        let others: Vec<_> = (1..threads)
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        let mut hashes = work()?;
        for other in others {
            match other.join() {
                Ok(done) => hashes.extend(done?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, Error>(hashes)
    })?;
    hashes.sort_unstable_by_key(|(number, _)| *number);
    Ok(hashes.into_iter().map(|(_, hash)| hash).collect())
}

/// How many threads can hash at once and each have a processor of its own.
pub fn processors() -> NonZero<usize> {
    thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

#[cfg(test)]
mod tests {
    use super::super::hasher::tests::{CHEAP, codes, here};
    use super::super::keyring::Keyring;
    use super::*;

    #[test]
    fn many_codes_are_hashed_in_order() {
        let ((codes, salts), place) = (codes(7), here(1));
        let salted: Vec<_> = codes
            .iter()
            .zip(salts)
            .map(|(code, salt)| (code, place, salt))
            .collect();
        let ring = Keyring::from_secret(&"k".repeat(40)).unwrap();
        for threads in [None, NonZero::new(1), NonZero::new(3), NonZero::new(100)] {
            let hashes = hash_all(&salted, CHEAP, ring.current(), threads).unwrap();
            let mut hasher = Hasher::default();
            for (code, hash) in codes.iter().zip(&hashes) {
                let matches = hasher.matches(code, hash, Some(&place), &ring, CHEAP);
                assert!(matches.unwrap());
            }
        }
    }
}
