//! Issues a new batch of codes; the one before it stops working in the same moment.

use std::collections::HashSet;

use crate::actions::add_user;
use crate::actions::find;
use crate::actions::record::record;
use crate::actions::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::{Alphabet, fold_hint};
use crate::model::audit::{Action, Deed, Origin};
use crate::model::environment::Entropy;
use crate::model::id::{BatchName, UserId};
use crate::model::limiter::{LimitedAction, Policy, Reservation};
use crate::model::state::{BatchState, CodeState, UserState};
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::secret::code::Code;
use crate::secret::hash::{self, CodeHash};
use crate::secret::random::Random;
use crate::store::batches::{self, Batch, NewBatch};
use crate::store::limiters::{self, Subject};
use crate::store::users::{self, User};
use crate::store::{Transaction, codes};

/// What is to be issued.
#[derive(Debug)]
pub struct Request<'a> {
    pub user: &'a str,
    pub count: u64,
    pub alphabet: Alphabet,
    pub expires_at: Option<Timestamp>,
    /// Adds the user if there is none of this name.
    pub create_user: bool,
    /// The old batch works until the new one is confirmed.
    pub pending: bool,
}

/// What was issued: the only moment at which the codes exist in plaintext.
#[derive(Debug)]
pub struct Issued {
    pub user: UserName,
    pub user_is_new: bool,
    pub batch: BatchName,
    pub alphabet: Alphabet,
    pub expires_at: Option<Timestamp>,
    pub is_pending: bool,
    pub codes: Vec<Code>,
    /// The batch that stopped working, and how many unused codes it had.
    pub superseded: Option<(BatchName, u64)>,
}

/// The codes were issued, or not yet.
#[derive(Debug)]
pub enum Answer {
    Issued(Issued),
    /// Seconds to wait.
    Wait(u64),
}

/// What would stop working.
#[derive(Debug)]
pub struct Consequence {
    pub user: UserName,
    pub batch: BatchName,
    /// Codes in it that work now.
    pub unused: u64,
}

/// What generating would end, if it would end anything; nothing if it is refused or has to wait
/// anyway.
pub fn consequence(workspace: &Workspace, request: &Request<'_>) -> Result<Option<Consequence>> {
    let connection = workspace.store.read();
    let Some(user) = users::find(connection, request.user)? else {
        return Ok(None);
    };
    let subject = Subject::User(user.id);
    let limiter = limiters::get(connection, &subject, LimitedAction::Generate)?;
    let refused = user.state == UserState::Disabled;
    if refused
        || request.pending
        || limiter.remaining(workspace.origin.at, &workspace.settings.limiter) > 0
    {
        return Ok(None);
    }
    let batch = batches::in_state(connection, user.id, BatchState::Active)?;
    Ok(batch
        .filter(|batch| batch.remaining() > 0 && !batch.is_expired(workspace.origin.at))
        .map(|batch| Consequence {
            user: user.name,
            unused: batch.remaining(),
            batch: batch.name,
        }))
}

/// Issues the codes: draws and hashes them outside any transaction, then decides and stores
/// everything in one.
///
/// # Errors
/// `unknown_user`, `user_disabled`, `malformed_name` for a user to be created.
pub fn generate(
    workspace: &mut Workspace,
    request: &Request<'_>,
    entropy: &mut Entropy,
) -> Result<Answer> {
    let now = workspace.origin.at;
    if request.expires_at.is_some_and(|at| at <= now) {
        return Err(Error::new(
            Kind::Usage,
            "the codes would expire before they are issued",
        ));
    }
    loop {
        let user = users::find(workspace.store.read(), request.user)?;
        refuse_early(workspace, request, user.as_ref())?;
        if let Some(seconds) = waiting(workspace, user.as_ref())? {
            return Ok(Answer::Wait(seconds));
        }
        let taken = match &user {
            Some(user) => codes::hints(workspace.store.read(), user.id)?,
            None => Vec::new(),
        };
        let draft = Draft::draw(workspace, request, &taken, entropy)?;
        match store(workspace, request, &draft)? {
            Stored::Done(stored) => {
                return Ok(Answer::Issued(Issued {
                    user: stored.user,
                    user_is_new: stored.user_is_new,
                    batch: draft.name,
                    alphabet: request.alphabet,
                    expires_at: request.expires_at,
                    is_pending: request.pending,
                    codes: draft.codes,
                    superseded: stored.superseded,
                }));
            }
            Stored::Wait(seconds) => return Ok(Answer::Wait(seconds)),
            Stored::Clash => {}
        }
    }
}

