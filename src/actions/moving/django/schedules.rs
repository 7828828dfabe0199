//! The recurring clean-ups of the Django application, as schedules here.

use std::collections::HashMap;

use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::django::source::Source;
use crate::actions::work::schedules::{self as work, Request};
use crate::error::{Exit, Result};
use crate::model::at::At;
use crate::model::django::CleanUp;
use crate::model::schedule::{ScheduleState, parse_name};
use crate::model::time::Timestamp;
use crate::store::schedules;

/// One of them, and why it does not come, if it does not.
#[derive(Debug)]
pub struct Kept {
    pub name: String,
    pub why: Option<String>,
    /// Whether that is because there is one of that name.
    pub is_here: bool,
}

/// What is said of such a one.
const HERE: &str = "a schedule of that name is here";

/// What would become of each.
pub(in crate::actions) fn look(workspace: &mut Workspace, source: &Source) -> Result<Vec<Kept>> {
    let now = workspace.origin.at;
    let store = workspace.store.read();
    each(source, now, |name, request| {
        if schedules::by_name(store, name)?.is_some() {
            return Ok(Some(HERE.to_owned()));
        }
        Ok(work::first(request, now)
            .err()
            .map(|error| error.to_string()))
    })
}

/// Adds those whose names are free.
pub(in crate::actions) fn take_over(
    workspace: &mut Workspace,
    source: &Source,
) -> Result<Vec<Kept>> {
    let now = workspace.origin.at;
    each(source, now, |name, request| {
        if schedules::by_name(workspace.store.read(), name)?.is_some() {
            return Ok(Some(HERE.to_owned()));
        }
        match work::add(workspace, request) {
            Ok(_) => Ok(None),
            Err(error) if matches!(error.exit(), Exit::Usage | Exit::Refused) => {
                Ok(Some(error.to_string()))
            }
            Err(error) => Err(error),
        }
    })
}

fn each(
    source: &Source,
    now: Timestamp,
    mut put: impl FnMut(&str, &Request) -> Result<Option<String>>,
) -> Result<Vec<Kept>> {
    let (clean_ups, orphans) = source.clean_ups()?;
    let mut given: HashMap<&str, u64> = HashMap::new();
    for clean_up in &clean_ups {
        *given
            .entry(CleanUp::given_name(&clean_up.name))
            .or_default() += 1;
    }
    let mut all = Vec::new();
    for clean_up in &clean_ups {
        // What makes a name unique there is left out where it is unique without.
        let short = CleanUp::given_name(&clean_up.name);
        let name = match given.get(short) {
            Some(1) => short,
            _ => clean_up.name.as_str(),
        };
        let why = match request(name, clean_up, now) {
            Ok(Some(request)) => put(name, &request)?,
            Ok(None) => Some("nobody knows how often it runs".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        all.push(Kept {
            name: name.to_owned(),
            is_here: why.as_deref() == Some(HERE),
            why,
        });
    }
    all.extend(orphans.into_iter().map(|name| Kept {
        name,
        why: Some("it was deleted there, though its queue still ran it".to_owned()),
        is_here: false,
    }));
    Ok(all)
}

fn request(name: &str, clean_up: &CleanUp, now: Timestamp) -> Result<Option<Request>> {
    let name = parse_name(name)?;
    Ok(clean_up.every.clone().map(|every| Request {
        name: Some(name),
        run: Some(clean_up.run),
        every: Some(every),
        start: Some(At::in_utc(clean_up.start)),
        next: clean_up
            .next
            .filter(|next| *next > now && *next >= clean_up.start),
        retention_days: clean_up.retention_days,
        keep_empty: Some(clean_up.keep_empty),
        log: Some(clean_up.log),
        state: Some(match clean_up.is_enabled {
            true => ScheduleState::Enabled,
            false => ScheduleState::Disabled,
        }),
    }))
}
