//! Takes over codes that django-auth-recovery-codes issued: they go on working, each once.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::actions::desk::key_standing;
use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::draft::{Brought, Draft};
use crate::actions::issuing::issue::insert_codes;
use crate::actions::moving::django_codes::{Batch, Found};
use crate::actions::moving::django_key;
use crate::actions::users::add_user::{add, is_as_wanted};
use crate::actions::users::import_users::look;
use crate::actions::users::roster::{Entry, Refused};
use crate::error::{Error, Exit, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::audit::{Action, Deed};
use crate::model::id::{BatchName, KeyId};
use crate::model::state::{BatchState, Elsewhere, UserState};
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::secret::django::DjangoKey;
use crate::secret::hash_many::processors;
use crate::store::batches::{self, NewBatch};
use crate::store::meta::{self, FIRST_EPOCH};
use crate::store::{Connection, imported, users};

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
    Refused(Vec<Refused>),
    Done(Summary),
}

/// What was done.
#[derive(Debug, Default)]
pub struct Summary {
    /// Users who were not there before.
    pub added: u64,
    /// Users whose codes were taken over.
    pub imported: u64,
    /// Codes that were taken over.
    pub codes: u64,
    /// Users with codes that work there, whose codes were taken over before, who have codes of
    /// this store or are not active.
    pub skipped: u64,
    /// Codes that do not work there any more.
    pub dead: u64,
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

/// Takes over all codes of a dump that work in the application, for users who have no codes here.
///
/// # Errors
/// [`Kind::WrongKey`] when another key of the application is kept or known already;
/// [`Kind::WrongState`] in a restored store that is not trusted. What goes wrong later
/// stands in the summary.
pub fn import_django(
    workspace: &mut Workspace,
    found: Found,
    request: &Request,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    let mut summary = Summary {
        skipped: found.skipped,
        dead: found.dead,
        ..Summary::default()
    };
    let mut refused = Vec::new();
    let ready = select(
        workspace,
        found.ready,
        &mut summary,
        &mut refused,
        |_, _, _| {},
    )?;
    if !refused.is_empty() {
        return Ok(Answer::Refused(refused));
    }
    if !ready.is_empty() && !request.trusts {
        require_unrestored(workspace)?;
    }
    let id = DjangoKey::from_secret(&request.key.0)?.id();
    settle_key(workspace, request, &id, !ready.is_empty(), &mut summary)?;
    summary.left = ready.len() as u64;
    let terms = (request, &id);
    if let Err(error) = take_over(workspace, terms, ready, pace, &mut summary) {
        summary.stopped = Some(error);
    }
    Ok(Answer::Done(summary))
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

/// What would become of one user's codes, and how many of them come.
#[derive(Debug)]
pub struct Fate {
    pub user: UserName,
    pub codes: u64,
    pub outcome: &'static str,
}

/// What would become of a dump.
#[derive(Debug)]
pub enum Preview {
    /// As [`Answer::Refused`].
    Refused(Vec<Refused>),
    /// Each user who has codes that work there, and as in [`Summary`] who and what is left behind.
    Fates {
        fates: Vec<Fate>,
        skipped: u64,
        dead: u64,
    },
}

/// Looks at a dump and changes nothing.
///
/// # Errors
/// What reading the store says.
pub fn preview(workspace: &mut Workspace, found: Found) -> Result<Preview> {
    let mut summary = Summary {
        skipped: found.skipped,
        dead: found.dead,
        ..Summary::default()
    };
    let (mut refused, mut fates) = (Vec::new(), Vec::new());
    let mut tell = |entry: &Entry, codes, outcome| {
        fates.push(Fate {
            user: entry.name.clone(),
            codes,
            outcome,
        });
    };
    select(
        workspace,
        found.ready,
        &mut summary,
        &mut refused,
        &mut tell,
    )?;
    if !refused.is_empty() {
        return Ok(Preview::Refused(refused));
    }
    Ok(Preview::Fates {
        fates,
        skipped: summary.skipped,
        dead: summary.dead,
    })
}

/// Those whose codes are taken over; counts the others, and names whom the store refuses. Each is told
/// with how many codes come, and why none do.
fn select(
    workspace: &mut Workspace,
    ready: Vec<(Entry, Batch)>,
    summary: &mut Summary,
    refused: &mut Vec<Refused>,
    mut tell: impl FnMut(&Entry, u64, &'static str),
) -> Result<Vec<(Entry, Batch)>> {
    workspace.store.snapshot(|connection| {
        let mut selected = Vec::new();
        for (entry, batch) in ready {
            if was_taken_over(connection, &batch.name)? {
                summary.skipped += 1;
                tell(&entry, 0, "nothing: these codes came before");
                continue;
            }
            match look(connection, &entry, None) {
                Ok(found) if found.gets_codes => {
                    let codes = batch.codes.len() as u64;
                    tell(
                        &entry,
                        codes,
                        if found.is_new {
                            "added, codes come"
                        } else {
                            "codes come"
                        },
                    );
                    selected.push((entry, batch));
                }
                Ok(_) => {
                    summary.skipped += 1;
                    tell(&entry, 0, "nothing: disabled, or has codes here");
                }
                Err(error) if error.exit() == Exit::Refused => refused.push(Refused {
                    line: entry.line,
                    error,
                }),
                Err(error) => return Err(error),
            }
        }
        Ok(selected)
    })
}

pub(in crate::actions) fn was_taken_over(
    connection: &Connection,
    batch: &BatchName,
) -> Result<bool> {
    Ok(imported::contains(connection, batch)? || batches::is_taken(connection, batch)?)
}

/// Sees that the key of the application is kept before any code needs it, and is the one that is
/// known. Only what stands in the file may take the place of that: a variable changes for reasons
/// of its own.
fn settle_key(
    workspace: &mut Workspace,
    request: &Request,
    id: &KeyId,
    is_needed: bool,
    summary: &mut Summary,
) -> Result<()> {
    let (secret, place) = &request.key;
    let known = meta::django_key(workspace.store.read())?;
    let is_kept = is_kept(place, id)?;
    if known.as_ref().is_some_and(|known| known != id) {
        django_key::require_unproven(workspace.store.read())?;
        if !is_kept {
            let message = "codes were imported under another key of the Django application";
            return Err(another_key(message, place));
        }
        workspace.write(|tx| django_key::replace(tx, id))?;
        summary.replaced_key = true;
    }
    if !is_kept && (is_needed || known.is_some()) {
        if files::write_new(place, secret.as_bytes())? {
            summary.kept_key = Some(place.clone());
        } else {
            // Another program was first.
            self::is_kept(place, id)?;
        }
    }
    Ok(())
}

/// Whether the file holds this key; nothing, if not.
fn is_kept(place: &Path, id: &KeyId) -> Result<bool> {
    match files::read_private(place)? {
        None => Ok(false),
        Some(kept) if DjangoKey::from_secret(&kept)?.id() == *id => Ok(true),
        Some(_) => {
            let message = format!("{} holds another key already", place.display());
            Err(another_key(message, place))
        }
    }
}

fn another_key(message: impl Into<String>, place: &Path) -> Error {
    Error::new(Kind::WrongKey, message).hint(format!(
        "nothing was changed; if the one that is given now is right, put it into {} and import again: it replaces the other as long as no imported code was used",
        place.display()
    ))
}

/// Takes the codes over, a few users in one transaction.
fn take_over(
    workspace: &mut Workspace,
    (request, key): (&Request, &KeyId),
    ready: Vec<(Entry, Batch)>,
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
        let (mut people, mut all) = (Vec::new(), Vec::new());
        for (entry, batch) in ready.by_ref().take(threads.get().max(4)) {
            people.push((entry, batch.expires_at));
            all.push(Brought {
                name: batch.name,
                from: Elsewhere::Django,
                expires_at: batch.expires_at,
                codes: batch.codes,
            });
        }
        let drafts = Draft::hash_many(workspace, all, threads)?;
        let held = pace.measure();
        let done = store(workspace, key, &people, &drafts)?;
        summary.added += done.added;
        summary.imported += done.imported;
        summary.codes += done.codes;
        summary.skipped += done.skipped;
        summary.left -= people.len() as u64;
        if summary.example.is_none() {
            summary.example = people.into_iter().next().map(|(entry, _)| entry.name);
        }
        pace.advance(goal - summary.left);
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    pace.end();
    Ok(())
}

type Person = (Entry, Option<Timestamp>);

/// One transaction.
fn store(
    workspace: &mut Workspace,
    key: &KeyId,
    people: &[Person],
    drafts: &[Draft],
) -> Result<Summary> {
    workspace.write(|tx| {
        key_standing::require_unretired(tx, tx.ring.current().id())?;
        django_key::note(tx, key)?;
        let mut done = Summary::default();
        for ((entry, expires_at), draft) in people.iter().zip(drafts) {
            let name = &draft.name;
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
                    expires_at: *expires_at,
                    issued,
                    imported_from: Some(Elsewhere::Django),
                    is_shown: false,
                    is_temporary: false,
                    is_weak: false,
                },
            )?;
            imported::insert(tx, name)?;
            insert_codes(tx, &batch, (&draft.codes, &draft.hashes), &[])?;
            let deed = Deed::new(Action::BatchImported)
                .user(user, entry.name.as_str())
                .batch(name)
                .details(format!("{issued} codes, from {}", Elsewhere::Django.word()));
            tx.record(deed)?;
            done.imported += 1;
            done.codes += issued;
        }
        Ok(done)
    })
}
