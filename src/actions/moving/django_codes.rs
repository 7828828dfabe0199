//! Whose codes in a dump of the Django application still work.

use std::collections::{HashMap, HashSet};

use crate::actions::users::roster::{Entry, Refused, Shared, clashes, leave_out_shared};
use crate::error::{Error, Kind, Result};
use crate::model::id::BatchName;
use crate::model::time::{Timestamp, after_seconds};
use crate::model::user::{Email, UserName};
use crate::platform::django_dump::{self, Dump, User};
use crate::secret::code::{Code, looks_like_a_code};
use crate::secret::django::from_look_up_hash;

/// What a dump holds.
pub struct Found {
    pub(in crate::actions) ready: Vec<(Entry, Batch)>,
    /// Users with codes who are not active there.
    pub(in crate::actions) skipped: u64,
    /// Codes that do not work there any more.
    pub(in crate::actions) dead: u64,
}

impl Found {
    /// Whose codes work.
    pub fn entries(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.ready.iter_mut().map(|(entry, _)| entry)
    }
}

/// The codes of one user that work.
pub(in crate::actions) struct Batch {
    pub name: BatchName,
    pub expires_at: Option<Timestamp>,
    pub codes: Vec<Code>,
}

/// Reads a dump of the application; either everybody whose codes work there, or every user who
/// cannot be one here.
///
/// # Errors
/// [`Kind::Usage`] when it is no dump.
pub fn read(dump: &[u8], shared: Shared, now: Timestamp) -> Result<Result<Found, Vec<Refused>>> {
    let (holders, dead) = holders(django_dump::read(dump)?, now)?;
    let mut found = Found {
        ready: Vec::new(),
        skipped: 0,
        dead,
    };
    let mut refused = Vec::new();
    for (user, batch) in holders {
        if !user.is_active {
            found.skipped += 1;
            continue;
        }
        match entry(&user) {
            Ok(entry) => found.ready.push((entry, batch)),
            Err(error) => refused.push(Refused {
                line: user.record,
                error,
            }),
        }
    }
    if shared == Shared::LeftOut {
        leave_out_shared(found.entries().collect());
    }
    refused.extend(clashes(
        found.ready.iter().map(|(entry, _)| entry),
        "record",
    ));
    Ok(if refused.is_empty() {
        Ok(found)
    } else {
        Err(refused)
    })
}

fn entry(user: &User) -> Result<Entry> {
    if looks_like_a_code(&user.name) || looks_like_a_code(&user.email) {
        return Err(Error::new(Kind::Usage, "a code stands in it"));
    }
    let email = (!user.email.is_empty()).then_some(user.email.as_str());
    Ok(Entry {
        line: user.record,
        name: UserName::parse(&user.name)?,
        email: email.map(Email::parse).transpose()?,
        state: None,
    })
}

/// Who has codes that work, each with the newest batch; and how many codes do not.
fn holders(dump: Dump, now: Timestamp) -> Result<(Vec<(User, Batch)>, u64)> {
    let mut open = HashMap::new();
    for batch in dump.batches.iter().filter(|batch| batch.is_active) {
        let expires_at = batch.expires_on.as_deref().map(end_of).transpose()?;
        if expires_at.is_none_or(|at| at > now) {
            open.insert(batch.id.as_str(), (batch, expires_at));
        }
    }
    let mut newest: HashMap<&str, &str> = HashMap::new();
    let mut of_batch: HashMap<(&str, &str), Vec<Code>> = HashMap::new();
    for code in dump.codes.iter().filter(|code| code.is_live) {
        let Some((batch, _)) = open.get(code.batch.as_str()) else {
            continue;
        };
        let read = from_look_up_hash(&code.look_up_hash)
            .ok_or_else(|| malformed(format!("record {} holds no look_up_hash", code.record)))?;
        let place = newest.entry(&code.user).or_insert(&code.batch);
        if let Some((known, _)) = open.get(*place)
            && known.created_at < batch.created_at
        {
            *place = &code.batch;
        }
        of_batch
            .entry((&code.user, &code.batch))
            .or_default()
            .push(read);
    }
    let mut taken = 0;
    let mut found = Vec::new();
    for (position, user) in dump.users.iter().enumerate() {
        for key in &user.keys {
            let Some(id) = newest.remove(key.as_str()) else {
                continue;
            };
            let mut codes = of_batch.remove(&(key.as_str(), id)).unwrap_or_default();
            let mut hints = HashSet::new();
            codes.retain(|code| hints.insert(code.hint().to_owned()));
            taken += codes.len() as u64;
            let expires_at = open.get(id).and_then(|(_, expires_at)| *expires_at);
            let batch = Batch {
                name: name_of(id)?,
                expires_at,
                codes,
            };
            found.push((position, batch));
        }
    }
    if let Some(user) = newest.keys().min() {
        return Err(malformed(format!("the dump does not hold the user {user}")));
    }
    let dead = dump.codes.len() as u64 - taken;
    let mut users: Vec<_> = dump.users.into_iter().map(Some).collect();
    let holders = found
        .into_iter()
        .filter_map(|(position, batch)| Some((users[position].take()?, batch)))
        .collect();
    Ok((holders, dead))
}

/// The application's expiry is a day; its codes work until that is over.
fn end_of(day: &str) -> Result<Timestamp> {
    let begin: Option<Timestamp> = format!("{day}T00:00:00Z").parse().ok();
    begin
        .map(|at| after_seconds(at, 86_400))
        .ok_or_else(|| malformed("an expiry_date of the dump is no date"))
}

/// The name of a batch here comes from its id there: what was taken over once is recognised, so
/// that codes that were used since do not come back with the same dump.
fn name_of(id: &str) -> Result<BatchName> {
    let digits: String = id.chars().filter(|c| *c != '-').collect();
    let is_uuid = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = digits.get(..16).filter(|_| is_uuid);
    number
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .map(|number| BatchName::from_bytes(number.to_be_bytes()))
        .ok_or_else(|| malformed("a batch of the dump has no UUID"))
}

fn malformed(message: impl Into<String>) -> Error {
    Error::new(Kind::Usage, message).hint(
        "nothing was changed; dump users and codes together, with `manage.py dumpdata auth.user django_auth_recovery_codes`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_named_by_a_uuid_only() {
        let id = "0a0b0c0d-0b1c-4d2e-8f3a-000000000000";
        assert_eq!(name_of(id).unwrap().as_str(), "0A0B0C0D0B1C4D2E");
        assert!(name_of(&id.replace('-', "")).is_ok());
        for wrong in [
            &id.replace("0a", "+a"),
            &id[1..],
            &id[..19],
            &id.replace("8f", "8g"),
        ] {
            assert!(name_of(wrong).is_err(), "{wrong}");
        }
    }
}
