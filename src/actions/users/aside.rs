//! What is put aside while a long list is read, so that memory does not grow with it: sealed with a key that
//! nobody keeps, for there may be codes in it, and what does not fit into memory is on a disk for a while.

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::secret::passing::PassingKey;
use crate::store::aside::{Numbered, Rows};

/// Such a place.
#[derive(Debug)]
pub struct Aside {
    key: PassingKey,
    rows: Rows,
    /// Parts that were put there.
    parts: u64,
}

/// Where something is sealed: in which table, whose it is, and its number. Elsewhere it does not open.
type Place = [u8; 17];

fn at_person(number: u64) -> Place {
    place(b'p', 0, number)
}

fn at_part(owner: i64, number: u64) -> Place {
    place(b'c', owner, number)
}

fn place(table: u8, owner: i64, number: u64) -> Place {
    let mut place = [table; 17];
    place[1..9].copy_from_slice(&owner.to_le_bytes());
    place[9..].copy_from_slice(&number.to_le_bytes());
    place
}

/// What was put aside is not there, or is not what was put there.
pub(in crate::actions) fn missing() -> Error {
    Error::new(Kind::Io, "what was put aside for a while is not whole")
        .hint("look for a program that changes files of others, check the disk, and run it again")
}

/// A number, and what was put aside under it.
pub(in crate::actions) type Opened = (u64, Zeroizing<Vec<u8>>);

impl Aside {
    /// An empty one.
    ///
    /// # Errors
    /// [`Kind::Io`] or [`Kind::DiskFull`], as all that is asked of it, when the temporary directory cannot be used.
    pub(in crate::actions) fn new() -> Result<Self> {
        Ok(Self {
            key: PassingKey::draw()?,
            rows: Rows::new()?,
            parts: 0,
        })
    }

    /// Puts a person down under this number, in the place of what was there.
    pub(in crate::actions) fn put_person(&mut self, number: u64, text: &[u8]) -> Result<()> {
        let sealed = self.key.seal(&at_person(number), text)?;
        self.rows.put_person(number, &sealed)
    }

    /// The same with this rank.
    pub(in crate::actions) fn put_ranked(
        &mut self,
        number: u64,
        text: &[u8],
        rank: i64,
    ) -> Result<()> {
        let sealed = self.key.seal(&at_person(number), text)?;
        self.rows.put_ranked(number, &sealed, rank)
    }

