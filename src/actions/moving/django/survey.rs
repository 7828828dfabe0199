//! What would come of what the Django application keeps: looked at as a whole, and shown page by page.

use std::collections::BTreeMap;

use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::django::candidates::{
    COMES, COMES_IN_PART, Candidate, Found, LOOKED, STAYS, keys,
};
use crate::actions::moving::django::history::{self, Logs};
use crate::actions::moving::django::schedules::{self, Kept};
use crate::actions::moving::django::select::{Selected, select};
use crate::actions::users::roster::Refusals;
use crate::error::{Exit, Result};
use crate::model::django::ImportedLog;
use crate::model::page::PageRequest;
use crate::model::user::UserName;

/// What would become of one user's codes.
#[derive(Debug)]
pub struct Fate {
    pub user: UserName,
    pub is_new: bool,
    pub is_disabled: bool,
    /// Codes that work, and those that do not.
    pub codes: u64,
    pub dead: u64,
    pub batches: u64,
    /// Why nothing comes, or not all of it.
    pub why: Option<&'static str>,
}

/// What would become of what the application keeps.
#[derive(Debug)]
pub enum Preview {
    /// These users cannot be taken over.
    Refused(Refusals),
    Fates(Box<Fates>),
}

/// What would become of it.
#[derive(Debug)]
pub struct Fates {
    pub logs: Logs,
    pub schedules: Vec<Kept>,
    /// Codes that stay behind, for no batch of their user takes them.
    pub stray: u64,
    /// Users who have or had codes there, as far as they are shown, and how many there are.
    pub users: Vec<Fate>,
    pub all: u64,
    /// What would come of all of them.
    pub codes: u64,
    pub dead: u64,
    pub batches: u64,
    pub outcomes: Outcomes,
}

/// How many users there are of each outcome.
pub type Outcomes = BTreeMap<String, u64>;

impl Fates {
    /// Logs of which something comes.
    pub fn new_logs(&self) -> impl Iterator<Item = &(ImportedLog, u64)> {
        self.logs.iter().filter(|(_, lines)| *lines > 0)
    }

    /// What is shown before the users.
    pub fn beside(&self) -> u64 {
        (self.schedules.len() + self.new_logs().count()) as u64
    }
}

impl Fate {
    /// What happens, in words.
    pub fn outcome(&self) -> String {
        let comes = match (self.codes, self.batches) {
            (_, 0) => return format!("nothing: {}", self.why.unwrap_or("there is nothing")),
            (0, _) => "the past comes",
            _ => "codes come",
        };
        let who = match (self.is_new, self.is_disabled) {
            (true, true) => "added, disabled, ",
            (true, false) => "added, ",
            (false, _) => "",
        };
        let why = self.why.map(|why| format!("; {why}"));
        format!("{who}{comes}{}", why.unwrap_or_default())
    }

    fn of(candidate: Candidate, selected: &Selected) -> Self {
        Self {
            user: candidate.entry.name,
            is_new: selected.is_new,
            is_disabled: selected.is_disabled,
            codes: selected.live(),
            dead: selected.dead(),
            batches: selected.coming.len() as u64,
            why: selected.why,
        }
    }
}

/// Looks at it and changes nothing; shows this page of it.
///
/// # Errors
/// What reading the store and the source says.
pub fn preview(workspace: &mut Workspace, mut found: Found, page: PageRequest) -> Result<Preview> {
    let survey = survey(workspace, &mut found)?;
    if !survey.refused.is_empty() {
        return Ok(Preview::Refused(survey.refused.sorted()));
    }
    let mut fates = Fates {
        logs: history::new_lines(workspace, &found.source)?,
        schedules: schedules::look(workspace, &found.source)?,
        stray: found.source.stray(),
        users: Vec::new(),
        all: survey.outcomes.values().sum(),
        codes: survey.codes,
        dead: survey.dead,
        batches: survey.batches,
        outcomes: survey.outcomes,
    };
    let before = fates.beside().saturating_sub(page.offset()).min(page.size);
    let offset = page.offset().saturating_sub(fates.beside());
    let shown = found.page(offset, page.size - before)?;
    let now = workspace.origin.at;
    let pasts = found.source.pasts(keys(&shown))?;
    fates.users = workspace.store.snapshot(|connection| {
        let each = shown.into_iter().zip(&pasts);
        each.map(|(candidate, past)| {
            let selected = select(connection, &candidate, past, now)?;
            Ok(Fate::of(candidate, &selected))
        })
        .collect::<Result<_>>()
    })?;
    Ok(Preview::Fates(Box::new(fates)))
}

/// What there is to do.
#[derive(Default)]
pub(in crate::actions) struct Survey {
    /// Users of whom something comes.
    pub ready: u64,
    pub skipped: u64,
    /// Codes that work.
    pub codes: u64,
    dead: u64,
    batches: u64,
    outcomes: Outcomes,
    pub refused: Refusals,
}

impl Survey {
    /// Counts what comes of somebody; says its rank.
    fn add(&mut self, candidate: Candidate, selected: &Selected) -> i64 {
        let fate = Fate::of(candidate, selected);
        *self.outcomes.entry(fate.outcome()).or_default() += 1;
        self.codes += fate.codes;
        self.dead += fate.dead;
        self.batches += fate.batches;
        if fate.batches == 0 {
            self.skipped += 1;
            return STAYS;
        }
        self.ready += 1;
        match fate.why {
            Some(_) => COMES_IN_PART,
            None => COMES,
        }
    }
}

/// Looks at everything once, a few users at a time.
pub(in crate::actions) fn survey(workspace: &mut Workspace, found: &mut Found) -> Result<Survey> {
    let now = workspace.origin.at;
    let mut survey = Survey::default();
    let mut last = 0;
    loop {
        let some = found.candidates(last, LOOKED)?;
        let Some(candidate) = some.last() else {
            return Ok(survey);
        };
        last = candidate.number;
        let pasts = found.source.pasts(keys(&some))?;
        workspace.store.snapshot(|connection| {
            for (candidate, past) in some.into_iter().zip(pasts) {
                let (number, line) = (candidate.number, candidate.entry.line);
                match select(connection, &candidate, &past, now) {
                    Ok(selected) => found.rank(number, survey.add(candidate, &selected))?,
                    Err(error) if error.exit() == Exit::Refused => {
                        survey.refused.add(line, error);
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })?;
    }
}
