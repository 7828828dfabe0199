//! Hashes that another system made to be slow, each with a salt of its own: read as they are written, and
//! computed of what is typed.
//!
//! Of such a hash the store keeps nothing but what it takes to compute it. What it says is what that system
//! keeps of the code (`moved.rs`), and our own hash stands over it.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use bcrypt::HashParts;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::argon2id::internal;
use super::memory::Memory;
use super::moved::{Kept, MovedText};
use crate::error::Result;

/// What one hash may cost, whoever wrote the list or the row: 64 MiB, gone over four times, and what takes
/// about as long in the others.
const MOST_KIB: u64 = 64 << 10;
const MOST_PASSES: u64 = 4;
const MOST_ROUNDS: u64 = 1_000_000;
const MOST_DOUBLINGS: u32 = 13;

/// Bytes of a digest; fewer would tell too many codes alike.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;

/// Bytes of what bcrypt computes that are kept.
const BCRYPT: usize = 23;

/// How a code was hashed, without the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slow {
    scheme: Scheme,
    salt: Vec<u8>,
    /// The salt as it is written.
    written: String,
    /// Bytes of the digest.
    length: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scheme {
    Argon2 {
        algorithm: Algorithm,
        version: Version,
        memory_kib: u32,
        passes: u32,
        lanes: u32,
    },
    Scrypt {
        log_n: u8,
        r: u32,
        p: u32,
    },
    Pbkdf2 {
        is_512: bool,
        rounds: u32,
    },
    Bcrypt {
        cost: u32,
    },
}

/// Why a hash is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Unknown,
    TooDear,
}

