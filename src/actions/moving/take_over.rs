//! Takes over codes that another system issued: they go on working, each once.

use std::num::NonZero;

use crate::actions::desk::key_standing;
use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::draft::{Brought, Draft};
use crate::actions::issuing::issue::insert_codes;
use crate::actions::moving::django::select::was_taken_over;
use crate::actions::moving::import_django::require_unrestored;
use crate::actions::moving::judge::{Found, Holder};
use crate::actions::moving::slow::{require_bounded, require_quick, slow};
use crate::actions::users::add_user::{add, is_as_wanted};
use crate::actions::users::import_users::look;
use crate::actions::users::roster::Refused;
use crate::error::{Error, Exit, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::audit::{Action, Deed};
use crate::model::state::{BatchState, Elsewhere, UserState};
use crate::model::user::UserName;
use crate::platform::pace::Pace;
use crate::render::words::count;
use crate::secret::code::Code;
use crate::secret::hash_many::processors;
use crate::store::batches::{self, NewBatch};
use crate::store::{Connection, imported, users};

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
    Refused(Vec<Refused>),
    Done(Summary),
}

/// Something, or what cannot be taken over.
pub type OrRefused<T> = Result<T, Vec<Refused>>;

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
    /// What would become of each user who has codes.
    pub fates: Vec<Fate>,
    pub summary: Summary,
    /// What slow hashes would cost, if there are any.
    pub slow: Option<Error>,
}

/// Looks at what was found and changes nothing.
///
/// # Errors
/// What reading the store says.
pub fn preview(
    workspace: &mut Workspace,
    found: Found,
    pace: &Pace<'_>,
) -> Result<OrRefused<Preview>> {
    let mut fates = Vec::new();
    let inactive = found.inactive.iter().map(|user| Fate {
        user: user.clone(),
        codes: 0,
        is_weak: false,
        slow: 0,
        outcome: "nothing: not active there",
    });
    fates.extend(inactive);
    let selected = select(workspace, found, |fate| fates.push(fate))?;
    let (ready, mut summary) = match selected {
        Ok(selected) => selected,
        Err(refused) => return Ok(Err(refused)),
    };
    summary.codes = ready.iter().map(|holder| holder.codes.len() as u64).sum();
    summary.weak = ready.iter().filter(|holder| holder.is_weak).count() as u64;
    summary.slow = slow(&ready);
    Ok(Ok(Preview {
        fates,
        summary,
        slow: require_quick(workspace, &ready, pace).err(),
    }))
}

