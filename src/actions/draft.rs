//! Codes that are drawn and hashed, but not yet anybody's.

use std::collections::HashSet;

use crate::actions::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::{Alphabet, fold_hint, is_taken_for_a_number};
use crate::model::id::BatchName;
use crate::secret::code::Code;
use crate::secret::hash::{self, CodeHash};
use crate::secret::random::Random;

/// Codes that are drawn and hashed, but not yet anybody's.
#[derive(Debug)]
pub(super) struct Draft {
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
        let salts: Vec<_> = codes.iter().map(|_| hash::draw_salt(&mut random)).collect();
        let name = BatchName::from_bytes(random.bytes());
        random.finish()?;
        if (codes.len() as u64) < count {
            return Err(
                Error::new(Kind::Io, "the system's random numbers repeat themselves").hint(
                    "nothing was changed; a system without its random source must not make codes",
                ),
            );
        }
        let hashes = hash::hash_all(&codes, &salts, workspace.cost(), workspace.ring.current())?;
        Ok(Self {
            name,
            codes,
            hashes,
        })
    }
}
