//! An account of another system as it would be here, and its codes as they can be typed.

use zeroize::Zeroizing;

use crate::actions::moving::packed::{Packing, Unpacking};
use crate::actions::users::aside::{Aside, Opened, missing};
use crate::actions::users::roster::{self, Entry, Refused};
use crate::error::{Error, Kind, Result};
use crate::model::id::BatchName;
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::platform::moved::account::Code;
use crate::secret::code::looks_like_a_code;
use crate::secret::moved::{Kept, LONGEST, MovedText, SHORTEST};
use crate::secret::slow::{Slow, Unfit};
use crate::secret::slow_work::Work;

/// An account with codes that was looked at: this is put in the place of what was read.
pub(in crate::actions) struct Looked {
    pub number: u64,
    pub entry: Entry,
    pub name: BatchName,
    pub is_active: bool,
    pub expires_at: Option<Timestamp>,
    pub is_weak: bool,
    /// How many codes work.
    pub codes: u64,
    /// Which slow hashes it takes to try them.
    pub work: Work,
}

impl Looked {
    /// As bytes.
    pub fn pack(&self) -> Zeroizing<Vec<u8>> {
        let mut packing = Packing::new();
        packing
            .entry(&self.entry)
            .text(self.name.as_str())
            .number(u64::from(self.is_active))
            .maybe(self.expires_at, Packing::time)
            .number(u64::from(self.is_weak))
            .number(self.codes)
            .maybe(self.work.text(), |packing, work| {
                packing.text(&work);
            });
        packing.finish()
    }

    /// What [`Looked::pack`] made.
    pub fn unpack((number, packed): Opened) -> Result<Self> {
        let mut parts = Unpacking::of(&packed);
        Ok(Self {
            number,
            entry: parts.entry()?,
            name: BatchName::from_stored(parts.text()?.to_owned()),
            is_active: parts.number()? == 1,
            expires_at: parts.maybe(Unpacking::time)?,
            is_weak: parts.number()? == 1,
            codes: parts.number()?,
            work: Work::read(parts.maybe(Unpacking::text)?.unwrap_or_default()),
        })
    }

    fn entry_at(aside: &Aside, number: u64) -> Result<Entry> {
        let packed = aside.person(number)?.ok_or_else(missing)?;
        Ok(Self::unpack((number, packed))?.entry)
    }

    /// Looks whether somebody before has its name or address.
    pub fn clash(&self, aside: &mut Aside, unit: &str) -> Result<Option<Refused>> {
        roster::clash(aside, (self.number, &self.entry), unit, Self::entry_at)
    }

    /// Looks whether its name is the address of another.
    pub fn name_clash(&self, aside: &Aside, unit: &str) -> Result<Option<Refused>> {
        roster::name_clash(aside, (self.number, &self.entry), unit, Self::entry_at)
    }

    /// Puts it down again without the address.
    pub fn without_address(mut self, aside: &mut Aside) -> Result<()> {
        self.entry.email = None;
        aside.put_person(self.number, &self.pack())
    }
}

/// Codes of one account as they were read.
pub(super) struct Read {
    pub codes: Vec<Kept>,
    /// Of each code where there is one, as far as the last that has one.
    pub salts: Vec<Option<String>>,
    pub slow: Vec<Slow>,
    /// Bits that the weakest has at the most.
    pub bits: u32,
    /// Codes that stand there twice.
    pub twice: u64,
    /// Codes that cannot come, and why.
    pub refused: Vec<Refused>,
}

impl Read {
    /// Reads them.
    pub fn of(from: Elsewhere, codes: Vec<Code>) -> Self {
        let mut read = Self {
            codes: Vec::with_capacity(codes.len()),
            salts: Vec::new(),
            slow: Vec::new(),
            bits: u32::MAX,
            twice: 0,
            refused: Vec::new(),
        };
        codes.into_iter().for_each(|code| read.add(from, code));
        read
    }

    fn add(&mut self, from: Elsewhere, code: Code) {
        let (kept, own) = match kept(from, &code) {
            Ok((kept, bits, own)) => {
                self.bits = self.bits.min(bits);
                (kept, own)
            }
            Err(error) => {
                let line = code.place;
                return self.refused.push(Refused { line, error });
            }
        };
        if self.codes.contains(&kept) {
            self.twice += 1;
            return;
        }
        let salt = own.as_ref().map(Slow::salt_text);
        if let Some(salt) = salt.or(code.salt.map(String::from)) {
            self.salts.resize(self.codes.len(), None);
            self.salts.push(Some(salt));
        }
        self.slow.extend(own);
        self.codes.push(kept);
    }
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
