//! Adds many users from a list, in chunks that give way to others, and issues codes to those
//! who have none.

use std::collections::HashSet;

use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::generate::Whom;
use crate::actions::issuing::issue_many::{Terms, issue_many, require_somewhere};
use crate::actions::mail::deliver::Post;
use crate::actions::mail::enqueue;
use crate::actions::mail::send_many;
use crate::actions::users::add_user::{add, is_as_wanted, require_free_email, require_free_name};
use crate::actions::users::roster::{ABOUT_SHARED, Entry, Refusals};
use crate::actions::users::switch_user::switch;
use crate::error::{Error, Exit, Kind, Result};
use crate::model::state::UserState;
use crate::model::user::UserName;
use crate::platform::pace::Pace;
use crate::store::users;
use crate::store::{Connection, batches};

/// Users in one transaction.
const CHUNK: usize = 100;

/// What is to be done.
#[derive(Debug)]
pub struct Request<'a> {
    pub entries: &'a [Entry],
    /// Users who are not on the list, and are to be disabled.
    pub missing: &'a [UserName],
    /// What everybody without codes gets, if anything.
    pub terms: Option<&'a Terms>,
}

/// What became of it.
#[derive(Debug)]
pub enum Answer {
    /// These cannot be imported, and nothing was changed.
    Refused(Refusals),
    Done(Summary),
}

/// What was done.
#[derive(Debug, Default)]
pub struct Summary {
    pub added: u64,
    /// Users who were there already, as they stand in the list.
    pub existing: u64,
    /// Users whom the list has disabled.
    pub disabled: u64,
    /// Users who stay disabled although the list says that they may log in.
    pub kept_disabled: u64,
    /// Users who need no codes, because they have some or are disabled.
    pub skipped: u64,
    /// Users who are not added yet, or have no codes yet.
    pub left: u64,
    /// What was issued, and why it ended before everybody's turn had come.
    pub issued: send_many::Summary,
}

/// Imports the users of a list. Who is there already is left as they are, so it can be repeated,
/// also after it was interrupted.
///
/// # Errors
/// As [`require_somewhere`], and what reading the store says; then nothing has happened. What
/// goes wrong later stands in the summary.
pub fn import_users(
    workspace: &mut Workspace,
    post: &mut Post<'_>,
    request: &Request<'_>,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    let plan = workspace
        .store
        .snapshot(|connection| plan(connection, request))?;
    if !plan.refused.is_empty() {
        return Ok(Answer::Refused(plan.refused.sorted()));
    }
    if let Some(terms) = request.terms {
        require_somewhere(workspace, terms)?;
    }
    let mut summary = Summary {
        existing: (request.entries.len() - plan.new.len()) as u64,
        skipped: match request.terms {
            Some(_) => (request.entries.len() - plan.without.len()) as u64,
            None => 0,
        },
        ..Summary::default()
    };
    summary.kept_disabled = plan.kept_disabled;
    let begun = add_all(workspace, &plan.new, pace, &mut summary)
        .and_then(|()| disable_all(workspace, &plan.to_disable, pace, &mut summary));
    if let Err(error) = begun {
        summary.left = plan.new.len() as u64 - summary.added;
        summary.issued.stopped = Some(error);
        return Ok(Answer::Done(summary));
    }
    if let Some(terms) = request.terms {
        let whom = (Whom::Without, plan.without.as_slice());
        summary.issued = issue_many(workspace, post, terms, whom, pace)?;
        summary.skipped += summary.issued.passed;
        let served = summary.issued.done + summary.issued.passed;
        summary.left = (plan.without.len() as u64).saturating_sub(served);
    }
    Ok(Answer::Done(summary))
}

/// What there is to do.
#[derive(Default)]
struct Plan<'a> {
    new: Vec<&'a Entry>,
    /// Who is there and active, and is not to be.
    to_disable: Vec<UserName>,
    kept_disabled: u64,
    /// Who gets codes.
    without: Vec<UserName>,
    refused: Refusals,
}

fn plan<'a>(connection: &Connection, request: &Request<'a>) -> Result<Plan<'a>> {
    let mut plan = Plan::default();
    for entry in request.entries {
        match look(connection, entry, request.terms) {
            Ok(found) => {
                if found.is_new {
                    plan.new.push(entry);
                }
                if found.is_to_be_disabled {
                    plan.to_disable.push(entry.name.clone());
                }
                plan.kept_disabled += u64::from(found.stays_disabled);
                if found.gets_codes {
                    plan.without.push(entry.name.clone());
                }
            }
            Err(error) if error.exit() == Exit::Refused => plan.refused.add(entry.line, error),
            Err(error) => return Err(error),
        }
    }
    plan.to_disable.extend(request.missing.iter().cloned());
    Ok(plan)
}

/// Active users who are not on a list.
///
/// # Errors
/// What reading the store says.
pub fn missing(workspace: &Workspace, entries: &[Entry]) -> Result<Vec<UserName>> {
    let listed: HashSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    let mut active = users::active(workspace.store.read())?;
    active.retain(|name| !listed.contains(name.as_str()));
    Ok(active)
}