/// Codes that are drawn and hashed, but not yet anybody's.
struct Draft {
    name: BatchName,
    codes: Vec<Code>,
    hashes: Vec<CodeHash>,
}

impl Draft {
    fn draw(
        workspace: &Workspace,
        request: &Request<'_>,
        taken: &[String],
        entropy: &mut Entropy,
    ) -> Result<Self> {
        let mut random = Random::from(entropy);
        let mut seen: HashSet<String> = taken.iter().map(|hint| fold_hint(hint)).collect();
        let mut codes = Vec::new();
        let mut misses = 0;
        while (codes.len() as u64) < request.count && misses < 1000 {
            let code = Code::draw(&mut random, request.alphabet);
            if seen.insert(fold_hint(code.hint())) {
                codes.push(code);
            } else {
                misses += 1;
            }
        }
        let salts: Vec<_> = codes.iter().map(|_| hash::draw_salt(&mut random)).collect();
        let name = BatchName::from_bytes(random.bytes());
        random.finish()?;
        if (codes.len() as u64) < request.count {
            return Err(
                Error::new(Kind::Io, "the system's random numbers repeat themselves").hint(
                    "nothing was changed; a system without its random source must not make codes",
                ),
            );
        }
        let hashes = hash::hash_all(&codes, &salts, workspace.cost(), workspace.ring.current())?;
        Ok(Self {
            name,
            codes,
            hashes,
        })
    }
}

/// What became of a draft.
enum Stored {
    Done(StoredBatch),
    Wait(u64),
    /// A hint or the batch's id is taken after all; draw again.
    Clash,
}

struct StoredBatch {
    user: UserName,
    user_is_new: bool,
    superseded: Option<(BatchName, u64)>,
}

fn refuse_early(workspace: &Workspace, request: &Request<'_>, user: Option<&User>) -> Result<()> {
    match user {
        Some(user) => require_active(user),
        None if request.create_user => {
            let name = UserName::parse(request.user)?;
            add_user::require_free_name(workspace.store.read(), &name, None)
        }
        None => find::user(workspace.store.read(), request.user)
            .map(drop)
            .map_err(|error| error.hint("add the user first, or give --create-user; `recovery-codes user list` shows all")),
    }
}

fn require_active(user: &User) -> Result<()> {
    if user.state == UserState::Disabled {
        return Err(Error::new(
            Kind::UserDisabled,
            format!("the user {} is disabled", user.name),
        )
        .hint(format!(
            "enable them first with `recovery-codes user enable {}`",
            user.name
        )));
    }
    Ok(())
}

