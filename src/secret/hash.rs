//! Argon2id over the secret part of a code, with the store's key as pepper (RFC 9106;
//! DESIGN section 4.3): what is kept of it, and what it takes to compare with that.

use argon2::Params;
use argon2::password_hash::phc::{Output, PasswordHash};
use zeroize::Zeroizing;

use super::argon2id::{DIGEST, bound};
use super::beside::Task;
use super::code::Code;
use super::key::Key;
use super::keyring::Keyring;
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
pub(super) const SALT: usize = 16;

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

/// A code that is to be compared with a hash.
pub struct Comparison {
    pub(super) task: Task,
    pub(super) expected: Expected,
}

/// What it is compared with.
pub(super) enum Expected {
    Digest(Output),
    /// What is known without the digest.
    Known(bool),
}

impl Comparison {
    /// With this one, at this place if it is bound to one. For what is left of a used code the same work is
    /// done at this cost.
    ///
    /// # Errors
    /// [`Kind::MissingKey`] when the key ring lacks the key or it is retired, [`Kind::DamagedStore`] when the
    /// string is none of ours.
    pub fn with(
        code: &Code,
        hash: &CodeHash,
        place: Option<&Place<'_>>,
        ring: &Keyring,
        cost: Cost,
    ) -> Result<Self> {
        let key = ring.require(&hash.key, "this code")?;
        if is_used_mark(&hash.phc) {
            let is_it = is_mark_of(&hash.phc, code, place, key);
            return Ok(Self {
                expected: Expected::Known(is_it),
                ..Self::pretended(code, cost, key)?
            });
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
        Ok(Self {
            task: task(code, params, key, &salt),
            expected: Expected::Digest(expected),
        })
    }

    /// With nothing: the same work where there is no hash to compare with.
    ///
    /// # Errors
    /// [`Kind::Config`] where the settings make no hash.
    pub fn pretended(code: &Code, cost: Cost, key: &Key) -> Result<Self> {
        Ok(Self {
            task: task(code, params(cost)?, key, &[0; SALT]),
            expected: Expected::Known(false),
        })
    }
}

/// What is hashed of a code.
pub(super) fn task(code: &Code, params: Params, key: &Key, salt: &[u8]) -> Task {
    Task {
        password: Zeroizing::new(code.secret_part().to_vec()),
        salt: salt.to_vec(),
        pepper: Zeroizing::new(key.pepper().to_vec()),
        params,
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

/// The parameters of such a hash.
///
/// # Errors
/// [`Kind::Config`] where the settings make none.
pub(super) fn params(cost: Cost) -> Result<Params> {
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
