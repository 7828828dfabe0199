//! Which accounts of another system can be users here, and which of their codes can be typed.

use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::collected::Collected;
use crate::actions::moving::looked::{Looked, Read};
use crate::actions::users::aside::Aside;
use crate::actions::users::roster::{self, Entry, Refusals, Shared, has_taken_email};
use crate::error::{Error, Kind, Result};
use crate::model::page::PageRequest;
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::model::user::{Email, UserName};
use crate::platform::moved::account::{Account, Code};
use crate::secret::code::looks_like_a_code;
use crate::secret::moved::{Kept, STRONG, batch_name};
use crate::secret::slow_work::{MOST as MOST_SLOW, Work};

/// On what terms codes are taken over.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// When they expire, if they do.
    pub expires_at: Option<Timestamp>,
    /// When weak ones do.
    pub weak_expire_at: Timestamp,
    pub shared: Shared,
}

/// The accounts with codes, which were all looked at.
#[derive(Debug)]
pub struct Found {
    pub(in crate::actions) from: Elsewhere,
    terms: Terms,
    accounts: Collected,
    /// How many are not active there.
    pub(in crate::actions) inactive: u64,
    /// Codes that do not work there any more, or stand there twice.
    pub(in crate::actions) dead: u64,
}

/// A user, and the codes that work.
pub(in crate::actions) struct Holder {
    pub about: Looked,
    pub codes: Vec<Kept>,
    /// Of each code where there is one, as far as the last that has one.
    pub salts: Vec<Option<String>>,
}

/// Ranks of accounts with codes: the lowest are shown first.
const STAYS: i64 = 0;
const COMES: i64 = 1;

/// More codes of one user than any system issues.
const MOST: usize = 1000;

/// Looks at all accounts: finds those whose codes can be taken over, or what is wrong. `unit` is
/// what a place is counted by.
///
/// # Errors
/// What taking them up again says.
pub fn judge(
    mut accounts: Collected,
    from: Elsewhere,
    unit: &'static str,
    terms: Terms,
) -> Result<Result<Found, Refusals>> {
    accounts.finish()?;
    let mut refused = std::mem::take(&mut accounts.wrong);
    let mut found = Found {
        from,
        terms,
        inactive: 0,
        dead: accounts.dead,
        accounts,
    };
    let are_names_addresses = found.rank(unit, &mut refused)?;
    if found.terms.shared == Shared::LeftOut {
        found.leave_out_shared()?;
        found.each(|aside, looked| {
            refused.extend(looked.clash(aside, unit)?);
            Ok(())
        })?;
    }
    if are_names_addresses {
        found.each(|aside, looked| {
            refused.extend(looked.name_clash(aside, unit)?);
            Ok(())
        })?;
    }
    let refused = refused.sorted();
    Ok(match refused.is_empty() {
        true => Ok(found),
        false => Err(refused),
    })
}

impl Found {
    /// Looks at each account with codes and gives it its rank; says whether the name of any could be the
    /// address of another.
    fn rank(&mut self, unit: &str, refused: &mut Refusals) -> Result<bool> {
        let (mut last, mut are_names_addresses) = (0, false);
        loop {
            let heads = self.accounts.heads(last)?;
            if heads.is_empty() {
                return Ok(are_names_addresses);
            }
            for (number, account) in heads {
                last = number;
                let (codes, count) = self.accounts.codes(number, MOST)?;
                if count == 0 {
                    continue;
                }
                let looked = self.look((number, account), codes, count, refused);
                if let Some(looked) = looked {
                    let rank = if looked.is_active { COMES } else { STAYS };
                    let aside = &mut self.accounts.aside;
                    aside.put_ranked(number, &looked.pack(), rank)?;
                    are_names_addresses |= looked.entry.name.as_str().contains('@');
                    if looked.is_active && self.terms.shared == Shared::Refused {
                        refused.extend(looked.clash(aside, unit)?);
                    }
                }
            }
        }
    }