/// A user, and what would become of them.
pub type Fate = (UserName, &'static str);

/// What would become of each user, in the order of the list and then of those who are not on it.
///
/// # Errors
/// What reading the store says.
pub fn preview(
    workspace: &mut Workspace,
    request: &Request<'_>,
) -> Result<Result<Vec<Fate>, Refusals>> {
    workspace.store.snapshot(|connection| {
        let plan = plan(connection, request)?;
        if !plan.refused.is_empty() {
            return Ok(Err(plan.refused.sorted()));
        }
        let new: HashSet<&str> = plan.new.iter().map(|entry| entry.name.as_str()).collect();
        let off: HashSet<&str> = plan.to_disable.iter().map(UserName::as_str).collect();
        let given: HashSet<&str> = match request.terms {
            Some(_) => plan.without.iter().map(UserName::as_str).collect(),
            None => HashSet::new(),
        };
        let action = |name: &UserName, state: Option<UserState>| {
            let name = name.as_str();
            match (new.contains(name), given.contains(name)) {
                (true, _) if state == Some(UserState::Disabled) => "added, disabled",
                (true, true) => "added, gets codes",
                (true, false) => "added",
                (false, true) => "gets codes",
                (false, false) if off.contains(name) => "disabled",
                (false, false) => "nothing",
            }
        };
        let listed = request
            .entries
            .iter()
            .map(|entry| (&entry.name, entry.state));
        let missing = request.missing.iter().map(|name| (name, None));
        let all = listed.chain(missing);
        Ok(Ok(all
            .map(|(name, state)| (name.clone(), action(name, state)))
            .collect()))
    })
}

pub(in crate::actions) struct Found {
    pub is_new: bool,
    is_to_be_disabled: bool,
    stays_disabled: bool,
    pub gets_codes: bool,
}

/// What is to be done for one entry.
pub(in crate::actions) fn look(
    connection: &Connection,
    entry: &Entry,
    terms: Option<&Terms>,
) -> Result<Found> {
    let user = users::by_name(connection, entry.name.as_str())?;
    let is_off = entry.state == Some(UserState::Disabled);
    let gets_codes = match &user {
        Some(user) => {
            is_as_wanted(user, entry.email.as_ref())?;
            user.state == UserState::Active && !is_off && !batches::has_open(connection, user.id)?
        }
        None => {
            require_free_name(connection, &entry.name, None)?;
            if let Some(email) = &entry.email {
                require_free_email(connection, email, None).map_err(|error| about(entry, error))?;
            }
            !is_off
        }
    };
    let gets_mail = gets_codes && terms.is_some_and(|terms| terms.email);
    let own = user.as_ref().and_then(|user| user.email.as_ref());
    if gets_mail && own.or(entry.email.as_ref()).is_none() {
        return Err(enqueue::no_address(entry.name.as_str()));
    }
    let state = user.as_ref().map(|user| user.state);
    Ok(Found {
        is_new: user.is_none(),
        is_to_be_disabled: is_off && state == Some(UserState::Active),
        stays_disabled: entry.state == Some(UserState::Active)
            && state == Some(UserState::Disabled),
        gets_codes,
    })
}

/// Names both users of an address, and the option that decides.
fn about(entry: &Entry, error: Error) -> Error {
    if error.kind() != Kind::EmailTaken {
        return error;
    }
    let message = format!("{} has an address of another user: {error}", entry.name);
    Error::new(Kind::EmailTaken, message).hint(ABOUT_SHARED)
}

/// Adds users chunk by chunk; those in chunks before an error stay added.
fn add_all(
    workspace: &mut Workspace,
    entries: &[&Entry],
    pace: &mut Pace<'_>,
    summary: &mut Summary,
) -> Result<()> {
    pace.begin(entries.len() as u64);
    for chunk in entries.chunks(CHUNK) {
        if pace.is_signalled() {
            return Err(Error::new(Kind::Interrupted, "interrupted"));
        }
        let held = pace.measure();
        let added = workspace.write(|tx| {
            let mut added = 0;
            for entry in chunk {
                // Another program may have been first.
                match users::by_name(tx, entry.name.as_str())? {
                    Some(user) => is_as_wanted(&user, entry.email.as_ref())?,
                    None => {
                        let user = add(tx, &entry.name, entry.email.as_ref(), None)?;
                        if entry.state == Some(UserState::Disabled) {
                            switch(tx, &user, UserState::Disabled)?;
                        }
                        added += 1;
                    }
                }
            }
            Ok(added)
        })?;
        summary.added += added;
        summary.existing += chunk.len() as u64 - added;
        pace.advance(summary.added);
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    pace.end();
    Ok(())
}

/// Disables users chunk by chunk, who are not disabled already.
fn disable_all(
    workspace: &mut Workspace,
    names: &[UserName],
    pace: &mut Pace<'_>,
    summary: &mut Summary,
) -> Result<()> {
    for chunk in names.chunks(CHUNK) {
        if pace.is_signalled() {
            return Err(Error::new(Kind::Interrupted, "interrupted"));
        }
        summary.disabled += workspace.write(|tx| {
            let mut disabled = 0;
            for name in chunk {
                let user = users::by_name(tx, name.as_str())?;
                if let Some(user) = user.filter(|user| user.state == UserState::Active) {
                    switch(tx, &user, UserState::Disabled)?;
                    disabled += 1;
                }
            }
            Ok(disabled)
        })?;
    }
    Ok(())
}
