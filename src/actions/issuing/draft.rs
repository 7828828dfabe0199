//! Codes that are drawn and hashed, but not yet anybody's.

use std::collections::HashSet;
use std::num::NonZero;

use crate::actions::desk::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::{Alphabet, fold_hint, is_taken_for_a_number};
use crate::model::id::BatchName;
use crate::secret::code::Code;
use crate::secret::hash::{self, CodeHash, SaltBytes};
use crate::secret::random::Random;

/// Codes that are drawn and hashed, but not yet anybody's.
#[derive(Debug)]
pub(in crate::actions) struct Draft {
    pub name: BatchName,
    pub codes: Vec<Code>,
    pub hashes: Vec<CodeHash>,
}

impl Draft {
    /// Draws `count` codes whose hints look like none of `taken`, and hashes them on all
    /// processors.
    pub fn draw(
        workspace: &Workspace,
        count: u64,
        alphabet: Alphabet,
        taken: &[String],
    ) -> Result<Self> {
        let drawn = Drawn::draw(workspace, count, alphabet, taken)?;
        let hashes = hash_all(workspace, drawn.salted(), None)?;
        Ok(drawn.with(hashes))
    }

    /// The same for several users, one for each of `taken`, hashed together on so many threads.
    pub fn draw_many(
        workspace: &Workspace,
        count: u64,
        alphabet: Alphabet,
        taken: &[Vec<String>],
        threads: NonZero<usize>,
    ) -> Result<Vec<Self>> {
        let drawn = taken
            .iter()
            .map(|taken| Drawn::draw(workspace, count, alphabet, taken))
            .collect::<Result<Vec<_>>>()?;
        Self::from_drawn(workspace, drawn, threads)
    }

    /// Hashes codes that are there already, those of several users together.
    pub fn hash_many(
        workspace: &Workspace,
        codes: Vec<Vec<Code>>,
        threads: NonZero<usize>,
    ) -> Result<Vec<Self>> {
        let mut random = Random::from(&workspace.entropy);
        let drawn = codes
            .into_iter()
            .map(|codes| Drawn::with_salts(codes, &mut random))
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
    salted: impl Iterator<Item = (&'a Code, SaltBytes)>,
    threads: Option<NonZero<usize>>,
) -> Result<Vec<CodeHash>> {
    let salted: Vec<_> = salted.collect();
    hash::hash_all(&salted, workspace.cost(), workspace.ring.current(), threads)
}

/// Codes that are not hashed yet, and the salts that they will be hashed with.
struct Drawn {
    name: BatchName,
    codes: Vec<Code>,
    salts: Vec<SaltBytes>,
}

impl Drawn {
    fn draw(
        workspace: &Workspace,
        count: u64,
        alphabet: Alphabet,
        taken: &[String],
    ) -> Result<Self> {
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
        let drawn = Self::with_salts(codes, &mut random);
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

    fn with_salts(codes: Vec<Code>, random: &mut Random<'_>) -> Self {
        Self {
            salts: codes.iter().map(|_| hash::draw_salt(random)).collect(),
            name: BatchName::from_bytes(random.bytes()),
            codes,
        }
    }

    fn salted(&self) -> impl Iterator<Item = (&Code, SaltBytes)> {
        self.codes.iter().zip(self.salts.iter().copied())
    }

    fn with(self, hashes: Vec<CodeHash>) -> Draft {
        Draft {
            name: self.name,
            codes: self.codes,
            hashes,
        }
    }
}
