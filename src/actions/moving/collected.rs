//! Accounts of another system as they are collected: put aside, and taken up again one by one.

use zeroize::Zeroizing;

use crate::actions::moving::packed::{Packing, Unpacking};
use crate::actions::users::aside::{Aside, Opened, missing};
use crate::actions::users::roster::Refusals;
use crate::error::{Error, Kind, Result};
use crate::platform::moved::account::{Account, Accounts, Code};

/// Such accounts.
#[derive(Debug)]
pub struct Collected {
    pub(super) aside: Aside,
    /// How many there are; each has a number, the first is 1.
    count: u64,
    current: Option<Current>,
    /// Codes that do not work there any more.
    pub(super) dead: u64,
    /// Records, lines or files that are not as the system writes them.
    pub(super) wrong: Refusals,
}

/// The account that was asked for last.
#[derive(Debug)]
struct Current {
    number: u64,
    /// With those codes alone that are not put aside yet.
    account: Account,
    /// What is put aside of it, beside its codes; empty for nothing.
    kept: Zeroizing<Vec<u8>>,
}

/// Codes that are put aside together.
const TOGETHER: usize = 64;

/// Who owns codes of which only a key is known, and texts under a key. Accounts own theirs by their number.
const PUT_OFF: i64 = 0;
const NOTES: i64 = -1;

/// By what accounts and texts are found.
const NAME: &str = "account";
const NOTE: &str = "note";

/// What is taken up together.
const SOME: u64 = 100;

impl Collected {
    /// None yet.
    ///
    /// # Errors
    /// When the temporary directory cannot be used.
    pub fn new() -> Result<Self> {
        Ok(Self {
            aside: Aside::new()?,
            count: 0,
            current: None,
            dead: 0,
            wrong: Refusals::default(),
        })
    }

    /// Puts the current one aside.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.keep_codes()?;
        if let Some(current) = self.current.take() {
            let packed = pack(&current.account);
            if packed != current.kept {
                self.aside.put_person(current.number, &packed)?;
            }
        }
        Ok(())
    }

    fn keep_codes(&mut self) -> Result<()> {
        let Some(current) = &mut self.current else {
            return Ok(());
        };
        if current.account.codes.is_empty() {
            return Ok(());
        }
        let mut packing = Packing::new();
        for code in current.account.codes.drain(..) {
            pack_code(&mut packing, &code);
        }
        self.aside
            .put_part(owner(current.number), &packing.finish())?;
        Ok(())
    }

    fn begin(&mut self, number: u64, account: Account, kept: Zeroizing<Vec<u8>>) -> Result<()> {
        self.finish()?;
        self.current = Some(Current {
            number,
            account,
            kept,
        });
        Ok(())
    }

    fn begin_new(&mut self, account: Account) -> Result<u64> {
        self.count += 1;
        self.begin(self.count, account, Zeroizing::default())?;
        Ok(self.count)
    }

    fn current(&mut self) -> Result<&mut Account> {
        let account = self.current.as_mut().map(|current| &mut current.account);
        account.ok_or_else(missing)
    }

    /// Accounts behind a number without their codes, some at a time, with their numbers.
    pub(super) fn heads(&self, after: u64) -> Result<Vec<Numbered>> {
        let persons = self.aside.persons(after, SOME)?.into_iter();
        persons
            .map(|(number, packed)| Ok((number, unpack(&packed)?)))
            .collect()
    }

    /// The codes of an account, the first `most` of them, and how many there are.
    pub(super) fn codes(&self, number: u64, most: usize) -> Result<(Vec<Code>, u64)> {
        let (mut codes, mut count, mut last) = (Vec::new(), 0, 0);
        loop {
            let parts = self.aside.parts(owner(number), (last, SOME))?;
            last = parts.last().map_or(last, |(number, _)| *number);
            for (_, packed) in &parts {
                let mut parts = Unpacking::of(packed);
                while !parts.is_done() {
                    let code = unpack_code(&mut parts)?;
                    count += 1;
                    if codes.len() < most {
                        codes.push(code);
                    }
                }
            }
            if (parts.len() as u64) < SOME {
                return Ok((codes, count));
            }
        }
    }
}

/// An account without its codes, and its number.
pub(super) type Numbered = (u64, Account);

impl Accounts for Collected {
    fn of(&mut self, name: &str, place: u64) -> Result<&mut Account> {
        let is_it = |current: &Current| current.account.name == name;
        if !self.current.as_ref().is_some_and(is_it) {
            match self.aside.known(NAME, name)? {
                Some(number) => {
                    self.at(number)?;
                }
                None => {
                    let number = self.begin_new(Account::new(place, name))?;
                    self.aside.know(NAME, name, number)?;
                }
            }
        }
        if self.current()?.codes.len() >= TOGETHER {
            self.keep_codes()?;
        }
        self.current()
    }

    fn add(&mut self, account: Account) -> Result<u64> {
        self.begin_new(account)
    }

    fn at(&mut self, number: u64) -> Result<&mut Account> {
        let is_it = |current: &Current| current.number == number;
        if !self.current.as_ref().is_some_and(is_it) {
            self.finish()?;
            let kept = self.aside.person(number)?.ok_or_else(missing)?;
            self.begin(number, unpack(&kept)?, kept)?;
        }
        if self.current()?.codes.len() >= TOGETHER {
            self.keep_codes()?;
        }
        self.current()
    }

