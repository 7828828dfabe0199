//! What an issue would do, before anything is drawn: whom it is for, what it would end, and whether
//! it is refused or has to wait.

use crate::actions::desk::find;
use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::ask::{Request, Role, Whom};
use crate::actions::mail::enqueue;
use crate::actions::users::add_user;
use crate::error::{Error, Kind, Result};
use crate::model::id::BatchName;
use crate::model::language::LanguageTag;
use crate::model::limiter::LimitedAction;
use crate::model::state::{BatchState, UserState};
use crate::model::user::UserName;
use crate::render::quoting::name_in_shell;
use crate::store::limiters::{self, Subject};
use crate::store::users::{self, User};
use crate::store::users::{Condition, Measure};
use crate::store::{Transaction, batches, codes, meta};

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
        || request.role != Role::Sheet
        || limiter.remaining(workspace.origin.at, &workspace.settings.limiter.policy()) > 0
    {
        return Ok(None);
    }
    let epoch = meta::get(connection)?.epoch;
    let batch = batches::in_state(connection, user.id, BatchState::Active)?;
    Ok(batch
        .map(|batch| Consequence {
            user: user.name,
            unused: batch.working(workspace.origin.at, epoch),
            batch: batch.name,
        })
        .filter(|end| end.unused > 0))
}

/// Whom codes are drawn for.
pub(in crate::actions) struct Plan {
    /// None for one who is to be created.
    user: Option<User>,
}

impl Plan {
    /// As they are called, or will be.
    pub fn name<'a>(&'a self, request: &Request<'a>) -> &'a str {
        self.user
            .as_ref()
            .map_or(request.user, |user| user.name.as_str())
    }

    /// The language they read, if it is their own.
    pub fn language(&self) -> Option<&LanguageTag> {
        self.user.as_ref().and_then(|user| user.language.as_ref())
    }

    /// Hints that would look like others of this user.
    pub fn taken(&self, workspace: &Workspace) -> Result<Vec<String>> {
        match &self.user {
            Some(user) => codes::hints(workspace.store.read(), user.id),
            None => Ok(Vec::new()),
        }
    }
}

/// What is to be drawn, or the seconds to wait: then trying counts, and no hash is computed for
/// nothing.
///
/// # Errors
/// What refuses the request whatever is drawn.
pub(in crate::actions) fn plan(
    workspace: &mut Workspace,
    request: &Request<'_>,
) -> Result<Result<Plan, u64>> {
    let user = users::find(workspace.store.read(), request.user)?;
    refuse_early(workspace, request, user.as_ref())?;
    if let Some(user) = &user
        && request.role.is_limited()
        && let Some(seconds) = waiting(workspace, request.whom, user)?
    {
        return Ok(Err(seconds));
    }
    Ok(Ok(Plan { user }))
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
fn waiting(workspace: &mut Workspace, whom: Whom, user: &User) -> Result<Option<u64>> {
    let (now, policy) = (workspace.origin.at, workspace.settings.limiter.policy());
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

/// Refuses a user for whom nothing is issued.
pub(in crate::actions) fn require_active(user: &User) -> Result<()> {
    if user.state == UserState::Disabled {
        return Err(Error::new(
            Kind::UserDisabled,
            format!("the user {} is disabled", user.name),
        )
        .hint(format!(
            "enable them first with `recovery-codes user enable {}`",
            name_in_shell(user.name.as_str())
        )));
    }
    Ok(())
}

/// Refuses a user who is none of those.
pub(in crate::actions) fn require(whom: Whom, tx: &Transaction<'_>, user: &User) -> Result<()> {
    match whom {
        Whom::Anybody => Ok(()),
        Whom::Those(condition, measure) => require_one_of(tx, user, condition, &measure),
        Whom::Without => require_without(tx, user),
    }
}

fn require_one_of(
    tx: &Transaction<'_>,
    user: &User,
    condition: Condition,
    measure: &Measure,
) -> Result<()> {
    match users::is_one_of_those(tx, user.id, condition, measure)? {
        true => Ok(()),
        false => Err(Error::new(
            Kind::WrongState,
            format!("{} has got other codes meanwhile", user.name),
        )
        .hint("nothing was changed; name the user to issue new codes all the same")),
    }
}

fn require_without(tx: &Transaction<'_>, user: &User) -> Result<()> {
    if !batches::has_open(tx, user.id)? {
        return Ok(());
    }
    Err(
        Error::new(Kind::WrongState, format!("{} has codes already", user.name))
            .hint("nothing was changed; `recovery-codes generate` issues new ones in their place"),
    )
}