impl Slow {
    /// Reads a hash as it is written (a PHC string, as passlib writes PBKDF2, or bcrypt's own form) into how
    /// it was made and what it says.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn read(text: &str) -> Result<(Self, Kept), Unfit> {
        let (slow, digest) = match text.starts_with("$2") {
            true => {
                let parts: HashParts = text.parse().map_err(|_| Unfit::Unknown)?;
                let digest = &text.as_bytes()[text.len() - 31..];
                (Self::of_bcrypt(&parts), digest.to_vec())
            }
            false => {
                let text = as_phc(text);
                let parsed = PasswordHash::new(&text).map_err(|_| Unfit::Unknown)?;
                let digest = parsed.hash.ok_or(Unfit::Unknown)?;
                let slow = Self::of_phc(&parsed, digest.len()).ok_or(Unfit::Unknown)?;
                (slow, digest.as_bytes().to_vec())
            }
        };
        match slow.is_affordable() {
            true => Ok((slow, Kept::new(Zeroizing::new(digest)))),
            false => Err(Unfit::TooDear),
        }
    }

    /// What [`Slow::salt_text`] wrote; none if it is none of these, or dearer than any that was taken.
    pub fn from_salt_text(text: &str) -> Option<Self> {
        let (begin, length) = text.rsplit_once('$')?;
        let slow = match begin.starts_with("$2") {
            true => Self::of_bcrypt(&format!("{begin}{}", ".".repeat(31)).parse().ok()?),
            false => Self::of_phc(&PasswordHash::new(begin).ok()?, length.parse().ok()?)?,
        };
        (slow.is_affordable() && slow.salt_text() == text).then_some(slow)
    }

    /// One of this kind that stands for none.
    pub fn stand_in(kind: &str) -> Option<Self> {
        let (begin, length) = kind.rsplit_once('$')?;
        // The salt of 16 zeros, in either alphabet.
        let salt = match begin.starts_with("$2") {
            true => ".".repeat(22),
            false => "A".repeat(22),
        };
        Self::from_salt_text(&format!("{begin}${salt}${length}"))
    }

    fn of_bcrypt(parts: &HashParts) -> Self {
        Self {
            scheme: Scheme::Bcrypt {
                cost: parts.get_cost(),
            },
            salt: parts.get_salt_raw().to_vec(),
            written: parts.get_salt(),
            length: BCRYPT,
        }
    }

    fn of_phc(parsed: &PasswordHash, length: usize) -> Option<Self> {
        let number = |name: &str| parsed.params.get_decimal(name);
        let only = |names: &[&str]| {
            let mut all = parsed.params.iter();
            all.all(|(name, _)| names.contains(&name.as_str()))
        };
        let scheme = match parsed.algorithm.as_str() {
            name @ ("argon2id" | "argon2i" | "argon2d") if only(&["m", "t", "p"]) => {
                Scheme::Argon2 {
                    algorithm: Algorithm::new(name).ok()?,
                    version: Version::try_from(parsed.version.unwrap_or(0x10)).ok()?,
                    memory_kib: number("m")?,
                    passes: number("t")?,
                    lanes: number("p")?,
                }
            }
            "scrypt" if only(&["ln", "r", "p"]) => Scheme::Scrypt {
                log_n: number("ln")?.try_into().ok()?,
                r: number("r")?,
                p: number("p")?,
            },
            name @ ("pbkdf2-sha256" | "pbkdf2-sha512") if only(&["i", "l"]) => Scheme::Pbkdf2 {
                is_512: name == "pbkdf2-sha512",
                rounds: number("i")?,
            },
            _ => return None,
        };
        let salt = parsed.salt.as_ref()?;
        Some(Self {
            scheme,
            salt: salt.to_vec(),
            written: salt.to_string(),
            length,
        })
    }

    fn is_affordable(&self) -> bool {
        let fits =
            |kib: u64, passes: u64| kib <= MOST_KIB && kib * passes <= MOST_KIB * MOST_PASSES;
        LENGTHS.contains(&self.length)
            && match self.scheme {
                Scheme::Argon2 {
                    memory_kib, passes, ..
                } => fits(memory_kib.into(), passes.into()) && self.params().is_some(),
                Scheme::Scrypt { log_n, r, p } => {
                    let kib = 1_u64.checked_shl(log_n.into()).unwrap_or(u64::MAX);
                    let kib = kib.saturating_mul(u64::from(r)) / 8;
                    (1..=20).contains(&log_n)
                        && fits(kib.min(u64::from(u32::MAX)), p.into())
                        && scrypt::Params::new(log_n, r, p).is_ok()
                }
                Scheme::Pbkdf2 { is_512, rounds } => {
                    let blocks = self.length.div_ceil(if is_512 { 64 } else { 32 }) as u64;
                    rounds > 0 && u64::from(rounds) * blocks <= MOST_ROUNDS
                }
                Scheme::Bcrypt { cost } => (4..=MOST_DOUBLINGS).contains(&cost),
            }
    }

    fn params(&self) -> Option<Params> {
        match self.scheme {
            Scheme::Argon2 {
                memory_kib,
                passes,
                lanes,
                ..
            } => Params::new(memory_kib, passes, lanes, Some(self.length)).ok(),
            _ => None,
        }
    }

    /// Everything about it that decides how long it takes.
    pub fn kind(&self) -> String {
        format!("{}${}", self.scheme, self.length)
    }

    /// What has to be known to compute it.
    pub fn salt_text(&self) -> String {
        format!("{}${}${}", self.scheme, self.written, self.length)
    }

    /// Computes it of what was typed.
    ///
    /// # Errors
    /// [`Kind::Io`](crate::error::Kind::Io) where there is no memory.
    pub(super) fn of(&self, typed: &MovedText, memory: &mut Memory) -> Result<Kept> {
        let text = typed.expose();
        let mut digest = Zeroizing::new(vec![0; self.length]);
        match self.scheme {
            Scheme::Argon2 {
                algorithm, version, ..
            } => {
                let params = self.params().unwrap_or_default();
                let blocks = memory.blocks(params.block_count())?;
                Argon2::new(algorithm, version, params)
                    .hash_password_into_with_memory(
                        text.as_bytes(),
                        &self.salt,
                        &mut digest,
                        blocks,
                    )
                    .map_err(internal)?;
            }
            Scheme::Scrypt { log_n, r, p } => {
                let params = scrypt::Params::new(log_n, r, p).map_err(internal)?;
                scrypt::scrypt(text.as_bytes(), &self.salt, &params, &mut digest)
                    .map_err(internal)?;
            }
            Scheme::Pbkdf2 { is_512, rounds } => {
                let compute = match is_512 {
                    true => pbkdf2::pbkdf2_hmac::<Sha512>,
                    false => pbkdf2::pbkdf2_hmac::<Sha256>,
                };
                compute(text.as_bytes(), &self.salt, rounds, &mut digest);
            }
            Scheme::Bcrypt { cost } => {
                let salt = self.salt.first_chunk().copied().unwrap_or_default();
                let parts = bcrypt::hash_with_salt(&*text, cost, salt).map_err(internal)?;
                let written = Zeroizing::new(parts.to_string());
                digest = Zeroizing::new(written.as_bytes()[written.len() - 31..].to_vec());
            }
        }
        Ok(Kept::new(digest))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argon2 {
                algorithm,
                version,
                memory_kib,
                passes,
                lanes,
            } => {
                let version = u32::from(*version);
                write!(
                    f,
                    "${algorithm}$v={version}$m={memory_kib},t={passes},p={lanes}"
                )
            }
            Self::Scrypt { log_n, r, p } => write!(f, "$scrypt$ln={log_n},r={r},p={p}"),
            Self::Pbkdf2 { is_512, rounds } => {
                let bits = if *is_512 { 512 } else { 256 };
                write!(f, "$pbkdf2-sha{bits}$i={rounds}")
            }
            Self::Bcrypt { cost } => write!(f, "$2b${cost:02}"),
        }
    }
}

