//! Takes over what django-auth-recovery-codes keeps: codes that work go on working, each once, and
//! what is past can be looked at.

use std::num::NonZero;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::draft::{Brought, Draft};
use crate::actions::moving::django::candidates::{Candidate, Found, keys};
use crate::actions::moving::django::history;
use crate::actions::moving::django::schedules::{self, Kept};
use crate::actions::moving::django::select::{Selected, select};
use crate::actions::moving::django::source::Source;
use crate::actions::moving::django::storing::{Ready, Stored, store};
use crate::actions::moving::django::survey::survey;
use crate::actions::moving::django_key;
use crate::actions::users::roster::Refusals;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::KeyId;
use crate::model::state::{BatchState, Elsewhere};
use crate::model::user::UserName;
use crate::platform::pace::Pace;
use crate::render::words::count;
use crate::secret::django::DjangoKey;
use crate::secret::hash_many::processors;
use crate::store::meta::{self, FIRST_EPOCH};

/// What is to be taken over.
pub struct Request {
    /// The application's key, and the file in which it is kept from now on.
    pub key: (Zeroizing<String>, PathBuf),
    /// Whether codes may be taken over into a store that was restored: what of them was used
    /// since the backup, nobody knows any more.
    pub trusts: bool,
    /// How many threads hash; none for one per processor.
    pub threads: Option<NonZero<usize>>,
}

/// What became of it.
#[derive(Debug)]
pub enum Answer {
    /// These users cannot be taken over, and nothing was changed.
    Refused(Refusals),
    Done(Box<Summary>),
}

/// What was done.
#[derive(Debug, Default)]
pub struct Summary {
    /// Users who were not there before.
    pub added: u64,
    /// Of those, who are disabled.
    pub disabled: u64,
    /// Users whose codes were taken over.
    pub imported: u64,
    /// Codes that work.
    pub codes: u64,
    /// Codes that do not work any more, of which a row was taken over.
    pub dead: u64,
    /// Codes that stay behind, for no batch of their user takes them.
    pub stray: u64,
    /// Batches, also those in which no code works.
    pub batches: u64,
    /// Users of whom nothing came: it came before, or they have codes of this store, or are disabled.
    pub skipped: u64,
    /// Lines of the application's logs.
    pub history: u64,
    pub schedules: Vec<Kept>,
    /// Users whose codes are not taken over yet, and why.
    pub left: u64,
    pub stopped: Option<Error>,
    /// Where the application's key was put, if it was not there before.
    pub kept_key: Option<PathBuf>,
    /// Whether it took the place of another one.
    pub replaced_key: bool,
    /// Somebody who could try whether it is the right key.
    pub example: Option<UserName>,
}

impl Summary {
    fn add(&mut self, stored: Stored) {
        self.added += stored.added;
        self.disabled += stored.disabled;
        self.imported += stored.imported;
        self.codes += stored.codes;
        self.dead += stored.dead;
        self.batches += stored.batches;
        self.skipped += stored.skipped;
    }

    fn added_schedules(&self) -> u64 {
        let added = self.schedules.iter().filter(|kept| kept.why.is_none());
        added.count() as u64
    }
}

/// Takes over what there is, for users who have no codes of this store.
///
/// # Errors
/// [`Kind::WrongKey`] when another key of the application is kept or known already;
/// [`Kind::WrongState`] in a restored store that is not trusted; what the source says. What goes
/// wrong later stands in the summary.
pub fn import_django(
    workspace: &mut Workspace,
    mut found: Found,
    request: &Request,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    let mut summary = Summary::default();
    let survey = survey(workspace, &mut found)?;
    if !survey.refused.is_empty() {
        return Ok(Answer::Refused(survey.refused.sorted()));
    }
    if survey.codes > 0 && !request.trusts {
        require_unrestored(workspace)?;
    }
    (summary.skipped, summary.stray) = (survey.skipped, found.source.stray());
    let id = DjangoKey::from_secret(&request.key.0)?.id();
    let is_needed = survey.ready > 0;
    let settled = django_key::settle(workspace, &request.key, &id, is_needed)?;
    (summary.kept_key, summary.replaced_key) = (settled.kept, settled.is_replaced);
    summary.left = survey.ready;
    let terms = (request, &id);
    let done = take_over(workspace, &found, terms, pace, &mut summary)
        .and_then(|()| take_the_rest(workspace, &found.source, &mut summary));
    let recorded = record(workspace, &summary);
    summary.stopped = done.and(recorded).err();
    Ok(Answer::Done(Box::new(summary)))
}