    /// What was put down under a number.
    pub(in crate::actions) fn person(&self, number: u64) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let sealed = self.rows.person(number)?;
        let open = |sealed: Vec<u8>| self.key.open(&at_person(number), &sealed);
        sealed.map(open).transpose()
    }

    /// Sets the rank of a person, instead of any before.
    pub(in crate::actions) fn rank(&mut self, number: u64, rank: i64) -> Result<()> {
        self.rows.rank(number, rank)
    }

    /// Persons behind a number, `most` at the most.
    pub(in crate::actions) fn persons(&self, after: u64, most: u64) -> Result<Vec<Opened>> {
        self.opened(self.rows.persons(after, most)?, at_person)
    }

    /// The same of those alone whose rank is this at least.
    pub(in crate::actions) fn ranked(
        &self,
        least: i64,
        (after, most): (u64, u64),
    ) -> Result<Vec<Opened>> {
        self.opened(self.rows.ranked(least, after, most)?, at_person)
    }

    /// Those with a rank, the lowest first, behind the first `offset`.
    pub(in crate::actions) fn by_rank(&self, offset: u64, most: u64) -> Result<Vec<Opened>> {
        self.opened(self.rows.by_rank(offset, most)?, at_person)
    }

    /// Adds a part to what belongs to this owner; says its number.
    pub(in crate::actions) fn put_part(&mut self, owner: i64, text: &[u8]) -> Result<u64> {
        let number = self.parts + 1;
        let sealed = self.key.seal(&at_part(owner, number), text)?;
        self.rows.put_part(owner, number, &sealed)?;
        self.parts = number;
        Ok(number)
    }

    /// One part of an owner.
    pub(in crate::actions) fn part(
        &self,
        owner: i64,
        number: u64,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let sealed = self.rows.part(owner, number)?;
        let open = |sealed: Vec<u8>| self.key.open(&at_part(owner, number), &sealed);
        sealed.map(open).transpose()
    }

    /// Parts of an owner behind a number, in their order, `most` at the most.
    pub(in crate::actions) fn parts(
        &self,
        owner: i64,
        (after, most): (u64, u64),
    ) -> Result<Vec<Opened>> {
        let sealed = self.rows.parts(owner, after, most)?;
        self.opened(sealed, |number| at_part(owner, number))
    }

    /// Lets this number stand for a text of this kind, instead of any before.
    pub(in crate::actions) fn know(&mut self, kind: &str, text: &str, number: u64) -> Result<()> {
        self.rows.know(&self.key.digest(kind, text), number)
    }

    /// Which number stands for a text.
    pub(in crate::actions) fn known(&self, kind: &str, text: &str) -> Result<Option<u64>> {
        self.rows.known(&self.key.digest(kind, text))
    }

    fn opened(&self, sealed: Vec<Numbered>, at: impl Fn(u64) -> Place) -> Result<Vec<Opened>> {
        let open = |(number, sealed): Numbered| Ok((number, self.key.open(&at(number), &sealed)?));
        sealed.into_iter().map(open).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_put_aside_stands_there_as_it_is() {
        let mut aside = Aside::new().unwrap();
        aside.put_person(1, b"alice wonder").unwrap();
        aside.put_part(1, b"k7Qx9#m2Vt4p8Zr").unwrap();
        aside.know("name", "alice wonder", 1).unwrap();
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        aside.rows.copy(file.to_str().unwrap()).unwrap();
        let written = std::fs::read(file).unwrap();
        assert!(written.len() > 4096);
        for secret in ["alice", "wonder", "k7Qx9#m2"] {
            let is_there = |bytes: &[u8]| bytes == secret.as_bytes();
            assert!(!written.windows(secret.len()).any(is_there), "{secret}");
        }
        assert_eq!(**aside.person(1).unwrap().unwrap(), *b"alice wonder");
        assert_eq!(aside.known("name", "alice wonder").unwrap(), Some(1));
        assert_eq!(aside.known("name", "alice").unwrap(), None);
    }

    #[test]
    fn nothing_opens_in_the_place_of_something_else() {
        let mut aside = Aside::new().unwrap();
        for number in 1..=2 {
            aside.put_person(number, b"somebody").unwrap();
            aside.put_part(1, b"a code").unwrap();
        }
        assert_eq!(aside.parts(1, (0, 9)).unwrap().len(), 2);
        aside
            .rows
            .meddle("UPDATE persons SET number = 3 - number + 9");
        assert_eq!(aside.persons(0, 9).unwrap_err().kind(), Kind::Io);
        assert!(aside.person(10).is_err() && aside.person(1).unwrap().is_none());
        aside.rows.meddle("UPDATE parts SET owner = 2");
        assert_eq!(aside.parts(2, (0, 9)).unwrap_err().kind(), Kind::Io);
        assert!(aside.part(2, 1).is_err() && aside.part(1, 1).unwrap().is_none());
    }

    #[test]
    fn persons_come_by_number_and_by_rank() {
        let mut aside = Aside::new().unwrap();
        for number in 1..=4 {
            aside.put_person(number, b"somebody").unwrap();
        }
        for (number, rank) in [(1, 2), (2, 0), (4, 1)] {
            aside.rank(number, rank).unwrap();
        }
        // What is written again keeps its rank.
        aside.put_person(2, b"somebody else").unwrap();
        let numbers = |found: Vec<Opened>| -> Vec<u64> {
            found.into_iter().map(|(number, _)| number).collect()
        };
        assert_eq!(numbers(aside.persons(1, 2).unwrap()), [2, 3]);
        assert_eq!(numbers(aside.ranked(1, (0, 9)).unwrap()), [1, 4]);
        assert_eq!(numbers(aside.by_rank(0, 9).unwrap()), [2, 4, 1]);
        assert_eq!(numbers(aside.by_rank(1, 1).unwrap()), [4]);
    }
}