/// As passlib writes PBKDF2: the rounds without a name, and a dot for a plus.
fn as_phc(text: &str) -> String {
    let mut parts = text.splitn(4, '$');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(""), Some(name), Some(rounds), Some(rest))
            if name.starts_with("pbkdf2-") && rounds.parse::<u32>().is_ok() =>
        {
            format!("${name}$i={rounds}${}", rest.replace('.', "+"))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_or_too_dear_is_no_hash() {
        let salt = "MDEyMzQ1Njc4OWFiY2RlZg";
        let hash = "uvwELfpG5Mdh4crtdpUFiPDZs+VObPUsqt1RFC3mnfk";
        for (begin, ends) in [
            ("$argon2id$v=19$m=65536,t=4,p=1", None),
            ("$argon2id$v=19$m=65537,t=1,p=1", Some(Unfit::TooDear)),
            ("$argon2id$v=19$m=65536,t=5,p=1", Some(Unfit::TooDear)),
            ("$argon2id$v=19$m=64,t=4294967295,p=1", Some(Unfit::TooDear)),
            (
                "$argon2id$v=19$m=4294967295,t=4294967295,p=1",
                Some(Unfit::TooDear),
            ),
            ("$argon2id$v=19$m=64,t=1,p=0", Some(Unfit::TooDear)),
            (
                "$argon2id$v=19$m=64,t=1,p=1,data=AAAA",
                Some(Unfit::Unknown),
            ),
            ("$argon2id$v=19$m=64,t=1", Some(Unfit::Unknown)),
            ("$scrypt$ln=16,r=8,p=4", None),
            ("$scrypt$ln=17,r=8,p=1", Some(Unfit::TooDear)),
            ("$scrypt$ln=16,r=8,p=5", Some(Unfit::TooDear)),
            (
                "$scrypt$ln=63,r=4294967295,p=4294967295",
                Some(Unfit::TooDear),
            ),
            ("$scrypt$ln=300,r=8,p=1", Some(Unfit::Unknown)),
            ("$pbkdf2-sha256$i=1000000", None),
            ("$pbkdf2-sha256$i=1000001", Some(Unfit::TooDear)),
            ("$pbkdf2-sha256$i=0", Some(Unfit::TooDear)),
            ("$pbkdf2-sha1$i=1000", Some(Unfit::Unknown)),
            ("$5$rounds=1000", Some(Unfit::Unknown)),
        ] {
            let read = Slow::read(&format!("{begin}${salt}${hash}"));
            assert_eq!(read.err(), ends, "{begin}");
            let kept = Slow::from_salt_text(&format!("{begin}${salt}$32"));
            assert_eq!(kept.is_some(), ends.is_none(), "{begin}");
            if let Some(slow) = kept {
                let kind = slow.kind();
                assert_eq!(Slow::stand_in(&kind).map(|one| one.kind()), Some(kind));
            }
        }
        let bcrypt = |cost: &str| {
            let text = format!("$2b${cost}$izBFDXNVdYEZBqhxY2mnP.T/ooOtt9dT3WfXEo/uSKuopeTJLZg4a");
            Slow::read(&text).err()
        };
        assert_eq!(
            ["03", "13", "14", "31", "x1"].map(bcrypt),
            [
                Some(Unfit::TooDear),
                None,
                Some(Unfit::TooDear),
                Some(Unfit::TooDear),
                Some(Unfit::Unknown)
            ]
        );
        for text in [
            "",
            "$",
            "$2b$",
            "$argon2id$v=19$m=64,t=1,p=1$$",
            "hash",
            "$2b$04$ü",
        ] {
            assert_eq!(Slow::read(text).err(), Some(Unfit::Unknown), "{text}");
            assert!(Slow::from_salt_text(text).is_none() && Slow::stand_in(text).is_none());
        }
    }
}
