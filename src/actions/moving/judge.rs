//! Which accounts of another system can be users here, and which of their codes can be typed.

use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::collected::{Collected, head};
use crate::actions::users::aside::Aside;
use crate::actions::users::roster;
use crate::actions::users::roster::{Entry, Refused, Shared, has_taken_email};
use crate::error::{Error, Kind, Result};
use crate::model::id::BatchName;
use crate::model::page::PageRequest;
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::model::user::{Email, UserName};
use crate::platform::moved::account::{Account, Code};
use crate::secret::code::looks_like_a_code;
use crate::secret::moved::{Kept, LONGEST, MovedText, SHORTEST, STRONG, batch_name};
use crate::secret::slow::{Slow, Unfit};
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
    pub number: u64,
    pub entry: Entry,
    pub name: BatchName,
    pub expires_at: Option<Timestamp>,
    pub is_weak: bool,
    pub codes: Vec<Kept>,
    /// Of each code where there is one, as far as the last that has one.
    pub salts: Vec<Option<String>>,
    /// Which slow hashes it takes to try them.
    pub work: Work,
    /// Codes that stand there twice.
    twice: u64,
}

/// What an account with codes is here.
pub(in crate::actions) enum Standing {
    Holder(Holder),
    Inactive(UserName),
}

/// Ranks of accounts with codes: the lowest are shown first.
const STAYS: i64 = 0;
const COMES: i64 = 1;

/// More codes of one user than any system issues.
const MOST: usize = 1000;

/// Looks at all accounts: finds those whose codes can be taken over, or everything that is wrong. `unit` is
/// what a place is counted by.
///
/// # Errors
/// What taking them up again says.
pub fn judge(
    mut accounts: Collected,
    from: Elsewhere,
    unit: &'static str,
    terms: Terms,
) -> Result<Result<Found, Vec<Refused>>> {
    accounts.finish()?;
    let wrong = std::mem::take(&mut accounts.wrong).into_iter();
    let mut refused: Vec<Refused> = wrong.map(|(line, error)| Refused { line, error }).collect();
    let mut found = Found {
        from,
        terms,
        inactive: 0,
        dead: accounts.dead,
        accounts,
    };
    found.rank(&mut refused)?;
    if found.terms.shared == Shared::LeftOut {
        found.leave_out_shared()?;
    }
    found.refuse_clashes(unit, &mut refused)?;
    refused.sort_by_key(|refused| refused.line);
    Ok(match refused.is_empty() {
        true => Ok(found),
        false => Err(refused),
    })
}

impl Found {
    /// Looks at each account and gives it its rank.
    fn rank(&mut self, refused: &mut Vec<Refused>) -> Result<()> {
        let mut last = 0;
        loop {
            let heads = self.accounts.heads(last)?;
            if heads.is_empty() {
                return Ok(());
            }
            for (number, account) in heads {
                last = number;
                match self.standing(number, account, refused)? {
                    None => {}
                    Some((Standing::Inactive(_), codes)) => {
                        self.inactive += 1;
                        self.dead += codes;
                        self.accounts.aside.rank(number, STAYS)?;
                    }
                    Some((Standing::Holder(holder), _)) => {
                        self.dead += holder.twice;
                        self.accounts.aside.rank(number, COMES)?;
                    }
                }
            }
        }
    }

    /// What an account is, with its codes, and how many those are; none for one without codes, or one that
    /// cannot come.
    fn standing(
        &self,
        number: u64,
        account: Account,
        refused: &mut Vec<Refused>,
    ) -> Result<Option<(Standing, u64)>> {
        let (codes, count) = self.accounts.codes(number, MOST)?;
        if count == 0 {
            return Ok(None);
        }
        let line = account.place;
        let entry = match entry(&account) {
            Ok(entry) => entry,
            Err(error) => {
                refused.push(Refused { line, error });
                return Ok(None);
            }
        };
        if !account.is_active {
            return Ok(Some((Standing::Inactive(entry.name), count)));
        }
        if count > MOST as u64 {
            let why = format!("{} has more than {MOST} codes", entry.name);
            let error = Error::new(Kind::Usage, why);
            refused.push(Refused { line, error });
            return Ok(None);
        }
        let holder = self.holder((number, entry), account, codes, refused);
        Ok(Some((Standing::Holder(holder), count)))
    }

    fn holder(
        &self,
        (number, entry): (u64, Entry),
        account: Account,
        all: Vec<Code>,
        refused: &mut Vec<Refused>,
    ) -> Holder {
        let (mut codes, mut salts) = (Vec::with_capacity(all.len()), Vec::new());
        let (mut slow, mut least, mut twice) = (Vec::new(), u32::MAX, 0);
        for code in all {
            let (read, own) = match kept(self.from, &code) {
                Ok((kept, bits, own)) => {
                    least = least.min(bits);
                    (kept, own)
                }
                Err(error) => {
                    let line = code.place;
                    refused.push(Refused { line, error });
                    continue;
                }
            };
            if codes.contains(&read) {
                twice += 1;
                continue;
            }
            let salt = own.as_ref().map(Slow::salt_text);
            if let Some(salt) = salt.or(code.salt.map(String::from)) {
                salts.resize(codes.len(), None);
                salts.push(Some(salt));
            }
            slow.extend(own);
            codes.push(read);
        }
        if slow.len() > MOST_SLOW {
            let why = format!(
                "{} has more than {MOST_SLOW} hashed codes, and every attempt would cost as many hashes",
                entry.name
            );
            let error = Error::new(Kind::Usage, why)
                .hint("leave these users out, and issue new codes to them");
            let line = account.place;
            refused.push(Refused { line, error });
        }
        let is_weak = least < STRONG;
        let own = match is_weak {
            true => Some(self.terms.weak_expire_at),
            false => self.terms.expires_at,
        };
        Holder {
            number,
            name: batch_name(self.from, entry.name.as_str(), &account.origin),
            entry,
            expires_at: own.into_iter().chain(account.expires_at).min(),
            is_weak,
            codes,
            salts,
            work: Work::of(slow.iter()),
            twice,
        }
    }

