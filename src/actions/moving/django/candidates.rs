//! Who has or had codes in the Django application, and can be a user here.

use std::collections::HashSet;

use zeroize::Zeroizing;

use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::django::coming;
use crate::actions::moving::django::source::Source;
use crate::actions::moving::packed::{Packing, Unpacking};
use crate::actions::users::aside::{Aside, Opened, missing};
use crate::actions::users::roster::{self, Entry, Refusals, Refused, Shared, has_taken_email};
use crate::error::{Error, Kind, Result};
use crate::model::django::Person;
use crate::model::state::UserState;
use crate::model::time::Timestamp;
use crate::model::user::{Email, UserName};
use crate::secret::code::looks_like_a_code;

/// The application, and who has or had codes there. Nothing of it is in memory yet.
#[derive(Debug)]
pub struct Found {
    pub(in crate::actions) source: Source,
    aside: Aside,
}

/// Somebody who has or had codes there.
#[derive(Debug)]
pub(in crate::actions) struct Candidate {
    pub number: u64,
    pub entry: Entry,
    /// How the application's rows name them.
    pub key: String,
}

/// Users that are looked at together.
pub(in crate::actions) const LOOKED: usize = 500;

/// Reads who is there, and every row of theirs once; either everybody who has or had codes, or every
/// user who cannot be one here.
///
/// # Errors
/// [`Kind::Usage`] for rows that are not as the application writes them, and what reading the source
/// and putting it aside says.
pub fn read(source: Source, shared: Shared, now: Timestamp) -> Result<Result<Found, Refusals>> {
    let unit = source.unit();
    let begin = || Listed::new(shared, unit);
    let Listed {
        aside,
        mut refused,
        are_names_addresses,
        ..
    } = source.persons(begin, Listed::add)?;
    let mut found = Found { source, aside };
    let mut last = Some(0);
    while let Some(after) = last {
        let some = found.candidates(after, LOOKED)?;
        last = some.last().map(|candidate| candidate.number);
        for past in found.source.pasts(keys(&some))? {
            coming::of(&past, HashSet::new(), now)?;
        }
    }
    if shared == Shared::LeftOut {
        found.leave_out_shared()?;
        found.each(|aside, candidate| {
            refused.extend(candidate.clash(aside, unit)?);
            Ok(())
        })?;
    }
    if are_names_addresses {
        found.each(|aside, candidate| {
            refused.extend(candidate.name_clash(aside, unit)?);
            Ok(())
        })?;
    }
    Ok(match refused.is_empty() {
        true => Ok(found),
        false => Err(refused.sorted()),
    })
}

/// Everybody who was read so far.
struct Listed {
    aside: Aside,
    count: u64,
    shared: Shared,
    unit: &'static str,
    /// Also who cannot stand beside another, unless shared addresses are left out first.
    refused: Refusals,
    /// Whether the name of any could be the address of another.
    are_names_addresses: bool,
}

impl Listed {
    fn new(shared: Shared, unit: &'static str) -> Result<Self> {
        Ok(Self {
            aside: Aside::new()?,
            count: 0,
            shared,
            unit,
            refused: Refusals::default(),
            are_names_addresses: false,
        })
    }

    fn add(&mut self, person: Person) -> Result<()> {
        let entry = match entry(&person) {
            Ok(entry) => entry,
            Err(error) => {
                let line = person.record;
                self.refused.add(line, error);
                return Ok(());
            }
        };
        self.count += 1;
        let candidate = Candidate {
            number: self.count,
            entry,
            key: person.key,
        };
        // What nobody ranked yet comes.
        self.aside
            .put_ranked(candidate.number, &candidate.pack(), COMES)?;
        self.are_names_addresses |= candidate.entry.name.as_str().contains('@');
        if self.shared == Shared::Refused {
            let clash = candidate.clash(&mut self.aside, self.unit)?;
            self.refused.extend(clash);
        }
        Ok(())
    }
}

/// How the application's rows name these.
pub(in crate::actions) fn keys(some: &[Candidate]) -> impl Iterator<Item = &str> + Clone {
    some.iter().map(|candidate| candidate.key.as_str())
}

