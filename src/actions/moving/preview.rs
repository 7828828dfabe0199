//! What would come of codes of another system: looked at as a whole, and shown page by page.

use std::collections::BTreeMap;

use crate::actions::desk::workspace::Workspace;
use crate::actions::moving::django::select::was_taken_over;
use crate::actions::moving::judge::Found;
use crate::actions::moving::looked::Looked;
use crate::actions::moving::slow::require_quick;
use crate::actions::users::import_users::look;
use crate::actions::users::roster::Refusals;
use crate::error::{Error, Exit, Result};
use crate::model::page::{Page, PageRequest};
use crate::model::user::UserName;
use crate::platform::pace::Pace;
use crate::secret::slow_work::Work;
use crate::store::Connection;

/// Something, or what cannot be taken over.
pub type OrRefused<T> = Result<T, Refusals>;

/// What was done.
#[derive(Debug, Default)]
pub struct Summary {
    /// Users who were not there before.
    pub added: u64,
    /// Users whose codes were taken over.
    pub imported: u64,
    /// Codes that were taken over.
    pub codes: u64,
    /// Of those users, who have weak codes.
    pub weak: u64,
    /// Of those users, who have codes that are hashed slowly.
    pub slow: u64,
    /// Users with codes that work there, whose codes were taken over before, who have codes of this store
    /// or are not active.
    pub skipped: u64,
    /// Codes that do not work there any more.
    pub dead: u64,
    /// Users whose codes are not taken over yet, and why.
    pub left: u64,
    pub stopped: Option<Error>,
}

/// What would become of one user's codes, and how many of them come.
#[derive(Debug)]
pub struct Fate {
    pub user: UserName,
    pub codes: u64,
    pub is_weak: bool,
    /// Slow hashes that it takes to try them.
    pub slow: u64,
    pub outcome: &'static str,
}

/// What would be done.
#[derive(Debug)]
pub struct Preview {
    /// What would become of users who have codes, those first whose codes do not come.
    pub fates: Page<Fate>,
    /// How many users there are of each outcome.
    pub outcomes: Outcomes,
    pub summary: Summary,
    /// What slow hashes would cost, if there are any.
    pub slow: Option<Error>,
}

/// How many users there are of each outcome.
pub type Outcomes = BTreeMap<&'static str, u64>;

/// What becomes of whoever is not active there.
const INACTIVE: &str = "nothing: not active there";

/// Looks at what was found and changes nothing; shows this page of it.
///
/// # Errors
/// What reading the store says.
pub fn preview(
    workspace: &mut Workspace,
    mut found: Found,
    page: PageRequest,
    pace: &Pace<'_>,
) -> Result<OrRefused<Preview>> {
    let Survey {
        mut summary,
        work,
        outcomes,
    } = match select(workspace, &mut found)? {
        Ok(survey) => survey,
        Err(refused) => return Ok(Err(refused)),
    };
    let fates = workspace.store.snapshot(|connection| {
        let page = found.page(page)?.into_iter();
        let fates = page.map(|looked| fate(connection, looked));
        fates.collect::<Result<Vec<_>>>()
    })?;
    // What would come has not come.
    summary.left = 0;
    Ok(Ok(Preview {
        fates: Page::new(fates, page, outcomes.values().sum()),
        outcomes,
        slow: require_quick(workspace, (summary.slow, &work), pace).err(),
        summary,
    }))
}

fn fate(connection: &Connection, looked: Looked) -> Result<Fate> {
    let outcome = outcome(connection, &looked)?;
    let comes = comes(outcome);
    Ok(Fate {
        codes: if comes { looked.codes } else { 0 },
        is_weak: comes && looked.is_weak,
        slow: if comes { looked.work.count() as u64 } else { 0 },
        user: looked.entry.name,
        outcome,
    })
}

/// What there is to do.
#[derive(Default)]
pub(super) struct Survey {
    /// What comes, as if it had come, and how many users are left.
    pub summary: Summary,
    /// What slow hashes every attempt takes with these.
    pub work: Work,
    outcomes: Outcomes,
}

/// Finds whose codes are taken over; counts the others, and names whom the store refuses.
pub(super) fn select(workspace: &mut Workspace, found: &mut Found) -> Result<OrRefused<Survey>> {
    let mut survey = Survey::default();
    if found.inactive > 0 {
        survey.outcomes.insert(INACTIVE, found.inactive);
    }
    survey.summary.skipped = found.inactive;
    survey.summary.dead = found.dead;
    let mut refused = Refusals::default();
    workspace.store.snapshot(|connection| {
        let mut last = 0;
        loop {
            let some = found.coming(last, LOOKED)?;
            if some.is_empty() {
                return Ok(());
            }
            for looked in some {
                last = looked.number;
                match outcome(connection, &looked) {
                    Ok(outcome) => {
                        *survey.outcomes.entry(outcome).or_default() += 1;
                        match comes(outcome) {
                            true => survey.add(&looked),
                            false => {
                                found.stays(&looked)?;
                                survey.summary.skipped += 1;
                            }
                        }
                    }
                    Err(error) if error.exit() == Exit::Refused => {
                        refused.add(looked.entry.line, error);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    })?;
    Ok(match refused.is_empty() {
        true => Ok(survey),
        false => Err(refused.sorted()),
    })
}

/// Users who are looked at together.
const LOOKED: u64 = 100;

impl Survey {
    fn add(&mut self, looked: &Looked) {
        self.summary.left += 1;
        self.summary.codes += looked.codes;
        self.summary.weak += u64::from(looked.is_weak);
        self.summary.slow += u64::from(looked.work.count() > 0);
        self.work.cover(&looked.work);
    }
}

fn comes(outcome: &str) -> bool {
    !outcome.starts_with("nothing")
}

fn outcome(connection: &Connection, looked: &Looked) -> Result<&'static str> {
    if !looked.is_active {
        return Ok(INACTIVE);
    }
    if was_taken_over(connection, &looked.name)? {
        return Ok("nothing: these codes came before");
    }
    let found = look(connection, &looked.entry, None)?;
    Ok(match (found.gets_codes, found.is_new) {
        (true, true) => "added, codes come",
        (true, false) => "codes come",
        (false, _) => "nothing: disabled, or has codes here",
    })
}
