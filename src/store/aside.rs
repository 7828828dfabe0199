//! What is put aside while a long list is read: rows that are sealed, and digests by which they are found.
//! It is no part of the store, and gone when the program ends.

use super::engine::Row;
use super::engine::params;
use super::engine::sqlite::scratch::Scratch;
use crate::error::Result;

/// Persons of a list; parts of what belongs to them, also before it is known whose they are; and which
/// number stands for a text.
const TABLES: &str = "
    CREATE TABLE persons (number INTEGER PRIMARY KEY, sealed BLOB NOT NULL, rank INTEGER) STRICT;
    CREATE TABLE parts (number INTEGER PRIMARY KEY, owner INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE INDEX parts_of ON parts (owner);
    CREATE TABLE known (digest BLOB PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// Such rows.
#[derive(Debug)]
pub struct Rows {
    scratch: Scratch,
}

/// A number and what is sealed under it.
pub type Numbered = (u64, Vec<u8>);

impl Rows {
    /// None yet.
    pub fn new() -> Result<Self> {
        let scratch = Scratch::new(TABLES)?;
        Ok(Self { scratch })
    }

    /// Puts a person down under this number, in the place of what was there.
    pub fn put_person(&self, number: u64, sealed: &[u8]) -> Result<()> {
        let sql = "INSERT INTO persons (number, sealed) VALUES (:number, :sealed)
                   ON CONFLICT (number) DO UPDATE SET sealed = excluded.sealed";
        let params = params! { ":number": number, ":sealed": sealed };
        self.scratch.execute(sql, params).map(drop)
    }

    /// The same with this rank.
    pub fn put_ranked(&self, number: u64, sealed: &[u8], rank: i64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO persons (number, sealed, rank) VALUES (:number, :sealed, :rank)";
        let params = params! { ":number": number, ":sealed": sealed, ":rank": rank };
        self.scratch.execute(sql, params).map(drop)
    }

    /// What stands under a number.
    pub fn person(&self, number: u64) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT sealed FROM persons WHERE number = :number";
        let params = params! { ":number": number };
        self.scratch.maybe(sql, params, |row| row.get(0))
    }

    /// Sets the rank of a person.
    pub fn rank(&self, number: u64, rank: i64) -> Result<()> {
        let sql = "UPDATE persons SET rank = :rank WHERE number = :number";
        let params = params! { ":number": number, ":rank": rank };
        self.scratch.execute(sql, params).map(drop)
    }

    /// Persons behind a number, with or without a rank, `most` at the most.
    pub fn persons(&self, after: u64, most: u64) -> Result<Vec<Numbered>> {
        let sql =
            "SELECT number, sealed FROM persons WHERE number > :after ORDER BY number LIMIT :most";
        let params = params! { ":after": after, ":most": most };
        self.scratch.all(sql, params, numbered)
    }

    /// The same of those alone whose rank is this at least.
    pub fn ranked(&self, least: i64, after: u64, most: u64) -> Result<Vec<Numbered>> {
        let sql = "SELECT number, sealed FROM persons WHERE number > :after AND rank >= :least
                   ORDER BY number LIMIT :most";
        let params = params! { ":after": after, ":least": least, ":most": most };
        self.scratch.all(sql, params, numbered)
    }

    /// Those with a rank, the lowest first, behind the first `offset`.
    pub fn by_rank(&self, offset: u64, most: u64) -> Result<Vec<Numbered>> {
        let sql = "SELECT number, sealed FROM persons WHERE rank IS NOT NULL
                   ORDER BY rank, number LIMIT :most OFFSET :offset";
        let params = params! { ":offset": offset, ":most": most };
        self.scratch.all(sql, params, numbered)
    }

    /// Adds a part of this number to what belongs to this owner.
    pub fn put_part(&self, owner: i64, number: u64, sealed: &[u8]) -> Result<()> {
        let sql = "INSERT INTO parts (number, owner, sealed) VALUES (:number, :owner, :sealed)";
        let params = params! { ":number": number, ":owner": owner, ":sealed": sealed };
        self.scratch.execute(sql, params).map(drop)
    }

    /// One part of an owner.
    pub fn part(&self, owner: i64, number: u64) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT sealed FROM parts WHERE number = :number AND owner = :owner";
        let params = params! { ":number": number, ":owner": owner };
        self.scratch.maybe(sql, params, |row| row.get(0))
    }

    /// Parts of an owner behind a number, in their order, `most` at the most.
    pub fn parts(&self, owner: i64, after: u64, most: u64) -> Result<Vec<Numbered>> {
        let sql = "SELECT number, sealed FROM parts WHERE owner = :owner AND number > :after
                   ORDER BY number LIMIT :most";
        let params = params! { ":owner": owner, ":after": after, ":most": most };
        self.scratch.all(sql, params, numbered)
    }

    /// Lets this number stand for a text, instead of any before.
    pub fn know(&self, digest: &[u8], number: u64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO known (digest, number) VALUES (:digest, :number)";
        let params = params! { ":digest": digest, ":number": number };
        self.scratch.execute(sql, params).map(drop)
    }

    /// Which number stands for a text.
    pub fn known(&self, digest: &[u8]) -> Result<Option<u64>> {
        let sql = "SELECT number FROM known WHERE digest = :digest";
        let params = params! { ":digest": digest };
        self.scratch.maybe(sql, params, |row| row.get(0))
    }

    /// Changes it past all seals, as who can write to a disk could.
    #[cfg(test)]
    pub fn meddle(&self, sql: &str) {
        self.scratch.execute(sql, params! {}).unwrap();
    }

    /// Copies it into a new file, as it would stand on a disk.
    #[cfg(test)]
    pub fn copy(&self, path: &str) -> Result<()> {
        self.scratch.copy(path)
    }
}

fn numbered(row: Row<'_>) -> Result<Numbered> {
    Ok((row.get(0)?, row.get(1)?))
}