/// Takes over all codes that work in the other system, for users who have no codes here.
///
/// # Errors
/// [`Kind::WrongState`] in a restored store that is not trusted, and for weak codes that nobody accepted.
/// What goes wrong later stands in the summary.
pub fn take_over(
    workspace: &mut Workspace,
    found: Found,
    request: Request,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    let from = found.from;
    let (ready, mut summary) = match select(workspace, found, |_| {})? {
        Ok(selected) => selected,
        Err(refused) => return Ok(Answer::Refused(refused)),
    };
    if !request.accepts_slow {
        require_quick(workspace, &ready, pace)?;
    }
    require_bounded(workspace, &ready)?;
    if !request.accepts_weak {
        require_strong(&ready)?;
    }
    if !ready.is_empty() && !request.trusts {
        require_unrestored(workspace)?;
    }
    summary.left = ready.len() as u64;
    let terms = (from, request);
    let run = run(workspace, terms, ready, pace, &mut summary);
    let run = run.and_then(|()| record(workspace, terms, &summary));
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

fn require_strong(ready: &[Holder]) -> Result<()> {
    let weak = ready.iter().filter(|holder| holder.is_weak).count();
    if weak == 0 {
        return Ok(());
    }
    Err(Error::new(
        Kind::WrongState,
        format!("the codes of {weak} of these users can be guessed with fewer than 64 bits"),
    )
    .hint("nothing was changed; give --accept-weak to take them over: then each of these users can be tried 100 times in all, and the codes expire in 90 days or what --expires-in says; or issue new codes with `recovery-codes user import --generate`"))
}

/// Those whose codes are taken over; counts the others, and names whom the store refuses.
fn select(
    workspace: &mut Workspace,
    found: Found,
    mut tell: impl FnMut(Fate),
) -> Result<OrRefused<(Vec<Holder>, Summary)>> {
    let mut summary = Summary {
        skipped: found.inactive.len() as u64,
        dead: found.dead,
        ..Summary::default()
    };
    let (mut ready, mut refused) = (found.ready, Vec::new());
    workspace.store.snapshot(|connection| {
        let mut failed = None;
        ready.retain(|holder| {
            let outcome = match outcome(connection, holder) {
                Ok(outcome) => outcome,
                Err(error) if error.exit() == Exit::Refused => {
                    let line = holder.entry.line;
                    refused.push(Refused { line, error });
                    return false;
                }
                Err(error) => {
                    failed.get_or_insert(error);
                    return false;
                }
            };
            let comes = !outcome.starts_with("nothing");
            tell(Fate {
                user: holder.entry.name.clone(),
                codes: if comes { holder.codes.len() as u64 } else { 0 },
                is_weak: comes && holder.is_weak,
                slow: if comes { holder.work.count() as u64 } else { 0 },
                outcome,
            });
            summary.skipped += u64::from(!comes);
            comes
        });
        failed.map_or(Ok(()), Err)
    })?;
    Ok(match refused.is_empty() {
        true => Ok((ready, summary)),
        false => Err(refused),
    })
}

fn outcome(connection: &Connection, holder: &Holder) -> Result<&'static str> {
    if was_taken_over(connection, &holder.name)? {
        return Ok("nothing: these codes came before");
    }
    let found = look(connection, &holder.entry, None)?;
    Ok(match (found.gets_codes, found.is_new) {
        (true, true) => "added, codes come",
        (true, false) => "codes come",
        (false, _) => "nothing: disabled, or has codes here",
    })
}

/// Takes the codes over, a few users in one transaction.
fn run(
    workspace: &mut Workspace,
    (from, request): (Elsewhere, Request),
    ready: Vec<Holder>,
    pace: &mut Pace<'_>,
    summary: &mut Summary,
) -> Result<()> {
    let threads = request.threads.unwrap_or_else(processors);
    let goal = summary.left;
    pace.begin(goal);
    let mut ready = ready.into_iter().peekable();
    while ready.peek().is_some() {
        if pace.is_signalled() {
            return Err(Error::new(Kind::Interrupted, "interrupted"));
        }
        let people: Vec<Holder> = ready.by_ref().take(threads.get().max(4)).collect();
        let brought = people.iter().map(|holder| Brought {
            name: holder.name.clone(),
            from,
            expires_at: holder.expires_at,
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
    let code = |kept| Code::of_kept(kept, key, from, &holder.name);
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
            let (entry, name) = (&holder.entry, &holder.name);
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
                    expires_at: holder.expires_at,
                    issued,
                    imported_from: Some(from),
                    is_shown: false,
                    is_temporary: false,
                    is_weak: holder.is_weak,
                    slow: holder.work.text(),
                },
            )?;
            imported::insert(tx, name, 0)?;
            insert_codes(tx, &batch, (&draft.codes, &draft.hashes), &holder.salts)?;
            let weak = if holder.is_weak { ", weak" } else { "" };
            let deed = Deed::new(Action::BatchImported)
                .user(user, entry.name.as_str())
                .batch(name)
                .details(format!("{issued} codes{weak}, from {}", from.word()));
            tx.record(deed)?;
            done.imported += 1;
            done.codes += issued;
            done.weak += u64::from(holder.is_weak);
            done.slow += u64::from(holder.work.count() > 0);
        }
        Ok(done)
    })
}
