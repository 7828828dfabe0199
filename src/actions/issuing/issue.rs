//! The one transaction in which a drawn batch becomes the user's.

use std::collections::HashSet;

use crate::actions::desk::find;
use crate::actions::desk::key_standing;
use crate::actions::desk::workspace::Workspace;
use crate::actions::desk::workspace::Writing;
use crate::actions::issuing::ask::{Request, Role};
use crate::actions::issuing::draft::Draft;
use crate::actions::issuing::plan::{require, require_active};
use crate::actions::issuing::supersede::{Superseded, supersede};
use crate::actions::mail::enqueue;
use crate::actions::sheets::session::Begun;
use crate::actions::users::add_user;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::fold_hint;
use crate::model::audit::{Action, Deed};
use crate::model::id::{BatchName, TaskId, UserId};
use crate::model::limiter::{LimitedAction, Policy, Reservation};
use crate::model::mail::LetterKind;
use crate::model::state::BatchState;
use crate::model::state::CodeState;
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::platform::files::{Placed, Prepared};
use crate::render::quoting::name_in_shell;
use crate::render::sheet::Sheet;
use crate::render::words::count;
use crate::secret::code::Code;
use crate::secret::hash::CodeHash;
use crate::store::batches::Batch;
use crate::store::batches::{self, NewBatch};
use crate::store::codes::CodeRow;
use crate::store::limiters::{self, Subject};
use crate::store::users;
use crate::store::{Transaction, codes, marks};

/// What became of a draft.
pub(in crate::actions) enum Stored {
    Done(StoredBatch),
    Wait(u64),
    /// A hint or the batch's id is taken after all; draw again.
    Clash,
}

pub(in crate::actions) struct StoredBatch {
    pub user: UserName,
    pub user_is_new: bool,
    pub superseded: Vec<Superseded>,
    /// Mail that goes along.
    pub mail: Vec<TaskId>,
}

/// What goes along with a new batch, made ready beforehand.
#[derive(Default)]
pub(in crate::actions) struct Along {
    pub session: Option<Begun>,
    pub sheet: Option<Box<Sheet>>,
    /// Its file, until that is put in its place.
    pub prepared: Option<Prepared>,
    /// The same, once it lies there.
    pub placed: Option<Placed>,
}

impl Along {
    /// Takes the key of the session away; a sheet that was not put goes by itself.
    pub fn abandon(self) {
        if let Some(session) = self.session {
            session.abandon();
        }
    }

    /// Takes everything back that lies outside the store, after this error. If the batch may be
    /// in the store all the same, the sheet and the key of the session stay, and the error says how
    /// to find out and what to do either way.
    pub fn take_back(
        mut self,
        error: Error,
        request: &Request<'_>,
        (user, batch): (&str, &BatchName),
    ) -> Error {
        let placed = self.placed.take();
        let has_session = self.session.is_some();
        let is_in_doubt = error.kind() == Kind::InDoubt;
        if !is_in_doubt {
            self.abandon();
        }
        let error = match placed {
            Some(placed) => placed.take_back(error),
            None => error,
        };
        if !is_in_doubt {
            return error;
        }
        let name = name_in_shell(user);
        let codes = match &request.save {
            Some(save) => format!("are in {}", save.path.display()),
            None if request.email => "wait in the mail queue".to_owned(),
            None if has_session => {
                format!("can still be had with `recovery-codes export {name}` for a few minutes")
            }
            None => "have been seen by nobody, so generate again".to_owned(),
        };
        error.also(format!(
            "`recovery-codes batch list {name}` shows batch {} if it was done, and then its codes work and {codes}; if it does not, nothing has changed: generate again",
            batch.short()
        ))
    }
}

