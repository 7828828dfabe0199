//! Which accounts of another system can be users here, and which of their codes can be typed.

use crate::actions::users::roster::{Entry, Refused, Shared, clashes, leave_out_shared};
use crate::error::{Error, Kind, Result};
use crate::model::id::BatchName;
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::model::user::{Email, UserName};
use crate::platform::moved::account::{Account, Accounts, Code};
use crate::secret::code::looks_like_a_code;
use crate::secret::moved::{Kept, LONGEST, MovedText, SHORTEST, STRONG, batch_name};
use crate::secret::slow::{Slow, Unfit};
use crate::secret::slow_work::{MOST as MOST_SLOW, Work};

/// On what terms codes are taken over.
pub struct Terms {
    /// When they expire, if they do.
    pub expires_at: Option<Timestamp>,
    /// When weak ones do.
    pub weak_expire_at: Timestamp,
    pub shared: Shared,
}

/// The accounts with codes.
pub struct Found {
    pub(in crate::actions) from: Elsewhere,
    pub(in crate::actions) ready: Vec<Holder>,
    /// Who is not active there.
    pub(in crate::actions) inactive: Vec<UserName>,
    /// Codes that do not work there any more, or stand there twice.
    pub(in crate::actions) dead: u64,
}

impl Found {
    /// Whose codes work.
    pub fn entries(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.ready.iter_mut().map(|holder| &mut holder.entry)
    }

    /// How many users have weak codes.
    pub fn weak(&self) -> u64 {
        self.ready.iter().filter(|holder| holder.is_weak).count() as u64
    }
}

/// A user, and the codes that work.
pub(in crate::actions) struct Holder {
    pub entry: Entry,
    pub name: BatchName,
    pub expires_at: Option<Timestamp>,
    pub is_weak: bool,
    pub codes: Vec<Kept>,
    /// Of each code where there is one, as far as the last that has one.
    pub salts: Vec<Option<String>>,
    /// Which slow hashes it takes to try them.
    pub work: Work,
}

/// More codes of one user than any system issues.
const MOST: usize = 1000;

/// Either everybody whose codes can be taken over, or everything that is wrong. `unit` is what a place is
/// counted by.
pub fn judge(
    accounts: Accounts,
    from: Elsewhere,
    unit: &'static str,
    terms: &Terms,
) -> Result<Found, Vec<Refused>> {
    let mut refused: Vec<Refused> = accounts
        .wrong
        .into_iter()
        .map(|(line, error)| Refused { line, error })
        .collect();
    let mut found = Found {
        from,
        ready: Vec::new(),
        inactive: Vec::new(),
        dead: accounts.dead,
    };
    let with_codes = accounts
        .list
        .into_iter()
        .filter(|account| !account.codes.is_empty());
    for account in with_codes {
        let line = account.place;
        let is_active = account.is_active;
        let entry = match entry(&account) {
            Ok(entry) => entry,
            Err(error) => {
                refused.push(Refused { line, error });
                continue;
            }
        };
        if !is_active {
            found.inactive.push(entry.name);
            found.dead += account.codes.len() as u64;
            continue;
        }
        found.add(entry, account, terms, &mut refused);
    }
    if terms.shared == Shared::LeftOut {
        leave_out_shared(found.entries().collect());
    }
    refused.extend(clashes(
        found.ready.iter().map(|holder| &holder.entry),
        unit,
    ));
    refused.sort_by_key(|refused| refused.line);
    match refused.is_empty() {
        true => Ok(found),
        false => Err(refused),
    }
}

impl Found {
    fn add(&mut self, entry: Entry, account: Account, terms: &Terms, refused: &mut Vec<Refused>) {
        let (mut codes, mut salts) = (Vec::with_capacity(account.codes.len()), Vec::new());
        let mut slow = Vec::new();
        let mut least = u32::MAX;
        if account.codes.len() > MOST {
            let why = format!("{} has more than {MOST} codes", entry.name);
            let (line, error) = (account.place, Error::new(Kind::Usage, why));
            return refused.push(Refused { line, error });
        }
        for code in account.codes {
            let read = match kept(self.from, &code) {
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
            let (read, own) = read;
            if codes.contains(&read) {
                self.dead += 1;
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
            true => Some(terms.weak_expire_at),
            false => terms.expires_at,
        };
        self.ready.push(Holder {
            name: batch_name(self.from, entry.name.as_str(), &account.origin),
            entry,
            expires_at: own.into_iter().chain(account.expires_at).min(),
            is_weak,
            codes,
            salts,
            work: Work::of(slow.iter()),
        });
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