/// Whether the limiter says to wait: then trying counts, and no hash is computed for nothing.
fn waiting(workspace: &mut Workspace, user: Option<&User>) -> Result<Option<u64>> {
    let Some(user) = user else {
        return Ok(None);
    };
    let (now, policy) = (workspace.origin.at, workspace.settings.limiter);
    let subject = Subject::User(user.id);
    let limiter = limiters::get(workspace.store.read(), &subject, LimitedAction::Generate)?;
    if limiter.remaining(now, &policy) == 0 {
        return Ok(None);
    }
    workspace.store.write(|tx| {
        let mut limiter = limiters::get(tx, &subject, LimitedAction::Generate)?;
        let wait = limiter.insist(now, &policy);
        if wait.is_some() {
            let forgotten_at = limiter.forgotten_at(&policy);
            limiters::put(
                tx,
                &subject,
                LimitedAction::Generate,
                &limiter,
                forgotten_at,
                now,
            )?;
        }
        Ok(wait)
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
    limiters::put(
        tx,
        &subject,
        LimitedAction::Generate,
        &limiter,
        limiter.forgotten_at(policy),
        now,
    )?;
    Ok(reservation)
}

fn store(workspace: &mut Workspace, request: &Request<'_>, draft: &Draft) -> Result<Stored> {
    let Workspace {
        store,
        ring,
        settings,
        origin,
    } = workspace;
    let now = origin.at;
    store.write(|tx| {
        let (user_id, user, user_is_new) = match users::find(tx, request.user)? {
            Some(user) => {
                require_active(&user)?;
                (user.id, user.name, false)
            }
            None if request.create_user => {
                let name = UserName::parse(request.user)?;
                let id = add_user::insert(tx, &name, None, now)?;
                record(
                    tx,
                    ring,
                    origin,
                    Deed::new(Action::UserAdded).user(id, name.as_str()),
                )?;
                (id, name, true)
            }
            None => {
                return Err(find::user(tx, request.user)
                    .err()
                    .unwrap_or_else(add_user::vanished));
            }
        };
        // Before the limiter: a draw that has to be repeated is no second batch.
        if clashes(tx, user_id, draft)? {
            return Ok(Stored::Clash);
        }
        if let Reservation::Wait(seconds) = reserve(tx, user_id, now, &settings.limiter)? {
            return Ok(Stored::Wait(seconds));
        }
        let superseded = supersede(tx, user_id, request.pending, origin)?;
        let batch = batches::insert(
            tx,
            &NewBatch {
                name: &draft.name,
                user_id,
                state: if request.pending {
                    BatchState::Pending
                } else {
                    BatchState::Active
                },
                alphabet: request.alphabet,
                created_at: now,
                created_by: origin.actor.as_str(),
                expires_at: request.expires_at,
                issued: draft.codes.len() as u64,
            },
        )?;
        for (position, (code, hash)) in (1..).zip(draft.codes.iter().zip(&draft.hashes)) {
            codes::insert(tx, batch, position, code.hint(), &hash.phc, &hash.key)?;
        }
        let deed = Deed::new(Action::BatchGenerated)
            .user(user_id, user.as_str())
            .batch(&draft.name)
            .details(details(request, draft, superseded.as_ref()));
        record(tx, ring, origin, deed)?;
        Ok(Stored::Done(StoredBatch {
            user,
            user_is_new,
            superseded,
        }))
    })
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

/// Ends the batches whose place the new one takes; of the active one says how many codes were
/// left.
fn supersede(
    tx: &Transaction<'_>,
    user: UserId,
    pending: bool,
    origin: &Origin,
) -> Result<Option<(BatchName, u64)>> {
    let mut ended = None;
    if let Some(batch) = batches::in_state(tx, user, BatchState::Pending)? {
        end(tx, &batch, origin)?;
    }
    if !pending && let Some(batch) = batches::in_state(tx, user, BatchState::Active)? {
        ended = Some((batch.name.clone(), end(tx, &batch, origin)?));
    }
    Ok(ended)
}

/// Supersedes one batch with all its active codes; says how many those were.
pub(super) fn end(tx: &Transaction<'_>, batch: &Batch, origin: &Origin) -> Result<u64> {
    let ended = codes::end_all(tx, batch.id, CodeState::Invalidated, origin.at)?;
    batches::count_ended(tx, batch.id, CodeState::Invalidated, ended, origin.at)?;
    batches::end(
        tx,
        batch.id,
        BatchState::Superseded,
        origin.at,
        origin.actor.as_str(),
    )?;
    Ok(ended)
}

fn details(request: &Request<'_>, draft: &Draft, superseded: Option<&(BatchName, u64)>) -> String {
    let mut details = format!("{} codes, {}", draft.codes.len(), request.alphabet.word());
    match request.expires_at {
        Some(at) => details.push_str(&format!(", expire {at}")),
        None => details.push_str(", do not expire"),
    }
    if request.pending {
        details.push_str(", pending");
    }
    if let Some((batch, unused)) = superseded {
        details.push_str(&format!(
            ", instead of {} with {unused} unused",
            batch.short()
        ));
    }
    details
}
