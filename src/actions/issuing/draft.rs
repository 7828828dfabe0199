//! Codes that are drawn and hashed, but not yet anybody's.

use std::collections::HashSet;
use std::num::NonZero;

use crate::actions::desk::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::{Alphabet, fold_hint, is_taken_for_a_number};
use crate::model::id::BatchName;
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::secret::code::Code;
use crate::secret::hash::{self, CodeHash, SaltBytes};
use crate::secret::hash_many;
use crate::secret::place::Place;
use crate::secret::random::Random;

/// Codes that are drawn and hashed, but not yet anybody's.
#[derive(Debug)]
pub(in crate::actions) struct Draft {
    pub name: BatchName,
    pub codes: Vec<Code>,
    pub hashes: Vec<CodeHash>,
}

/// What is to be drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::actions) struct Shape {
    pub count: u64,
    pub alphabet: Alphabet,
    pub expires_at: Option<Timestamp>,
}

/// A batch that was issued elsewhere.
pub(in crate::actions) struct Brought {
    pub name: BatchName,
    pub from: Elsewhere,
    pub expires_at: Option<Timestamp>,
    pub codes: Vec<Code>,
}

impl Draft {
    /// Draws `count` codes whose hints look like none of `taken`, and hashes them on all
    /// processors.
    pub fn draw(workspace: &Workspace, shape: &Shape, taken: &[String]) -> Result<Self> {
        let drawn = Drawn::draw(workspace, shape, taken)?;
        let hashes = hash_all(workspace, drawn.salted(), None)?;
        Ok(drawn.with(hashes))
    }

    /// The same for several users, one for each of `taken`, hashed together on so many threads.
    pub fn draw_many(
        workspace: &Workspace,
        shape: &Shape,
        taken: &[Vec<String>],
        threads: NonZero<usize>,
    ) -> Result<Vec<Self>> {
        let drawn = taken
            .iter()
            .map(|taken| Drawn::draw(workspace, shape, taken))
            .collect::<Result<Vec<_>>>()?;
        Self::from_drawn(workspace, drawn, threads)
    }

    /// Hashes codes that were issued elsewhere, those of several users together.
    pub fn hash_many(
        workspace: &Workspace,
        batches: Vec<Brought>,
        threads: NonZero<usize>,
    ) -> Result<Vec<Self>> {
        let mut random = Random::from(&workspace.entropy);
        let drawn = batches
            .into_iter()
            .map(|batch| Drawn {
                salts: salts(&batch.codes, &mut random),
                name: batch.name,
                codes: batch.codes,
                reading: batch.from.word(),
                expires_at: batch.expires_at,
            })
            .collect();
        random.finish()?;
        Self::from_drawn(workspace, drawn, threads)
    }

    fn from_drawn(
        workspace: &Workspace,
        drawn: Vec<Drawn>,
        threads: NonZero<usize>,
    ) -> Result<Vec<Self>> {
        let salted = drawn.iter().flat_map(Drawn::salted);
        let mut hashes = hash_all(workspace, salted, Some(threads))?.into_iter();
        Ok(drawn
            .into_iter()
            .map(|drawn| {
                let own = hashes.by_ref().take(drawn.codes.len()).collect();
                drawn.with(own)
            })
            .collect())
    }
}

fn hash_all<'a>(
    workspace: &Workspace,
    salted: impl Iterator<Item = (&'a Code, Place<'a>, SaltBytes)>,
    threads: Option<NonZero<usize>>,
) -> Result<Vec<CodeHash>> {
    let salted: Vec<_> = salted.collect();
    hash_many::hash_all(&salted, workspace.cost(), workspace.ring.current(), threads)
}

/// Codes that are not hashed yet, and the salts that they will be hashed with.
struct Drawn {
    name: BatchName,
    codes: Vec<Code>,
    salts: Vec<SaltBytes>,
    reading: &'static str,
    expires_at: Option<Timestamp>,
}

impl Drawn {
    fn draw(workspace: &Workspace, shape: &Shape, taken: &[String]) -> Result<Self> {
        let Shape {
            count,
            alphabet,
            expires_at,
        } = *shape;
        let mut random = Random::from(&workspace.entropy);
        let mut seen: HashSet<String> = taken.iter().map(|hint| fold_hint(hint)).collect();
        let mut codes = Vec::new();
        let mut misses = 0;
        while (codes.len() as u64) < count && misses < 1000 {
            let code = Code::draw(&mut random, alphabet);
            if !is_taken_for_a_number(code.hint()) && seen.insert(fold_hint(code.hint())) {
                codes.push(code);
            } else {
                misses += 1;
            }
        }
        let drawn = Self {
            salts: salts(&codes, &mut random),
            name: BatchName::from_bytes(random.bytes()),
            codes,
            reading: alphabet.word(),
            expires_at,
        };
        random.finish()?;
        if (drawn.codes.len() as u64) < count {
            return Err(
                Error::new(Kind::Io, "the system's random numbers repeat themselves").hint(
                    "nothing was changed; a system without its random source must not make codes",
                ),
            );
        }
        Ok(drawn)
    }

    fn salted(&self) -> impl Iterator<Item = (&Code, Place<'_>, SaltBytes)> {
        (1..)
            .zip(self.codes.iter().zip(self.salts.iter().copied()))
            .map(|(position, (code, salt))| {
                let place = Place {
                    batch: &self.name,
                    position,
                    reading: self.reading,
                    expires_at: self.expires_at,
                };
                (code, place, salt)
            })
    }

    fn with(self, hashes: Vec<CodeHash>) -> Draft {
        Draft {
            name: self.name,
            codes: self.codes,
            hashes,
        }
    }
}

fn salts(codes: &[Code], random: &mut Random<'_>) -> Vec<SaltBytes> {
    codes.iter().map(|_| hash::draw_salt(random)).collect()
}