    fn count_dead(&mut self, codes: u64) {
        self.dead += codes;
    }

    fn refuse(&mut self, place: u64, why: &str) {
        self.wrong.add(place, Error::new(Kind::Usage, why));
    }

    fn note(&mut self, key: &str, text: &str) -> Result<()> {
        let number = self.aside.put_part(NOTES, text.as_bytes())?;
        self.aside.know(NOTE, key, number)
    }

    fn noted(&self, key: &str) -> Result<Option<String>> {
        let Some(number) = self.aside.known(NOTE, key)? else {
            return Ok(None);
        };
        let text = self.aside.part(NOTES, number)?.ok_or_else(missing)?;
        let text = std::str::from_utf8(&text).map_err(|_| missing())?;
        Ok(Some(text.to_owned()))
    }

    fn put_off(&mut self, key: &str, code: Code) -> Result<()> {
        let mut packing = Packing::new();
        packing.text(key);
        pack_code(&mut packing, &code);
        self.aside.put_part(PUT_OFF, &packing.finish())?;
        Ok(())
    }

    fn put_off_after(&self, number: u64) -> Result<(Vec<(String, Code)>, u64)> {
        let parts = self.aside.parts(PUT_OFF, (number, SOME))?;
        let last = parts.last().map_or(number, |(number, _)| *number);
        let one = |(_, packed): &Opened| {
            let mut parts = Unpacking::of(packed);
            Ok((parts.text()?.to_owned(), unpack_code(&mut parts)?))
        };
        let codes: Result<Vec<_>> = parts.iter().map(one).collect();
        Ok((codes?, last))
    }
}

fn owner(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn pack(account: &Account) -> Zeroizing<Vec<u8>> {
    let mut packing = Packing::new();
    packing
        .number(account.place)
        .text(&account.name)
        .text(&account.email)
        .number(u64::from(account.is_active))
        .text(&account.origin)
        .maybe(account.expires_at, Packing::time);
    packing.finish()
}

fn unpack(packed: &[u8]) -> Result<Account> {
    let mut parts = Unpacking::of(packed);
    let place = parts.number()?;
    let mut account = Account::new(place, parts.text()?);
    parts.text()?.clone_into(&mut account.email);
    account.is_active = parts.number()? == 1;
    parts.text()?.clone_into(&mut account.origin);
    account.expires_at = parts.maybe(Unpacking::time)?;
    Ok(account)
}

fn pack_code(packing: &mut Packing, code: &Code) {
    packing
        .number(code.place)
        .text(&code.kept)
        .number(u64::from(code.is_hash))
        .maybe(code.salt.as_deref(), |packing, salt| {
            packing.text(salt);
        });
}

fn unpack_code(parts: &mut Unpacking<'_>) -> Result<Code> {
    let place = parts.number()?;
    let mut code = Code::new(place, parts.text()?);
    code.is_hash = parts.number()? == 1;
    code.salt = parts.maybe(Unpacking::text)?.map(Into::into);
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_stand_apart_come_together_in_their_order() {
        let mut accounts = Collected::new().unwrap();
        for place in 0..300 {
            let name = ["alice", "bob", "carol"][usize::try_from(place % 3).unwrap()];
            let account = accounts.of(name, place).unwrap();
            account
                .codes
                .push(Code::new(place, &format!("code{place}")));
            account.email = format!("{name}@example.org");
        }
        accounts.finish().unwrap();
        let heads = accounts.heads(0).unwrap();
        let names: Vec<_> = heads
            .iter()
            .map(|(number, head)| (*number, head.place, head.name.as_str(), head.email.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                (1, 0, "alice", "alice@example.org"),
                (2, 1, "bob", "bob@example.org"),
                (3, 2, "carol", "carol@example.org"),
            ]
        );
        let (codes, count) = accounts.codes(2, 3).unwrap();
        let kept: Vec<&str> = codes.iter().map(|code| &**code.kept).collect();
        assert_eq!(
            (kept.as_slice(), count),
            (&["code1", "code4", "code7"][..], 100)
        );
    }

    #[test]
    fn what_is_not_known_yet_is_put_off() {
        let mut accounts = Collected::new().unwrap();
        for place in 1..=250 {
            let code = Code {
                salt: Some("salt".into()),
                is_hash: true,
                ..Code::new(place, "kept")
            };
            accounts.put_off("key", code).unwrap();
        }
        accounts.note("key", "one").unwrap();
        accounts.note("key", "another").unwrap();
        let (mut places, mut last) = (Vec::new(), 0);
        loop {
            let (codes, number) = accounts.put_off_after(last).unwrap();
            if codes.is_empty() {
                break;
            }
            last = number;
            for (key, code) in codes {
                assert_eq!((key.as_str(), code.is_hash), ("key", true));
                assert_eq!(code.salt.as_deref(), Some("salt"));
                places.push(code.place);
            }
        }
        assert_eq!(places, (1..=250).collect::<Vec<_>>());
        assert_eq!(accounts.noted("key").unwrap().as_deref(), Some("another"));
        assert_eq!(accounts.noted("other").unwrap(), None);
    }
}
