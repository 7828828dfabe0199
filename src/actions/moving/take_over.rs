//! Takes over codes that another system issued: they go on working, each once.

use std::num::NonZero;

use crate::actions::desk::key_standing;
use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::draft::{Brought, Draft};
use crate::actions::issuing::issue::insert_codes;
use crate::actions::moving::django::select::was_taken_over;
use crate::actions::moving::import_django::require_unrestored;
use crate::actions::moving::judge::{Found, Holder};
use crate::actions::moving::preview::{Summary, Survey, select};
use crate::actions::moving::slow::{require_bounded, require_quick};
use crate::actions::users::add_user::{add, is_as_wanted};
use crate::actions::users::roster::Refusals;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::audit::{Action, Deed};
use crate::model::state::{BatchState, Elsewhere, UserState};
use crate::platform::pace::Pace;
use crate::render::words::count;
use crate::secret::code::Code;
use crate::secret::hash_many::processors;
use crate::store::batches::{self, NewBatch};
use crate::store::{imported, users};

/// How it is to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request {
    /// Whether weak codes are taken over.
    pub accepts_weak: bool,
    /// Whether codes are taken over for which every attempt costs slow hashes.
    pub accepts_slow: bool,
    /// Whether codes may be taken over into a store that was restored: what of them was used since the
    /// backup, nobody knows any more.
    pub trusts: bool,
    /// How many threads hash; none for one per processor.
    pub threads: Option<NonZero<usize>>,
}

/// What became of it.
#[derive(Debug)]
pub enum Answer {
    /// These cannot be taken over, and nothing was changed.
    Refused(Refusals),
    Done(Summary),
}

/// Takes over all codes that work in the other system, for users who have no codes here.
///
/// # Errors
/// [`Kind::WrongState`] in a restored store that is not trusted, and for weak codes that nobody accepted.
/// What goes wrong later stands in the summary.
pub fn take_over(
    workspace: &mut Workspace,
    mut found: Found,
    request: Request,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    let Survey {
        summary: coming,
        work,
        ..
    } = match select(workspace, &mut found)? {
        Ok(survey) => survey,
        Err(refused) => return Ok(Answer::Refused(refused)),
    };
    let slow = (coming.slow, &work);
    if !request.accepts_slow {
        require_quick(workspace, slow, pace)?;
    }
    require_bounded(workspace, slow)?;
    if !request.accepts_weak {
        require_strong(coming.weak)?;
    }
    if coming.left > 0 && !request.trusts {
        require_unrestored(workspace)?;
    }
    let mut summary = Summary {
        skipped: coming.skipped,
        dead: coming.dead,
        left: coming.left,
        ..Summary::default()
    };
    let run = run(workspace, &found, request, pace, &mut summary);
    let run = run.and_then(|()| record(workspace, (found.from, request), &summary));
    summary.stopped = run.err();
    Ok(Answer::Done(summary))
}

/// One entry for the whole, beside that of each batch.
fn record(
    workspace: &mut Workspace,
    (from, request): (Elsewhere, Request),
    summary: &Summary,
) -> Result<()> {
    if summary.imported == 0 {
        return Ok(());
    }
    let mut details = format!(
        "in all {} of {}, from {}",
        count(summary.codes, "code"),
        count(summary.imported, "user"),
        from.word()
    );
    for (is_so, said) in [
        (summary.weak > 0, ", weak codes accepted"),
        (summary.slow > 0, ", slow hashes accepted"),
        (request.trusts, ", though a backup may have been restored"),
    ] {
        details.push_str(if is_so { said } else { "" });
    }
    workspace.write(|tx| tx.record(Deed::new(Action::BatchImported).details(details)))
}

fn require_strong(weak: u64) -> Result<()> {
    if weak == 0 {
        return Ok(());
    }
    Err(Error::new(
        Kind::WrongState,
        format!("the codes of {weak} of these users can be guessed with fewer than 64 bits"),
    )
    .hint("nothing was changed; give --accept-weak to take them over: then each of these users can be tried 100 times in all, and the codes expire in 90 days or what --expires-in says; or issue new codes with `recovery-codes user import --generate`"))
}