    /// Looks at who can come, one after the other.
    fn each_entry(
        &mut self,
        mut look: impl FnMut(&mut Collected, u64, &Entry) -> Result<()>,
    ) -> Result<()> {
        let mut last = 0;
        loop {
            let some = self.accounts.ranked(COMES, last)?;
            if some.is_empty() {
                return Ok(());
            }
            for (number, account) in some {
                last = number;
                look(&mut self.accounts, number, &entry(&account)?)?;
            }
        }
    }

    /// Takes every address away that stands for more than one of these users.
    fn leave_out_shared(&mut self) -> Result<()> {
        self.each_entry(|accounts, number, entry| {
            roster::note(&mut accounts.aside, number, entry)
        })?;
        self.each_entry(|accounts, number, entry| {
            match roster::is_shared(&accounts.aside, entry)? {
                true => accounts.take_address(number),
                false => Ok(()),
            }
        })
    }

    /// Takes every address away that is somebody else's in the store.
    ///
    /// # Errors
    /// What reading the store says.
    pub fn leave_out_taken(&mut self, workspace: &mut Workspace) -> Result<()> {
        workspace.store.snapshot(|connection| {
            self.each_entry(
                |accounts, number, entry| match has_taken_email(connection, entry)? {
                    true => accounts.take_address(number),
                    false => Ok(()),
                },
            )
        })
    }

    fn refuse_clashes(&mut self, unit: &str, refused: &mut Vec<Refused>) -> Result<()> {
        let at = |aside: &Aside, number| entry(&head(aside, number)?);
        self.each_entry(|accounts, number, entry| {
            let clash = roster::clash(&mut accounts.aside, (number, entry), unit, at)?;
            refused.extend(clash);
            Ok(())
        })?;
        self.each_entry(|accounts, number, entry| {
            let clash = roster::name_clash(&accounts.aside, (number, entry), unit, at)?;
            refused.extend(clash);
            Ok(())
        })
    }

    /// Whose codes come, behind a number, `most` at the most.
    pub(in crate::actions) fn coming(&self, after: u64, most: usize) -> Result<Vec<Holder>> {
        let mut coming = Vec::new();
        let mut some = self.accounts.ranked(COMES, after)?;
        some.truncate(most);
        for (number, account) in some {
            if let Some((Standing::Holder(holder), _)) = self.again(number, account)? {
                coming.push(holder);
            }
        }
        Ok(coming)
    }

    /// What was found to be right once is so again.
    fn again(&self, number: u64, account: Account) -> Result<Option<(Standing, u64)>> {
        self.standing(number, account, &mut Vec::new())
    }

    /// Notes that the codes of a holder do not come.
    pub(in crate::actions) fn stays(&mut self, holder: &Holder) -> Result<()> {
        self.accounts.aside.rank(holder.number, STAYS)
    }

    /// Accounts with codes, those first that stay, behind the first `offset`.
    pub(in crate::actions) fn page(&self, request: PageRequest) -> Result<Vec<Standing>> {
        let mut page = Vec::new();
        for (number, account) in self.accounts.by_rank(request)? {
            let standing = self.again(number, account)?;
            page.extend(standing.map(|(standing, _)| standing));
        }
        Ok(page)
    }
}

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

/// What stands for a code, and how many bits it has at the most. Of digests alone nobody knows: those of
/// Keycloak are of twelve characters, 62 bits, and those of privacyIDEA of six or eight digits. Of a slow hash
/// also how it was made.
fn kept(from: Elsewhere, code: &Code) -> Result<(Kept, u32, Option<Slow>)> {
    let refuse = |why: String| Error::new(Kind::Usage, why);
    if code.is_hash {
        return match Slow::read(&code.kept) {
            Ok((slow, kept)) => Ok((kept, 0, Some(slow))),
            Err(Unfit::Unknown) => Err(refuse("its hash is none that this program knows".to_owned())
                .hint("known are PHC strings of argon2id, argon2i, argon2d, scrypt, pbkdf2-sha256 and pbkdf2-sha512, and bcrypt")),
            Err(Unfit::TooDear) => Err(refuse("its hash costs more than every attempt could".to_owned())
                .hint("issue new codes to these users: a hash may cost 64 MiB gone over four times, 1000000 rounds of PBKDF2 or 2 to the power of 13 of bcrypt, and be of 16 to 64 bytes")),
        };
    }
    if matches!(from, Elsewhere::Keycloak | Elsewhere::Privacyidea) {
        let kept = Kept::from_text(from, &code.kept);
        return kept.map(|kept| (kept, 0, None)).ok_or_else(|| {
            refuse("one of its codes is no digest of the kind that is meant".to_owned())
        });
    }
    if looks_like_a_code(&code.kept) {
        return Err(refuse(
            "its code has the form of a code of this program, and would be read as one".to_owned(),
        ));
    }
    let text = MovedText::read(&code.kept).ok_or_else(|| {
        refuse(format!(
            "its code cannot be typed here: it needs {SHORTEST} to {LONGEST} letters, digits and signs of ASCII, without space and dashes"
        ))
    })?;
    Ok((text.kept(from, None), text.bits(), None))
}
