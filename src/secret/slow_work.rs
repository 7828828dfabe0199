//! How many slow hashes every attempt computes, so that its time tells nothing about whose codes are looked
//! for: of each kind as many as whoever has the most of it.

use std::collections::BTreeMap;

use super::moved::Kept;
use super::slow::Slow;
use crate::error::Result;

/// Slow hashes that a user may have, and that an attempt may take in all.
pub const MOST: usize = 16;
pub const MOST_IN_ALL: usize = 2 * MOST;

/// How many of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work(BTreeMap<String, usize>);

impl Work {
    /// Those of one user.
    pub fn of<'a>(all: impl Iterator<Item = &'a Slow>) -> Self {
        let mut work = Self::default();
        for slow in all {
            *work.0.entry(slow.kind()).or_default() += 1;
        }
        work
    }

    /// What [`Work::text`] wrote. Whoever can write to the store could ask for any work: what no import
    /// takes is left out.
    pub fn read(text: &str) -> Self {
        let one = |part: &str| {
            let (count, kind) = part.split_at_checked(part.find('$')?)?;
            let count: usize = count.parse().ok()?;
            Slow::stand_in(kind).filter(|_| count <= MOST)?;
            Some((kind.to_owned(), count))
        };
        Self(text.split(' ').filter_map(one).collect())
    }

    /// As it stands in the store; none where there is nothing to do.
    pub fn text(&self) -> Option<String> {
        let parts = self.0.iter().map(|(kind, count)| format!("{count}{kind}"));
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Makes it enough for these, too.
    pub fn cover(&mut self, other: &Self) {
        for (kind, count) in &other.0 {
            let own = self.0.entry(kind.clone()).or_default();
            *own = (*own).max(*count);
        }
    }

    /// How many in all.
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// Computes as many of each kind as there are to compute, those of `own` among them; what is not among
    /// the kinds, or too much of one, is not computed. There is no early end: a code that is found takes as
    /// long as one that is not.
    ///
    /// # Errors
    /// What `hash` says.
    pub fn compute<T>(
        &self,
        own: Vec<(T, Slow)>,
        mut hash: impl FnMut(&Slow) -> Result<Kept>,
    ) -> Result<Vec<(T, Kept)>> {
        let mut left = self.clone();
        let mut computed = Vec::with_capacity(own.len());
        for (whose, slow) in own {
            if let Some(left) = left.0.get_mut(&slow.kind()).filter(|left| **left > 0) {
                *left -= 1;
                computed.push((whose, hash(&slow)?));
            }
        }
        for (kind, count) in left.0 {
            let stand_in = Slow::stand_in(&kind);
            for slow in stand_in.iter().cycle().take(count) {
                hash(slow)?;
            }
        }
        Ok(computed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: &str = "$argon2id$v=19$m=64,t=1,p=1$32";
    const OTHER: &str = "$scrypt$ln=4,r=8,p=1$32";
    const STRANGE: &str = "$pbkdf2-sha256$i=1000$32";

    fn some(kind: &str, count: usize) -> Vec<Slow> {
        vec![Slow::stand_in(kind).unwrap(); count]
    }

    /// The hashes of each kind that are computed for somebody who has these, and how many of their own.
    fn computed(work: &Work, own: Vec<Slow>) -> ([usize; 3], usize) {
        let mut hashes = [0; 3];
        let own = own.into_iter().enumerate().collect();
        let found = work.compute(own, |slow| {
            let kind = slow.kind();
            let place = [CHEAP, OTHER, STRANGE].iter().position(|one| *one == kind);
            hashes[place.unwrap()] += 1;
            Ok(Kept::new(Vec::new().into()))
        });
        (hashes, found.unwrap().len())
    }

    #[test]
    fn everybody_costs_the_same() {
        let mut work = Work::of(some(CHEAP, 10).iter());
        work.cover(&Work::of([some(CHEAP, 4), some(OTHER, 6)].concat().iter()));
        assert_eq!(work.count(), 16);
        for (own, tried) in [
            (Vec::new(), 0),
            (some(CHEAP, 1), 1),
            (some(CHEAP, 10), 10),
            (some(OTHER, 6), 6),
            ([some(CHEAP, 4), some(OTHER, 6)].concat(), 10),
            // What nobody can have is not computed.
            (some(CHEAP, 11), 10),
            (some(OTHER, 7), 6),
            (some(STRANGE, 3), 0),
        ] {
            assert_eq!(computed(&work, own), ([10, 6, 0], tried));
        }
        assert_eq!(computed(&Work::default(), some(CHEAP, 3)), ([0; 3], 0));
    }

    #[test]
    fn it_is_read_as_it_is_written() {
        let work = Work::of([some(CHEAP, 3), some(OTHER, 2)].concat().iter());
        let text = work.text().unwrap();
        assert_eq!(text, format!("3{CHEAP} 2{OTHER}"));
        assert_eq!(Work::read(&text), work);
        assert_eq!(Work::default().text(), None);
        // More than any import takes is not asked for.
        for text in [
            "17$argon2id$v=19$m=64,t=1,p=1$32",
            "1$argon2id$v=19$m=65537,t=1,p=1$32",
            "99999999999999999999$2b$04$23",
            "$2b$04$23",
            "-1$2b$04$23",
            "",
            "x",
        ] {
            assert_eq!(Work::read(text).count(), 0, "{text}");
        }
    }
}