    /// What an account with so many codes is, of which these are the first; none for one that cannot come.
    fn look(
        &mut self,
        (number, account): (u64, Account),
        codes: Vec<Code>,
        count: u64,
        refused: &mut Refusals,
    ) -> Option<Looked> {
        let line = account.place;
        let entry = match entry(&account) {
            Ok(entry) => entry,
            Err(error) => {
                refused.add(line, error);
                return None;
            }
        };
        let mut looked = Looked {
            number,
            name: batch_name(self.from, entry.name.as_str(), &account.origin),
            entry,
            is_active: account.is_active,
            expires_at: account.expires_at,
            is_weak: false,
            codes: 0,
            work: Work::default(),
        };
        if !looked.is_active {
            self.inactive += 1;
            self.dead += count;
            return Some(looked);
        }
        let mut refuse = |error| refused.add(line, error);
        if count > MOST as u64 {
            let why = format!("{} has more than {MOST} codes", looked.entry.name);
            refuse(Error::new(Kind::Usage, why));
            return None;
        }
        let read = Read::of(self.from, codes);
        if read.slow.len() > MOST_SLOW {
            let why = format!(
                "{} has more than {MOST_SLOW} hashed codes, and every attempt would cost as many hashes",
                looked.entry.name
            );
            refuse(
                Error::new(Kind::Usage, why)
                    .hint("leave these users out, and issue new codes to them"),
            );
        }
        refused.extend(read.refused);
        self.dead += read.twice;
        looked.is_weak = read.bits < STRONG;
        let own = match looked.is_weak {
            true => Some(self.terms.weak_expire_at),
            false => self.terms.expires_at,
        };
        looked.expires_at = own.into_iter().chain(looked.expires_at).min();
        looked.codes = read.codes.len() as u64;
        looked.work = Work::of(read.slow.iter());
        Some(looked)
    }

    /// Looks at who can come, one after the other.
    fn each(&mut self, mut look: impl FnMut(&mut Aside, Looked) -> Result<()>) -> Result<()> {
        let mut last = 0;
        loop {
            let some = self.coming(last, TOGETHER)?;
            if some.is_empty() {
                return Ok(());
            }
            for looked in some {
                last = looked.number;
                look(&mut self.accounts.aside, looked)?;
            }
        }
    }

    /// Takes every address away that stands for more than one of these users.
    fn leave_out_shared(&mut self) -> Result<()> {
        self.each(|aside, looked| roster::note(aside, looked.number, &looked.entry))?;
        self.each(
            |aside, looked| match roster::is_shared(aside, &looked.entry)? {
                true => looked.without_address(aside),
                false => Ok(()),
            },
        )
    }

    /// Takes every address away that is somebody else's in the store.
    ///
    /// # Errors
    /// What reading the store says.
    pub fn leave_out_taken(&mut self, workspace: &mut Workspace) -> Result<()> {
        workspace.store.snapshot(|connection| {
            self.each(
                |aside, looked| match has_taken_email(connection, &looked.entry)? {
                    true => looked.without_address(aside),
                    false => Ok(()),
                },
            )
        })
    }

    /// Whose codes come, as far as that is known, behind a number, `most` at the most.
    pub(in crate::actions) fn coming(&self, after: u64, most: u64) -> Result<Vec<Looked>> {
        let coming = self.accounts.aside.ranked(COMES, (after, most))?;
        coming.into_iter().map(Looked::unpack).collect()
    }

    /// The same with their codes.
    pub(in crate::actions) fn holders(&self, after: u64, most: u64) -> Result<Vec<Holder>> {
        let holder = |about: Looked| {
            let (codes, _) = self.accounts.codes(about.number, MOST)?;
            let Read { codes, salts, .. } = Read::of(self.from, codes);
            Ok(Holder {
                about,
                codes,
                salts,
            })
        };
        self.coming(after, most)?.into_iter().map(holder).collect()
    }

    /// Notes that somebody's codes do not come.
    pub(in crate::actions) fn stays(&mut self, looked: &Looked) -> Result<()> {
        self.accounts.aside.rank(looked.number, STAYS)
    }

    /// Accounts with codes, those first that stay.
    pub(in crate::actions) fn page(&self, request: PageRequest) -> Result<Vec<Looked>> {
        let page = self
            .accounts
            .aside
            .by_rank(request.offset(), request.size)?;
        page.into_iter().map(Looked::unpack).collect()
    }
}

/// Accounts that are taken up together.
const TOGETHER: u64 = 100;

fn entry(account: &Account) -> Result<Entry> {
    if looks_like_a_code(&account.name) || looks_like_a_code(&account.email) {
        return Err(Error::new(
            Kind::Usage,
            "a code stands in the place of a name",
        ));
    }
    let email = (!account.email.is_empty()).then_some(account.email.as_str());
    Ok(Entry {
        line: account.place,
        name: UserName::parse(&account.name)?,
        email: email.map(Email::parse).transpose()?,
        state: None,
    })
}
