//! Accounts of another system, with the codes that work there.

use zeroize::Zeroizing;

use crate::error::Result;
use crate::model::time::Timestamp;

/// One account.
#[derive(Debug)]
pub struct Account {
    /// The record, line or file that names it; the first is 1.
    pub place: u64,
    pub name: String,
    /// Empty for none.
    pub email: String,
    pub is_active: bool,
    /// What tells these codes from others of the same user, where the system says so.
    pub origin: String,
    pub expires_at: Option<Timestamp>,
    pub codes: Vec<Code>,
}

/// One code that works.
pub struct Code {
    /// The record, line or file in which it stands.
    pub place: u64,
    /// What the system keeps of it: the text itself, or its digest of that.
    pub kept: Zeroizing<Box<str>>,
    /// What is mixed into the digest.
    pub salt: Option<Box<str>>,
    /// Whether it is a hash that says itself how it was made.
    pub is_hash: bool,
}

impl Code {
    /// One that stands at this place.
    pub fn new(place: u64, kept: &str) -> Self {
        Self {
            place,
            kept: Zeroizing::new(kept.into()),
            salt: None,
            is_hash: false,
        }
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({}, secret)", self.place)
    }
}

/// Where accounts are collected while they are read, in the order in which each came first. Not all of them
/// are in memory, so only the one that was asked for last can be changed, and of its codes only new ones are
/// there.
pub trait Accounts {
    /// The account of this name; the place is kept where it is new.
    ///
    /// # Errors
    /// As all of these, what keeping them says.
    fn of(&mut self, name: &str, place: u64) -> Result<&mut Account>;

    /// Adds an account that the system knows once; says its number.
    fn add(&mut self, account: Account) -> Result<u64>;

    /// The account of this number.
    fn at(&mut self, number: u64) -> Result<&mut Account>;

    /// Counts codes that do not work there any more, as far as they are still there.
    fn count_dead(&mut self, codes: u64);

    /// Notes what is wrong with a record, line or file.
    fn refuse(&mut self, place: u64, why: &str);

    /// Keeps text under a key, instead of any before.
    fn note(&mut self, key: &str, text: &str) -> Result<()>;

    /// What was kept under a key last.
    fn noted(&self, key: &str) -> Result<Option<String>>;

    /// Puts a code off of which only this key is known, and not whose it is.
    fn put_off(&mut self, key: &str, code: Code) -> Result<()>;

    /// Some of those codes with their keys, in their order, behind the one of this number; and the number of
    /// the last of them.
    fn put_off_after(&self, number: u64) -> Result<(Vec<(String, Code)>, u64)>;
}

impl Account {
    /// One of whom nothing is known but the name.
    pub fn new(place: u64, name: &str) -> Self {
        Self {
            place,
            name: name.to_owned(),
            email: String::new(),
            is_active: true,
            origin: String::new(),
            expires_at: None,
            codes: Vec::new(),
        }
    }
}
