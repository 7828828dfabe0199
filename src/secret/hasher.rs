//! Computes hashes of codes, and compares codes with them.

use argon2::Version;
use argon2::password_hash::phc::{Decimal, Ident, Output, ParamsString, PasswordHash, Salt};

use super::argon2id::{bound, internal};
use super::beside::{Beside, Digest, Task};
use super::code::Code;
use super::hash::{CodeHash, Comparison, Cost, Expected, SaltBytes, params, task};
use super::key::Key;
use super::memory::Memory;
use super::moved::{Kept, MovedText};
use super::place::Place;
use super::slow::Slow;
use crate::error::Result;

/// Computes and compares hashes, in one piece of memory.
#[derive(Default)]
pub struct Hasher {
    room: Room,
    started: Option<Started>,
}

/// A comparison that is computed.
struct Started {
    /// What is left to do where there is no thread beside this one.
    task: Option<Task>,
    expected: Expected,
}

/// Where it computes.
enum Room {
    /// In the thread that asks.
    Here(Memory),
    /// In one beside it.
    Beside(Beside),
}

impl Default for Room {
    fn default() -> Self {
        Self::Here(Memory::default())
    }
}

impl Hasher {
    /// Begins to make the memory for a hash of this cost ready, beside what the caller does; there it is
    /// computed, too, and the memory wiped and given back afterwards.
    pub fn begin(cost: Cost) -> Self {
        Self::beside(cost, false)
    }

    /// The same for a long row of hashes, between which the memory is kept.
    pub fn warm(cost: Cost) -> Self {
        Self::beside(cost, true)
    }

    fn beside(cost: Cost, stays_warm: bool) -> Self {
        let params = params(cost).ok();
        let beside = params.and_then(|params| Beside::begin(params.block_count(), stays_warm));
        Self {
            room: beside.map_or_else(Room::default, Room::Beside),
            started: None,
        }
    }

    /// Wipes what the last hash left, and keeps the memory ready for the next.
    pub fn wipe(&mut self) {
        self.forget();
        match &mut self.room {
            Room::Here(memory) => memory.wipe(),
            Room::Beside(beside) => beside.wipe(),
        }
    }

    /// Begins to compute what a comparison needs. Nothing is known of it before it is
    /// [asked for](Hasher::finish); what nobody asked for is thrown away.
    pub fn start(&mut self, comparison: Comparison) {
        self.forget();
        let Comparison { task, expected } = comparison;
        let task = match &self.room {
            Room::Here(_) => Some(task),
            Room::Beside(beside) => {
                beside.compute(task);
                None
            }
        };
        self.started = Some(Started { task, expected });
    }

    /// Whether the code of the comparison that was started is the one that was hashed; compared in constant
    /// time.
    ///
    /// # Errors
    /// [`Kind::Io`](crate::error::Kind::Io) where there is no memory.
    pub fn finish(&mut self) -> Result<bool> {
        let Some(Started { task, expected }) = self.started.take() else {
            return Err(internal("it was never begun"));
        };
        let digest = match (&mut self.room, &task) {
            (Room::Here(memory), Some(task)) => task.digest(memory),
            (Room::Beside(beside), None) => beside.take(),
            _ => return Err(internal("it was never begun")),
        }?;
        let found = Output::new(&*digest).map_err(internal)?;
        Ok(match expected {
            // `Output` compares in constant time.
            Expected::Digest(expected) => found == expected,
            Expected::Known(is_it) => is_it,
        })
    }

    /// Throws away what was started.
    fn forget(&mut self) {
        if let (Some(_), Room::Beside(beside)) = (self.started.take(), &self.room) {
            let _ = beside.take();
        }
    }

    /// Hashes a code.
    pub fn hash(
        &mut self,
        code: &Code,
        place: &Place<'_>,
        cost: Cost,
        key: &Key,
        salt: &SaltBytes,
    ) -> Result<CodeHash> {
        let plain = params(cost)?;
        let params = bound(&plain, &place.data())?;
        let digest = self.digest(task(code, params, key, salt))?;
        let phc = PasswordHash {
            algorithm: Ident::new_unwrap("argon2id"),
            version: Some(Decimal::from(u32::from(Version::V0x13))),
            // What they are bound to stands in the row.
            params: ParamsString::try_from(&plain).map_err(internal)?,
            salt: Some(Salt::new(salt).map_err(internal)?),
            hash: Some(Output::new(&*digest).map_err(internal)?),
        };
        Ok(CodeHash {
            phc: phc.to_string(),
            key: key.id().clone(),
        })
    }

    /// The slow hash of another system of what was typed, computed in the thread that asks.
    ///
    /// # Errors
    /// [`Kind::Io`](crate::error::Kind::Io) where there is no memory.
    pub fn slow(&mut self, slow: &Slow, typed: &MovedText) -> Result<Kept> {
        match &mut self.room {
            Room::Here(memory) => slow.of(typed, memory),
            Room::Beside(_) => slow.of(typed, &mut Memory::default()),
        }
    }

    #[cfg(test)]
    pub(super) fn matches(
        &mut self,
        code: &Code,
        hash: &CodeHash,
        place: Option<&Place<'_>>,
        ring: &super::keyring::Keyring,
        cost: Cost,
    ) -> Result<bool> {
        let comparison = Comparison::with(code, hash, place, ring, cost)?;
        self.start(comparison);
        self.finish()
    }