/// A backup may be from before an earlier import, of which the store then knows nothing.
pub(in crate::actions) fn require_unrestored(workspace: &Workspace) -> Result<()> {
    if meta::get(workspace.store.read())?.epoch == FIRST_EPOCH {
        return Ok(());
    }
    Err(Error::new(
        Kind::WrongState,
        "a backup was restored here, so codes of this import may have been used here already",
    )
    .hint("nothing was changed; give --trust-codes if none of them ever was imported before the backup was restored, or issue new ones with `recovery-codes generate`"))
}

/// Takes the codes over, a few users in one transaction.
fn take_over(
    workspace: &mut Workspace,
    found: &Found,
    (request, key): (&Request, &KeyId),
    pace: &mut Pace<'_>,
    summary: &mut Summary,
) -> Result<()> {
    let threads = request.threads.unwrap_or_else(processors);
    let goal = summary.left;
    pace.begin(goal);
    let mut last = 0;
    loop {
        let some = found.candidates(last, threads.get().max(4))?;
        let Some(candidate) = some.last() else {
            break;
        };
        last = candidate.number;
        if pace.is_signalled() {
            return Err(Error::new(Kind::Interrupted, "interrupted"));
        }
        let people = hashed(workspace, &found.source, &some, threads)?;
        let held = pace.measure();
        let stored = store(workspace, key, &people)?;
        summary.add(stored);
        summary.left -= some.len() as u64;
        if summary.example.is_none() && stored.codes > 0 {
            summary.example = people
                .iter()
                .find(|(_, selected, _)| can_confirm(selected))
                .map(|(candidate, _, _)| candidate.entry.name.clone());
        }
        pace.advance(goal - summary.left);
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    pace.end();
    Ok(())
}

/// Whether `confirm` can show that the key is the right one.
fn can_confirm(selected: &Selected) -> bool {
    let mut active = selected
        .coming
        .iter()
        .filter(|coming| coming.past.state == BatchState::Active);
    !selected.is_disabled
        && active.any(|coming| coming.live() > 0 && coming.past.confirmed_at.is_none())
}

/// Reads once more what comes of these, for it may have changed, and hashes what works.
fn hashed<'a>(
    workspace: &mut Workspace,
    source: &Source,
    some: &'a [Candidate],
    threads: NonZero<usize>,
) -> Result<Vec<Ready<'a>>> {
    let now = workspace.origin.at;
    let pasts = source.pasts(keys(some))?;
    let mut selected = workspace.store.snapshot(|connection| {
        let each = some.iter().zip(&pasts);
        each.map(|(candidate, past)| select(connection, candidate, past, now))
            .collect::<Result<Vec<_>>>()
    })?;
    let mut brought = Vec::new();
    let mut holders = Vec::new();
    for (place, selected) in selected.iter_mut().enumerate() {
        for coming in &mut selected.coming {
            let codes = std::mem::take(&mut coming.hashed.0);
            if !codes.is_empty() {
                holders.push(place);
                brought.push(Brought {
                    name: coming.past.name.clone(),
                    from: Elsewhere::Django,
                    expires_at: coming.past.expires_at,
                    codes,
                });
            }
        }
    }
    let drafts = Draft::hash_many(workspace, brought, threads)?;
    let mut drafts = holders.into_iter().zip(drafts).peekable();
    let people = some.iter().zip(selected).enumerate();
    Ok(people
        .map(|(place, (candidate, selected))| {
            let draft = drafts.next_if(|(holder, _)| *holder == place);
            (candidate, selected, draft.map(|(_, draft)| draft))
        })
        .collect())
}

/// Takes over the logs and the schedules.
fn take_the_rest(workspace: &mut Workspace, source: &Source, summary: &mut Summary) -> Result<()> {
    history::take_over(workspace, source, &mut summary.history)?;
    summary.schedules = schedules::take_over(workspace, source)?;
    Ok(())
}

/// Records the import as a whole, if anything came.
fn record(workspace: &mut Workspace, summary: &Summary) -> Result<()> {
    let schedules = summary.added_schedules();
    if summary.batches + summary.history + schedules == 0 {
        return Ok(());
    }
    let details = format!(
        "from {}: {} of {}, {}, {}, {}, {}",
        Elsewhere::Django.word(),
        count(summary.codes, "code"),
        count(summary.imported, "user"),
        count(summary.dead, "dead code"),
        count(summary.batches, "batch"),
        count(summary.history, "log line"),
        count(schedules, "schedule"),
    );
    workspace.write(|tx| tx.record(Deed::new(Action::CodesImported).details(details)))
}
