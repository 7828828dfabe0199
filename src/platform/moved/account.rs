//! Accounts of another system, with the codes that work there.

use std::collections::HashMap;

use zeroize::Zeroizing;

use crate::error::{Error, Kind};
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

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Accounts {
    pub list: Vec<Account>,
    by_name: HashMap<String, usize>,
    /// Codes that do not work there any more, as far as they are still there.
    pub dead: u64,
    /// Records, lines or files that are not as the system writes them.
    pub wrong: Vec<(u64, Error)>,
}

impl Accounts {
    /// The account of this name; the place is kept where it is new.
    pub(super) fn of(&mut self, name: &str, place: u64) -> Option<&mut Account> {
        let end = self.list.len();
        let number = *self.by_name.entry(name.to_owned()).or_insert(end);
        if number == end {
            self.add(Account {
                place,
                name: name.to_owned(),
                email: String::new(),
                is_active: true,
                origin: String::new(),
                expires_at: None,
                codes: Vec::new(),
            });
        }
        self.list.get_mut(number)
    }

    /// Adds an account that the system knows once.
    pub fn add(&mut self, account: Account) {
        self.list.push(account);
    }

    /// Notes what is wrong with a record, line or file.
    pub(super) fn refuse(&mut self, place: u64, why: impl Into<String>) {
        self.wrong.push((place, Error::new(Kind::Usage, why)));
    }
}