    fn digest(&mut self, task: Task) -> Result<Digest> {
        self.forget();
        match &mut self.room {
            Room::Here(memory) => task.digest(memory),
            Room::Beside(beside) => {
                beside.compute(task);
                beside.take()
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use super::super::hash::{draw_salt, is_readable};
    use super::super::keyring::Keyring;
    use super::super::place::{is_used_mark, used_mark};
    use super::super::random::{Random, system_entropy};
    use super::*;
    use crate::error::Kind;
    use crate::model::alphabet::Alphabet;
    use crate::model::id::BatchName;

    pub const CHEAP: Cost = Cost {
        memory_kib: 8,
        iterations: 1,
        parallelism: 1,
    };

    pub fn here(position: u64) -> Place<'static> {
        static BATCH: LazyLock<BatchName> = LazyLock::new(|| BatchName::from_bytes([7; 8]));
        Place {
            batch: &BATCH,
            position,
            reading: "full",
            expires_at: None,
        }
    }

    pub fn codes(count: usize) -> (Vec<Code>, Vec<SaltBytes>) {
        let source = system_entropy();
        let mut random = Random::from(&source);
        let codes = (0..count)
            .map(|_| Code::draw(&mut random, Alphabet::Full))
            .collect();
        let salts = (0..count).map(|_| draw_salt(&mut random)).collect();
        random.finish().unwrap();
        (codes, salts)
    }

    fn ring() -> Keyring {
        Keyring::from_secret("a secret of at least thirty-two characters").unwrap()
    }

    #[test]
    fn a_hash_matches_its_code_and_no_other() {
        let (codes, salts) = codes(2);
        let ring = ring();
        let mut hasher = Hasher::default();
        let hash = hasher
            .hash(&codes[0], &here(1), CHEAP, ring.current(), &salts[0])
            .unwrap();
        assert!(hash.phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        for (number, is_it) in [(0, true), (1, false)] {
            let matches = hasher.matches(&codes[number], &hash, Some(&here(1)), &ring, CHEAP);
            assert_eq!(matches.unwrap(), is_it);
        }
    }

    #[test]
    fn a_hash_is_that_of_another_code_anywhere_else() {
        let (codes, salts) = codes(1);
        let (ring, mut hasher) = (ring(), Hasher::default());
        let other = BatchName::from_bytes([8; 8]);
        let elsewhere = [
            here(2),
            Place {
                batch: &other,
                ..here(1)
            },
            Place {
                reading: "typeable",
                ..here(1)
            },
            Place {
                expires_at: Some(crate::model::time::from_millis(1)),
                ..here(1)
            },
        ];
        let hash = hasher
            .hash(&codes[0], &here(1), CHEAP, ring.current(), &salts[0])
            .unwrap();
        let mut matches = |hash: &CodeHash, place: Option<&Place<'_>>| {
            hasher
                .matches(&codes[0], hash, place, &ring, CHEAP)
                .unwrap()
        };
        assert!(matches(&hash, Some(&here(1))));
        assert!(!matches(&hash, None));
        for place in &elsewhere {
            assert!(!matches(&hash, Some(place)), "{place:?}");
        }
        // What is left of it when it was used is bound in the same way.
        let used = CodeHash {
            phc: used_mark(&codes[0], Some(&here(1)), ring.current()),
            key: ring.current().id().clone(),
        };
        assert!(is_used_mark(&used.phc) && is_readable(&used.phc));
        assert!(matches(&used, Some(&here(1))));
        for place in &elsewhere {
            assert!(!matches(&used, Some(place)), "{place:?}");
        }
    }

    #[test]
    fn memory_that_is_reused_leaves_no_trace_in_the_hash() {
        let (codes, salts) = codes(2);
        let ring = ring();
        let mut used = Hasher::default();
        used.hash(&codes[0], &here(1), CHEAP, ring.current(), &salts[0])
            .unwrap();
        let again = used
            .hash(&codes[1], &here(1), CHEAP, ring.current(), &salts[1])
            .unwrap();
        let fresh = Hasher::default()
            .hash(&codes[1], &here(1), CHEAP, ring.current(), &salts[1])
            .unwrap();
        assert_eq!(again, fresh);
    }

    #[test]
    fn without_the_right_key_no_code_is_called_wrong() {
        let (codes, salts) = codes(1);
        let other = Keyring::from_secret("another secret of thirty-two characters").unwrap();
        let mut hasher = Hasher::default();
        let hash = hasher
            .hash(&codes[0], &here(1), CHEAP, other.current(), &salts[0])
            .unwrap();
        let error = hasher
            .matches(&codes[0], &hash, Some(&here(1)), &ring(), CHEAP)
            .unwrap_err();
        assert_eq!(error.kind(), Kind::MissingKey);
    }

    #[test]
    fn a_stored_hash_cannot_ask_for_more_than_the_settings_could() {
        let (codes, salts) = codes(1);
        let ring = ring();
        let mut hasher = Hasher::default();
        let hash = hasher
            .hash(&codes[0], &here(1), CHEAP, ring.current(), &salts[0])
            .unwrap();
        for (cheap, dear) in [("m=8,", "m=4294967295,"), ("t=1,", "t=4294967295,")] {
            let edited = CodeHash {
                phc: hash.phc.replace(cheap, dear),
                key: hash.key.clone(),
            };
            let error = hasher
                .matches(&codes[0], &edited, Some(&here(1)), &ring, CHEAP)
                .unwrap_err();
            assert_eq!(error.kind(), Kind::DamagedStore);
        }
    }

    #[test]
    fn the_pepper_changes_the_hash() {
        let (codes, salts) = codes(1);
        let (one, two) = (
            ring(),
            Keyring::from_secret("x".repeat(40).as_str()).unwrap(),
        );
        let mut hasher = Hasher::default();
        let first = hasher
            .hash(&codes[0], &here(1), CHEAP, one.current(), &salts[0])
            .unwrap();
        let second = hasher
            .hash(&codes[0], &here(1), CHEAP, two.current(), &salts[0])
            .unwrap();
        assert_ne!(first.phc, second.phc);
    }
}
