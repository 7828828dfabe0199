//! Randomness: the operating system's source, and unbiased drawing from it.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use rand::rngs::SysRng;
use rand::{RngExt, TryRng};

use crate::error::{Error, Kind, Result};
use crate::model::environment::Entropy;

/// The operating system's source (NIST SP 800-63B-4 section 3.1.2: an approved generator).
pub fn system_entropy() -> Entropy {
    Arc::new(|bytes| SysRng.try_fill_bytes(bytes).map_err(io::Error::other))
}

/// Draws from a source and remembers whether it ever failed.
pub struct Random<'a> {
    source: &'a Entropy,
    failure: Option<io::Error>,
}

impl<'a> Random<'a> {
    /// Begins to draw.
    pub fn from(source: &'a Entropy) -> Self {
        Self {
            source,
            failure: None,
        }
    }

    /// As many random bytes as the array holds.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// One of these, each with the same chance.
    pub fn one_of(&mut self, choices: &[u8]) -> u8 {
        let index = (*self).random_range(0..choices.len());
        choices[index]
    }

    /// Ends the drawing; nothing that was drawn may be used unless this succeeds.
    ///
    /// # Errors
    /// [`Kind::Io`] when the source failed.
    pub fn finish(self) -> Result<()> {
        match self.failure {
            None => Ok(()),
            Some(error) => Err(Error::new(Kind::Io, "the system gives no random numbers")
                .hint("nothing was changed; a system without its random source must not make codes")
                .because(error)),
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        if let Err(error) = (self.source)(bytes) {
            self.failure.get_or_insert(error);
        }
    }
}

impl TryRng for Random<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.fill(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_fails_gives_nothing() {
        let broken: Entropy = Arc::new(|_| Err(io::Error::other("no entropy")));
        let mut random = Random::from(&broken);
        let _ = random.one_of(b"abc");
        assert_eq!(random.finish().unwrap_err().kind(), Kind::Io);
    }

    #[test]
    fn every_choice_is_drawn_about_equally_often() {
        let source = system_entropy();
        let mut random = Random::from(&source);
        let mut counts = [0_u32; 60];
        let choices: Vec<u8> = (0..60).collect();
        for _ in 0..60_000 {
            counts[usize::from(random.one_of(&choices))] += 1;
        }
        random.finish().unwrap();
        // 1000 expected, standard deviation 31: eight of them are never left by chance.
        assert!(
            counts.iter().all(|count| (750..1250).contains(count)),
            "{counts:?}"
        );
    }
}
