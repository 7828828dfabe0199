//! Who has or had codes in the Django application, and can be a user here.

use std::collections::HashSet;

use crate::actions::moving::django::coming;
use crate::actions::moving::django::source::Source;
use crate::actions::users::roster::{Entry, Refused, Shared, clashes, leave_out_shared};
use crate::error::{Error, Kind, Result};
use crate::model::django::Person;
use crate::model::state::UserState;
use crate::model::time::Timestamp;
use crate::model::user::{Email, UserName};
use crate::secret::code::looks_like_a_code;

/// The application, and who has or had codes there. Of their codes nothing is in memory yet.
#[derive(Debug)]
pub struct Found {
    pub(in crate::actions) source: Source,
    pub(in crate::actions) candidates: Vec<Candidate>,
}

/// Somebody who has or had codes there.
#[derive(Debug)]
pub(in crate::actions) struct Candidate {
    pub entry: Entry,
    /// How the application's rows name them.
    pub key: String,
}

impl Found {
    /// Who they are.
    pub fn entries(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.candidates
            .iter_mut()
            .map(|candidate| &mut candidate.entry)
    }

    /// What its records are counted by.
    pub fn unit(&self) -> &'static str {
        self.source.unit()
    }
}

/// Users that are looked at together.
pub(in crate::actions) const LOOKED: usize = 500;

/// Reads who is there, and every row of theirs once; either everybody who has or had codes, or every
/// user who cannot be one here.
///
/// # Errors
/// [`Kind::Usage`] for rows that are not as the application writes them, and what reading the source
/// says.
pub fn read(source: Source, shared: Shared, now: Timestamp) -> Result<Result<Found, Vec<Refused>>> {
    let mut candidates = Vec::new();
    let mut refused = Vec::new();
    for person in source.persons()? {
        match entry(&person) {
            Ok(entry) => candidates.push(Candidate {
                entry,
                key: person.key,
            }),
            Err(error) => refused.push(Refused {
                line: person.record,
                error,
            }),
        }
    }
    for some in candidates.chunks(LOOKED) {
        for past in source.pasts(some.iter().map(|candidate| candidate.key.as_str()))? {
            coming::of(&past, HashSet::new(), now)?;
        }
    }
    let mut found = Found { source, candidates };
    if shared == Shared::LeftOut {
        leave_out_shared(found.entries().collect());
    }
    let entries = found.candidates.iter().map(|candidate| &candidate.entry);
    refused.extend(clashes(entries, found.unit()));
    Ok(if refused.is_empty() {
        Ok(found)
    } else {
        Err(refused)
    })
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
