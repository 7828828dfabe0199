//! Issues a new batch of codes; the one before it stops working in the same moment.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::actions::draft::Draft;
use crate::actions::issue::{Along, Stored, issue, require, require_active};
use crate::actions::supersede::Superseded;
use crate::actions::workspace::Workspace;
use crate::actions::{add_user, enqueue, find, session, sheet};
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::format::Format;
use crate::model::id::{BatchName, TaskId};
use crate::model::limiter::LimitedAction;
use crate::model::state::{BatchState, UserState};
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::platform::files::Prepared;
use crate::secret::code::Code;
use crate::store::limiters::{self, Subject};
use crate::store::users::{self, User};
use crate::store::{batches, codes, meta};

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
    pub whom: Whom,
    /// A sheet goes to this file; it is the batch's one export.
    pub save: Option<Save>,
    /// The codes go to the user's address; it is the batch's one e-mail.
    pub email: bool,
    /// Whoever asks gets to see the codes.
    pub is_shown: bool,
}

/// To whom codes are issued; looked at in the deciding transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    Anybody,
    /// Only whose codes are from before the store was restored.
    Outdated,
    /// Only who has no batch, neither active nor waiting to be confirmed.
    Without,
}

/// Where a sheet goes.
#[derive(Clone, Debug)]
pub struct Save {
    pub path: PathBuf,
    pub format: Format,
    /// Whether a file that is there may go.
    pub replace: bool,
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
    /// Batches whose place it took.
    pub superseded: Vec<Superseded>,
    /// Whether the codes can still be exported or mailed for a while.
    pub has_session: bool,
    /// Mail that waits to be sent.
    pub mail: Vec<TaskId>,
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
    let epoch = meta::get(connection)?.epoch;
    let batch = batches::in_state(connection, user.id, BatchState::Active)?;
    Ok(batch
        .filter(|batch| {
            batch.remaining() > 0 && !batch.is_expired(workspace.origin.at) && batch.epoch >= epoch
        })
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
/// `unknown_user`, `user_disabled`, `malformed_name` for a user to be created, `no_email`,
/// `mail`, `wrong_state` for a user who is none of [`Request::whom`],
/// `file_exists`, and what writing the sheet says; then nothing has happened.
pub fn generate(workspace: &mut Workspace, request: &Request<'_>) -> Result<Answer> {
    generate_from(workspace, request, None)
}

/// The same with codes that are drawn and hashed already, as long as nobody has meanwhile got
/// the like.
pub(super) fn generate_from(
    workspace: &mut Workspace,
    request: &Request<'_>,
    mut ready: Option<Draft>,
) -> Result<Answer> {
    let now = workspace.origin.at;
    if request.expires_at.is_some_and(|at| at <= now) {
        return Err(
            Error::new(Kind::Usage, "the codes would expire before they are issued")
                .hint("give a longer span with --expires-in, or leave it out"),
        );
    }
    loop {
        let user = users::find(workspace.store.read(), request.user)?;
        refuse_early(workspace, request, user.as_ref())?;
        if let Some(seconds) = waiting(workspace, request.whom, user.as_ref())? {
            return Ok(Answer::Wait(seconds));
        }
        let draft = match ready.take() {
            Some(draft) => draft,
            None => {
                let taken = match &user {
                    Some(user) => codes::hints(workspace.store.read(), user.id)?,
                    None => Vec::new(),
                };
                Draft::draw(workspace, request.count, request.alphabet, &taken)?
            }
        };
        let name = user.map_or_else(
            || request.user.to_owned(),
            |user| user.name.as_str().to_owned(),
        );
        let mut along = along(workspace, request, &draft, &name)?;
        let stored = match issue(workspace, request, &draft, &mut along) {
            Ok(stored) => stored,
            Err(error) => return Err(along.take_back(error, request, (&name, &draft.name))),
        };
        match stored {
            Stored::Done(stored) => {
                let ended: Vec<_> = stored
                    .superseded
                    .iter()
                    .map(|old| old.batch.clone())
                    .collect();
                session::forget_keys(workspace, &ended);
                return Ok(Answer::Issued(Issued {
                    user: stored.user,
                    user_is_new: stored.user_is_new,
                    batch: draft.name,
                    alphabet: request.alphabet,
                    expires_at: request.expires_at,
                    is_pending: request.pending,
                    codes: draft.codes,
                    superseded: stored.superseded,
                    has_session: along.session.is_some(),
                    mail: stored.mail,
                }));
            }
            Stored::Wait(seconds) => {
                along.abandon();
                return Ok(Answer::Wait(seconds));
            }
            Stored::Clash => along.abandon(),
        }
    }
}

/// Makes ready what goes along: the sheet first, because it is the likeliest to fail.
fn along(workspace: &Workspace, request: &Request<'_>, draft: &Draft, user: &str) -> Result<Along> {
    let sheet = match &request.save {
        None => None,
        Some(save) => {
            let shown: Vec<Zeroizing<String>> = draft.codes.iter().map(Code::expose).collect();
            let contents = sheet::Contents {
                user,
                batch: &draft.name,
                issued_at: workspace.origin.at,
                expires_at: request.expires_at,
                codes: shown,
            };
            let bytes = sheet::render(&workspace.settings, contents, save.format)?;
            Some(Prepared::write(&save.path, &bytes)?)
        }
    };
    Ok(Along {
        session: session::begin(workspace, &draft.name, &draft.codes)?,
        sheet,
        placed: None,
    })
}

fn refuse_early(workspace: &Workspace, request: &Request<'_>, user: Option<&User>) -> Result<()> {
    if request.email {
        enqueue::require_backend(&workspace.settings)?;
    }
    match user {
        Some(user) => {
            if request.email {
                enqueue::address(user)?;
            }
            require_active(user)
        }
        None if request.create_user && request.email => Err(enqueue::no_address(request.user)),
        None if request.create_user => {
            let name = UserName::parse(request.user)?;
            match add_user::require_free_name(workspace.store.read(), &name, None) {
                // Another program was first a moment ago; the transaction goes on with that.
                Err(error) if error.kind() == Kind::UserExists => Ok(()),
                looked => looked,
            }
        }
        None => find::user(workspace.store.read(), request.user)
            .map(drop)
            .map_err(|error| error.hint("add the user first, or give --create-user; `recovery-codes user list` shows all")),
    }
}

/// Whether the limiter says to wait: then trying counts, and no hash is computed for nothing.
fn waiting(workspace: &mut Workspace, whom: Whom, user: Option<&User>) -> Result<Option<u64>> {
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
        // Whoever got codes from another program a moment ago wants no others.
        require(whom, tx, user)?;
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
