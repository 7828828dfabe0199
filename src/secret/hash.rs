//! Argon2id over the secret part of a code, with the store's key as pepper (RFC 9106;
//! DESIGN section 4.3).

use argon2::password_hash::phc::{Decimal, Ident, Output, ParamsString, PasswordHash, Salt};
use argon2::{Params, Version};
use argon2_kernel::Input;
use zeroize::Zeroizing;

use super::argon2id::{DIGEST, bound, digest, internal};
use super::code::Code;
use super::key::Key;
use super::keyring::Keyring;
use super::memory::Memory;
use super::place::{Place, is_mark_of, is_used_mark};
use super::random::Random;
use crate::error::{Error, Kind, Result};
use crate::model::id::KeyId;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

/// What the store keeps of a code: a PHC string and the key it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeHash {
    /// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
    pub phc: String,
    /// The key that was mixed in.
    pub key: KeyId,
}

/// Bytes of the salt (RFC 9106 section 3.1).
const SALT: usize = 16;

/// A stored hash may not cost more than the settings could ever ask for: a row that was edited
/// must not exhaust the machine.
const MOST_MEMORY_KIB: u32 = 4_194_304;
const MOST_ITERATIONS: u32 = 1000;

/// One salt.
pub type SaltBytes = [u8; SALT];

/// Draws a salt.
pub fn draw_salt(random: &mut Random<'_>) -> SaltBytes {
    random.bytes()
}

/// Computes and compares hashes, in one piece of memory.
#[derive(Default)]
pub struct Hasher {
    memory: Memory,
    /// Whether the memory is kept for the next.
    stays_warm: bool,
}

impl Hasher {
    /// Begins to make the memory for hashes of this cost ready, beside what the caller does.
    pub fn begin(cost: Cost) -> Self {
        let memory = params(cost).map(|params| Memory::begin(params.block_count()));
        Self {
            memory: memory.unwrap_or_default(),
            stays_warm: false,
        }
    }

    /// The same for a long row of hashes, between which the memory is kept.
    pub fn warm(cost: Cost) -> Self {
        Self {
            stays_warm: true,
            ..Self::begin(cost)
        }
    }

    /// Nothing is hashed for a while: gives the memory back, wiped, unless it is to stay warm.
    pub fn rest(&mut self) {
        if !self.stays_warm {
            self.memory = Memory::default();
        }
    }

    /// Wipes what the last hash left, and keeps the memory ready for the next.
    pub fn wipe(&mut self) {
        self.memory.wipe();
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
        let digest = self.digest(code, &params, key, salt)?;
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

    /// Whether the code is the one that was hashed, at this place if it is bound to one; compared in
    /// constant time. For what is left of a used code the same work is done at this cost.
    ///
    /// # Errors
    /// [`Kind::MissingKey`] when the key ring lacks the key or it is retired, [`Kind::DamagedStore`] when the
    /// string is none of ours.
    pub fn matches(
        &mut self,
        code: &Code,
        hash: &CodeHash,
        place: Option<&Place<'_>>,
        ring: &Keyring,
        cost: Cost,
    ) -> Result<bool> {
        let key = ring.require(&hash.key, "this code")?;
        if is_used_mark(&hash.phc) {
            self.pretend(code, cost, key)?;
            return Ok(is_mark_of(&hash.phc, code, place, key));
        }
        let damaged = || {
            Error::new(Kind::DamagedStore, "the store holds a hash that cannot be read")
                .hint("run `recovery-codes check`; if the store was edited by hand, put a backup in its place")
        };
        let parsed = PasswordHash::new(&hash.phc).map_err(|_| damaged())?;
        let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else {
            return Err(damaged());
        };
        if parsed.algorithm.as_str() != "argon2id" || expected.len() != DIGEST {
            return Err(damaged());
        }
        let params = Params::try_from(&parsed).map_err(|_| damaged())?;
        if params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_ITERATIONS {
            return Err(damaged());
        }
        let params = match place {
            Some(place) => bound(&params, &place.data())?,
            None => params,
        };
        let digest = self.digest(code, &params, key, &salt)?;
        let found = Output::new(&*digest).map_err(internal)?;
        // `Output` compares in constant time.
        Ok(found == expected)
    }

    /// Does the work of [`Hasher::matches`] for nothing, where there is no hash to compare with.
    pub fn pretend(&mut self, code: &Code, cost: Cost, key: &Key) -> Result<()> {
        self.digest(code, &params(cost)?, key, &[0; SALT]).map(drop)
    }

    fn digest(
        &mut self,
        code: &Code,
        params: &Params,
        key: &Key,
        salt: &[u8],
    ) -> Result<Zeroizing<[u8; DIGEST]>> {
        let pepper = key.pepper();
        let input = Input {
            password: code.secret_part(),
            salt,
            secret: &*pepper,
        };
        digest(&input, params, &mut self.memory)
    }
}

/// Whether a stored hash takes no more work than the settings ask for by now.
pub fn is_affordable(phc: &str, cost: Cost) -> bool {
    let parsed = PasswordHash::new(phc).ok();
    let params = parsed.and_then(|parsed| Params::try_from(&parsed).ok());
    is_used_mark(phc)
        || params.is_none_or(|params| {
            params.m_cost() <= cost.memory_kib && params.t_cost() <= cost.iterations
        })
}

/// Whether a stored string is a hash this program could compare with, or what is left of one.
pub fn is_readable(phc: &str) -> bool {
    is_used_mark(phc)
        || PasswordHash::new(phc).is_ok_and(|parsed| {
            parsed.algorithm.as_str() == "argon2id"
                && parsed.salt.is_some()
                && parsed.hash.is_some_and(|hash| hash.len() == DIGEST)
                && Params::try_from(&parsed).is_ok_and(|params| {
                    params.m_cost() <= MOST_MEMORY_KIB && params.t_cost() <= MOST_ITERATIONS
                })
        })
}

fn params(cost: Cost) -> Result<Params> {
    Params::new(
        cost.memory_kib,
        cost.iterations,
        cost.parallelism,
        Some(DIGEST),
    )
    .map_err(|error| {
        Error::new(
            Kind::Config,
            format!("the settings hash.* make no hash: {error}"),
        )
        .hint("hash.memory_kib must be at least 8 times hash.parallelism")
    })
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::super::place::used_mark;
    use super::super::random::system_entropy;
    use super::*;
    use crate::model::alphabet::Alphabet;
    use crate::model::id::BatchName;

    const CHEAP: Cost = Cost {
        memory_kib: 8,
        iterations: 1,
        parallelism: 1,
    };

    fn here(position: u64) -> Place<'static> {
        static BATCH: LazyLock<BatchName> = LazyLock::new(|| BatchName::from_bytes([7; 8]));
        Place {
            batch: &BATCH,
            position,
            reading: "full",
            expires_at: None,
        }
    }

    fn codes(count: usize) -> (Vec<Code>, Vec<SaltBytes>) {
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