/// Takes the codes over, a few users in one transaction.
fn run(
    workspace: &mut Workspace,
    found: &Found,
    request: Request,
    pace: &mut Pace<'_>,
    summary: &mut Summary,
) -> Result<()> {
    let (from, threads) = (found.from, request.threads.unwrap_or_else(processors));
    let goal = summary.left;
    pace.begin(goal);
    let mut last = 0;
    loop {
        let people = found.holders(last, threads.get().max(4) as u64)?;
        let Some(holder) = people.last() else {
            break;
        };
        last = holder.about.number;
        if pace.is_signalled() {
            return Err(Error::new(Kind::Interrupted, "interrupted"));
        }
        let brought = people.iter().map(|holder| Brought {
            name: holder.about.name.clone(),
            from,
            expires_at: holder.about.expires_at,
            codes: codes(workspace, from, holder),
        });
        let drafts = Draft::hash_many(workspace, brought.collect(), threads)?;
        let held = pace.measure();
        let done = store(workspace, from, &people, &drafts)?;
        summary.added += done.added;
        summary.imported += done.imported;
        summary.codes += done.codes;
        summary.weak += done.weak;
        summary.slow += done.slow;
        summary.skipped += done.skipped;
        summary.left -= people.len() as u64;
        pace.advance(goal - summary.left);
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    pace.end();
    Ok(())
}

fn codes(workspace: &Workspace, from: Elsewhere, holder: &Holder) -> Vec<Code> {
    let key = workspace.ring.current();
    let code = |kept| Code::of_kept(kept, key, from, &holder.about.name);
    holder.codes.iter().map(code).collect()
}

/// One transaction.
fn store(
    workspace: &mut Workspace,
    from: Elsewhere,
    people: &[Holder],
    drafts: &[Draft],
) -> Result<Summary> {
    workspace.write(|tx| {
        key_standing::require_unretired(tx, tx.ring.current().id())?;
        let mut done = Summary::default();
        for (holder, draft) in people.iter().zip(drafts) {
            let about = &holder.about;
            let (entry, name) = (&about.entry, &about.name);
            let user = match users::by_name(tx, entry.name.as_str())? {
                Some(user) => {
                    // Another program may have been first.
                    if user.state == UserState::Disabled
                        || batches::has_open(tx, user.id)?
                        || was_taken_over(tx, name)?
                    {
                        done.skipped += 1;
                        continue;
                    }
                    is_as_wanted(&user, entry.email.as_ref())?;
                    tx.touch(&user)?;
                    user.id
                }
                None => {
                    done.added += 1;
                    add(tx, &entry.name, entry.email.as_ref(), None)?.id
                }
            };
            let issued = draft.codes.len() as u64;
            let batch = batches::insert(
                tx,
                &NewBatch {
                    name,
                    user_id: user,
                    state: BatchState::Active,
                    alphabet: Alphabet::Full,
                    created_at: tx.origin.at,
                    created_by: tx.origin.actor.as_str(),
                    expires_at: about.expires_at,
                    issued,
                    imported_from: Some(from),
                    is_shown: false,
                    is_temporary: false,
                    is_weak: about.is_weak,
                    slow: about.work.text(),
                },
            )?;
            imported::insert(tx, name, 0)?;
            insert_codes(tx, &batch, (&draft.codes, &draft.hashes), &holder.salts)?;
            let weak = if about.is_weak { ", weak" } else { "" };
            let deed = Deed::new(Action::BatchImported)
                .user(user, entry.name.as_str())
                .batch(name)
                .details(format!("{issued} codes{weak}, from {}", from.word()));
            tx.record(deed)?;
            done.imported += 1;
            done.codes += issued;
            done.weak += u64::from(about.is_weak);
            done.slow += u64::from(about.work.count() > 0);
        }
        Ok(done)
    })
}