/// Ranks of those who have or had codes: of whom nothing comes, not all, or all. The lowest are shown first.
pub(in crate::actions) const STAYS: i64 = 0;
pub(in crate::actions) const COMES_IN_PART: i64 = 1;
pub(in crate::actions) const COMES: i64 = 2;

impl Found {
    /// What its records are counted by.
    pub fn unit(&self) -> &'static str {
        self.source.unit()
    }

    /// Of whom something comes, as far as that is known, behind a number, `most` at the most.
    pub(in crate::actions) fn candidates(&self, after: u64, most: usize) -> Result<Vec<Candidate>> {
        let some = self.aside.ranked(COMES_IN_PART, (after, most as u64))?;
        some.into_iter().map(Candidate::unpack).collect()
    }

    /// All, those first of whom nothing comes, behind the first `offset`.
    pub(in crate::actions) fn page(&self, offset: u64, most: u64) -> Result<Vec<Candidate>> {
        let some = self.aside.by_rank(offset, most)?;
        some.into_iter().map(Candidate::unpack).collect()
    }

    /// Notes what of somebody comes.
    pub(in crate::actions) fn rank(&mut self, number: u64, rank: i64) -> Result<()> {
        self.aside.rank(number, rank)
    }

    fn each(&mut self, mut look: impl FnMut(&mut Aside, Candidate) -> Result<()>) -> Result<()> {
        let mut last = 0;
        loop {
            let some = self.candidates(last, LOOKED)?;
            if some.is_empty() {
                return Ok(());
            }
            for candidate in some {
                last = candidate.number;
                look(&mut self.aside, candidate)?;
            }
        }
    }

    /// Takes every address away that stands for more than one of these users.
    fn leave_out_shared(&mut self) -> Result<()> {
        self.each(|aside, candidate| roster::note(aside, candidate.number, &candidate.entry))?;
        self.each(
            |aside, candidate| match roster::is_shared(aside, &candidate.entry)? {
                true => candidate.without_address(aside),
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
                |aside, candidate| match has_taken_email(connection, &candidate.entry)? {
                    true => candidate.without_address(aside),
                    false => Ok(()),
                },
            )
        })
    }
}

impl Candidate {
    fn pack(&self) -> Zeroizing<Vec<u8>> {
        let mut packing = Packing::new();
        packing.entry(&self.entry).text(&self.key);
        packing.finish()
    }

    fn unpack((number, packed): Opened) -> Result<Self> {
        let mut parts = Unpacking::of(&packed);
        let entry = parts.entry()?;
        let key = parts.text()?.to_owned();
        Ok(Self { number, entry, key })
    }

    fn entry_at(aside: &Aside, number: u64) -> Result<Entry> {
        let packed = aside.person(number)?.ok_or_else(missing)?;
        Ok(Self::unpack((number, packed))?.entry)
    }

    fn clash(&self, aside: &mut Aside, unit: &str) -> Result<Option<Refused>> {
        roster::clash(aside, (self.number, &self.entry), unit, Self::entry_at)
    }

    fn name_clash(&self, aside: &Aside, unit: &str) -> Result<Option<Refused>> {
        roster::name_clash(aside, (self.number, &self.entry), unit, Self::entry_at)
    }

    /// Puts it down again without the address.
    fn without_address(mut self, aside: &mut Aside) -> Result<()> {
        self.entry.email = None;
        aside.put_person(self.number, &self.pack())
    }
}

fn entry(person: &Person) -> Result<Entry> {
    if looks_like_a_code(&person.name) || looks_like_a_code(&person.email) {
        return Err(Error::new(Kind::Usage, "a code stands in it"));
    }
    let email = (!person.email.is_empty()).then_some(person.email.as_str());
    Ok(Entry {
        line: person.record,
        name: UserName::parse(&person.name)?,
        email: email.map(Email::parse).transpose()?,
        state: (!person.is_active).then_some(UserState::Disabled),
    })
}
