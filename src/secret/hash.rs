//! Argon2id over the secret part of a code, with the store's key as pepper (RFC 9106;
//! DESIGN section 4.3).

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use argon2::password_hash::phc::{Decimal, Ident, Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::code::Code;
use super::key::Key;
use super::keyring::Keyring;
use super::memory::Memory;
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

/// Bytes of the salt (RFC 9106 section 3.1) and of the digest.
const SALT: usize = 16;
const DIGEST: usize = 32;

/// A stored hash may not cost more than the settings could ever ask for: a row that was edited
/// must not exhaust the machine.
const MOST_MEMORY_KIB: u32 = 4_194_304;
const MOST_ITERATIONS: u32 = 1000;

/// A random salt.
pub type SaltBytes = [u8; SALT];

/// Draws a salt.
pub fn draw_salt(random: &mut Random<'_>) -> SaltBytes {
    random.bytes()
}

/// Computes and compares hashes, in one piece of memory.
#[derive(Default)]
pub struct Hasher {
    memory: Memory,
}

impl Hasher {
    /// Begins to make the memory for hashes of this cost ready, beside what the caller does
    /// until it needs one.
    pub fn begin(cost: Cost) -> Self {
        Self {
            memory: params(cost).map_or_else(
                |_| Memory::default(),
                |params| Memory::begin(params.block_count()),
            ),
        }
    }

    /// Hashes a code.
    pub fn hash(
        &mut self,
        code: &Code,
        cost: Cost,
        key: &Key,
        salt: &SaltBytes,
    ) -> Result<CodeHash> {
        let params = params(cost)?;
        let digest = self.digest(code, &params, key, salt)?;
        let phc = PasswordHash {
            algorithm: Ident::new_unwrap("argon2id"),
            version: Some(Decimal::from(u32::from(Version::V0x13))),
            params: ParamsString::try_from(&params).map_err(internal)?,
            salt: Some(Salt::new(salt).map_err(internal)?),
            hash: Some(Output::new(&*digest).map_err(internal)?),
        };
        Ok(CodeHash {
            phc: phc.to_string(),
            key: key.id().clone(),
        })
    }

    /// Whether the code is the one that was hashed; compared in constant time.
    ///
    /// # Errors
    /// [`Kind::MissingKey`] when the key ring lacks the key or it is retired, [`Kind::DamagedStore`] when the
    /// string is none of ours.
    pub fn matches(&mut self, code: &Code, hash: &CodeHash, ring: &Keyring) -> Result<bool> {
        let key = ring.require(&hash.key, "this code")?;
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
        let argon2 = Argon2::new_with_secret(
            &*pepper,
            Algorithm::Argon2id,
            Version::V0x13,
            params.clone(),
        )
        .map_err(internal)?;
        let mut digest = Zeroizing::new([0; DIGEST]);
        let blocks = self.memory.blocks(params.block_count())?;
        argon2
            .hash_password_into_with_memory(code.secret_part(), salt, &mut *digest, blocks)
            .map_err(internal)?;
        Ok(digest)
    }
}

/// Hashes many codes, on so many threads or one per processor; the hashes come in the order of
/// the codes.
pub fn hash_all(
    codes: &[(&Code, SaltBytes)],
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
            let Some((code, salt)) = codes.get(number) else {
                return Ok(hashes);
            };
            hashes.push((number, hasher.hash(code, cost, key, salt)?));
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

/// Whether a stored string is a hash this program could compare with.
pub fn is_readable(phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|parsed| {
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

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Io, format!("the code could not be hashed: {error}"))
        .hint("nothing was changed; set hash.* back to the defaults and run it again")
}

#[cfg(test)]
mod tests {
    use super::super::random::system_entropy;
    use super::*;
    use crate::model::alphabet::Alphabet;

    const CHEAP: Cost = Cost {
        memory_kib: 8,
        iterations: 1,
        parallelism: 1,
    };

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
            .hash(&codes[0], CHEAP, ring.current(), &salts[0])
            .unwrap();
        assert!(hash.phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert!(hasher.matches(&codes[0], &hash, &ring).unwrap());
        assert!(!hasher.matches(&codes[1], &hash, &ring).unwrap());
    }

    #[test]
    fn memory_that_is_reused_leaves_no_trace_in_the_hash() {
        let (codes, salts) = codes(2);
        let ring = ring();
        let mut used = Hasher::default();
        used.hash(&codes[0], CHEAP, ring.current(), &salts[0])
            .unwrap();
        let again = used
            .hash(&codes[1], CHEAP, ring.current(), &salts[1])
            .unwrap();
        let fresh = Hasher::default()
            .hash(&codes[1], CHEAP, ring.current(), &salts[1])
            .unwrap();
        assert_eq!(again, fresh);
    }

    #[test]
    fn without_the_right_key_no_code_is_called_wrong() {
        let (codes, salts) = codes(1);
        let other = Keyring::from_secret("another secret of thirty-two characters").unwrap();
        let mut hasher = Hasher::default();
        let hash = hasher
            .hash(&codes[0], CHEAP, other.current(), &salts[0])
            .unwrap();
        let error = hasher.matches(&codes[0], &hash, &ring()).unwrap_err();
        assert_eq!(error.kind(), Kind::MissingKey);
    }

    #[test]
    fn a_stored_hash_cannot_ask_for_more_than_the_settings_could() {
        let (codes, salts) = codes(1);
        let ring = ring();
        let mut hasher = Hasher::default();
        let hash = hasher
            .hash(&codes[0], CHEAP, ring.current(), &salts[0])
            .unwrap();
        for (cheap, dear) in [("m=8,", "m=4294967295,"), ("t=1,", "t=4294967295,")] {
            let edited = CodeHash {
                phc: hash.phc.replace(cheap, dear),
                key: hash.key.clone(),
            };
            let error = hasher.matches(&codes[0], &edited, &ring).unwrap_err();
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
            .hash(&codes[0], CHEAP, one.current(), &salts[0])
            .unwrap();
        let second = hasher
            .hash(&codes[0], CHEAP, two.current(), &salts[0])
            .unwrap();
        assert_ne!(first.phc, second.phc);
    }

    #[test]
    fn many_codes_are_hashed_in_order() {
        let (codes, salts) = codes(7);
        let ring = ring();
        let salted: Vec<_> = codes.iter().zip(salts).collect();
        for threads in [None, NonZero::new(1), NonZero::new(3), NonZero::new(100)] {
            let hashes = hash_all(&salted, CHEAP, ring.current(), threads).unwrap();
            let mut hasher = Hasher::default();
            for (code, hash) in codes.iter().zip(&hashes) {
                assert!(hasher.matches(code, hash, &ring).unwrap());
            }
        }
    }
}