/// Stores a draft with everything that goes along, or nothing at all.
pub(in crate::actions) fn issue(
    workspace: &mut Workspace,
    request: &Request<'_>,
    draft: &Draft,
    along: &mut Along,
) -> Result<Stored> {
    let now = workspace.origin.at;
    workspace.write(|tx| {
        key_standing::require_unretired(tx, tx.ring.current().id())?;
        let (user, user_is_new) = match users::find(tx, request.user)? {
            Some(user) => {
                require_active(&user)?;
                tx.touch(&user)?;
                (user, false)
            }
            None if request.create_user => {
                let name = UserName::parse(request.user)?;
                (add_user::add(tx, &name, None, None)?, true)
            }
            None => {
                let error = find::user(tx, request.user).err();
                return Err(error.unwrap_or_else(find::vanished));
            }
        };
        require(request.whom, tx, &user)?;
        // Before the limiter: a draw that has to be repeated is no second batch.
        if clashes(tx, user.id, draft)? {
            return Ok(Stored::Clash);
        }
        let policy = &tx.settings.limiter.policy();
        if request.role.is_limited()
            && let Reservation::Wait(seconds) = reserve(tx, user.id, now, policy)?
        {
            return Ok(Stored::Wait(seconds));
        }
        let mut superseded = Vec::new();
        for batch in replaced(tx, user.id, request.role)? {
            superseded.push(supersede(tx, &batch)?);
        }
        let state = match request.role {
            Role::Pending => BatchState::Pending,
            Role::Sheet | Role::Temporary => BatchState::Active,
        };
        let batch = batches::insert(
            tx,
            &NewBatch {
                name: &draft.name,
                user_id: user.id,
                state,
                alphabet: request.alphabet,
                created_at: now,
                created_by: tx.origin.actor.as_str(),
                expires_at: request.expires_at,
                issued: draft.codes.len() as u64,
                imported_from: None,
                is_shown: request.is_shown,
                is_temporary: request.role == Role::Temporary,
                is_weak: false,
                slow: None,
            },
        )?;
        insert_codes(tx, &batch, (&draft.codes, &draft.hashes), &[])?;
        let batch = batch.id;
        let deed = |action| {
            Deed::new(action)
                .user(user.id, user.name.as_str())
                .batch(&draft.name)
        };
        let details = details(request, draft, &superseded);
        tx.record(deed(Action::BatchGenerated).details(details))?;
        if let Some(session) = &along.session {
            session.store(tx, batch, user.id)?;
        }
        let mut mail = Vec::new();
        if request.email {
            let to = enqueue::address(&user)?;
            let shown: Vec<_> = draft.codes.iter().map(Code::expose).collect();
            mail.push(enqueue::codes(
                tx,
                &user,
                to,
                (batch, &draft.name),
                request.expires_at,
                &shown,
            )?);
        } else {
            let kind = match request.role {
                Role::Sheet | Role::Pending => LetterKind::Generated,
                Role::Temporary => LetterKind::Temporary,
            };
            mail.extend(enqueue::notice(
                tx,
                &user,
                kind,
                Some(&draft.name),
                |record| {
                    record
                        .data("count", draft.codes.len() as u64)
                        .data("expires_at", request.expires_at)
                },
            )?);
        }
        // Last, because a file cannot be rolled back.
        if let Some(save) = &request.save
            && let Some(prepared) = along.prepared.take()
        {
            marks::claim_export(tx, batch, save.format, now)?;
            let exported = deed(Action::CodesExported).details(save.format.word());
            tx.record(exported)?;
            along.placed = prepared.put(save.replace)?;
            if along.placed.is_none() {
                return Err(Error::new(
                    Kind::FileExists,
                    "the file for the codes is there already",
                )
                .hint("nothing was changed; name another file, or give --yes to replace it"));
            }
        }
        Ok(Stored::Done(StoredBatch {
            user: user.name,
            user_is_new,
            superseded,
            mail,
        }))
    })
}

/// The batches whose place new codes take.
fn replaced(tx: &Transaction<'_>, user: UserId, role: Role) -> Result<Vec<Batch>> {
    let sheet = |state| batches::in_state(tx, user, state);
    Ok(match role {
        Role::Temporary => batches::temporary(tx, user)?.into_iter().collect(),
        Role::Pending => sheet(BatchState::Pending)?.into_iter().collect(),
        Role::Sheet => {
            let pending = sheet(BatchState::Pending)?;
            pending
                .into_iter()
                .chain(sheet(BatchState::Active)?)
                .collect()
        }
    })
}

fn reserve(
    tx: &Transaction<'_>,
    user: UserId,
    now: Timestamp,
    policy: &Policy,
) -> Result<Reservation> {
    let subject = Subject::User(user);
    let mut limiter = limiters::get(tx, &subject, LimitedAction::Generate)?;
    let reservation = limiter.reserve_generation(now, policy);
    let forgotten_at = limiter.forgotten_at(policy);
    limiters::put(
        tx,
        &subject,
        LimitedAction::Generate,
        &limiter,
        forgotten_at,
        now,
    )?;
    Ok(reservation)
}

/// Whether another program has meanwhile issued something that looks the same.
fn clashes(tx: &Transaction<'_>, user: UserId, draft: &Draft) -> Result<bool> {
    let taken: HashSet<String> = codes::hints(tx, user)?
        .iter()
        .map(|hint| fold_hint(hint))
        .collect();
    let hint_is_taken = draft
        .codes
        .iter()
        .any(|code| taken.contains(&fold_hint(code.hint())));
    Ok(hint_is_taken || batches::is_taken(tx, &draft.name)?)
}

/// Adds a batch's codes, and says that it is issued. There is a salt for each of them, or none at all.
pub(in crate::actions) fn insert_codes(
    tx: &Writing<'_>,
    batch: &Batch,
    (codes, hashes): (&[Code], &[CodeHash]),
    salts: &[Option<String>],
) -> Result<()> {
    let mut salts = salts.iter();
    tx.issued(batch.clone());
    for (position, (code, hash)) in (1..).zip(codes.iter().zip(hashes)) {
        let row = CodeRow {
            batch_id: batch.id,
            position,
            hint: code.hint().to_owned(),
            state: CodeState::Active,
            ended_at: None,
            hash: hash.phc.clone(),
            key_id: hash.key.clone(),
            salt: salts.next().cloned().flatten(),
        };
        codes::insert(tx, &row)?;
        tx.code_becomes(batch, &row);
    }
    Ok(())
}

fn details(request: &Request<'_>, draft: &Draft, superseded: &[Superseded]) -> String {
    let codes = count(draft.codes.len() as u64, "code");
    let mut details = format!("{codes}, {}", request.alphabet.word());
    match request.expires_at {
        Some(at) => details.push_str(&format!(", expire {at}")),
        None => details.push_str(", do not expire"),
    }
    details.push_str(match request.role {
        Role::Sheet => "",
        Role::Pending => ", pending",
        Role::Temporary => ", temporary",
    });
    for old in superseded {
        details.push_str(&format!(
            ", instead of {} with {} unused",
            old.batch.short(),
            old.unused
        ));
    }
    details
}
