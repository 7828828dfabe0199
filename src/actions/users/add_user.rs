//! Adds a user.

use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::users::languages;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::id::UserId;
use crate::model::language::LanguageTag;
use crate::model::user::{Email, UserName};
use crate::render::quoting::name_in_shell;
use crate::secret::code::looks_like_a_code;
use crate::store::Connection;
use crate::store::users::{self, User};

/// Who is to be added.
#[derive(Debug)]
pub struct Request<'a> {
    pub name: &'a UserName,
    pub email: Option<&'a Email>,
    pub language: Option<&'a LanguageTag>,
    /// That the user is there already, with this address or none given, is fine.
    pub if_missing: bool,
}

/// The user, and whether it was this call that added them.
#[derive(Debug)]
pub struct Answer {
    pub user: User,
    pub is_new: bool,
}

/// Adds a user.
///
/// # Errors
/// [`Kind::UserExists`], [`Kind::EmailTaken`], [`Kind::UnknownLanguage`], or [`Kind::MalformedName`] for a name that
/// looks like a code: it would be written down wherever names are.
pub fn add_user(workspace: &mut Workspace, request: &Request<'_>) -> Result<Answer> {
    if let Some(tag) = request.language {
        languages::require(&workspace.settings, tag)?;
    }
    workspace.write(|tx| {
        if let Some(user) = users::by_name(tx, request.name.as_str())? {
            return already_there(user, request);
        }
        let user = add(tx, request.name, request.email, request.language)?;
        Ok(Answer { user, is_new: true })
    })
}

/// Adds the row, if name and address are free, and records it.
pub(in crate::actions) fn add(
    tx: &Writing<'_>,
    name: &UserName,
    email: Option<&Email>,
    language: Option<&LanguageTag>,
) -> Result<User> {
    require_free(tx, name, email)?;
    let user = users::insert(tx, name, email, language, tx.origin.at)?;
    tx.added(user.clone())?;
    let mut deed = Deed::new(Action::UserAdded).user(user.id, name.as_str());
    deed.details = email.map(|email| format!("e-mail {}", email.as_str()));
    tx.record(deed)?;
    Ok(user)
}

/// Refuses a name or an address that belongs to somebody.
pub(in crate::actions) fn require_free(
    connection: &Connection,
    name: &UserName,
    email: Option<&Email>,
) -> Result<()> {
    require_free_name(connection, name, None)?;
    match email {
        Some(email) => require_free_email(connection, email, None),
        None => Ok(()),
    }
}

/// Refuses a name that is taken as a name or an address by somebody other than `except`:
/// since a user may be called by either, both must be unambiguous.
pub(in crate::actions) fn require_free_name(
    connection: &Connection,
    name: &UserName,
    except: Option<UserId>,
) -> Result<()> {
    if looks_like_a_code(name.as_str()) {
        return Err(Error::new(
            Kind::MalformedName,
            "a user cannot have a name that looks like a code",
        )
        .hint("give another name; if this was a code, treat it as seen by others"));
    }
    if users::by_name(connection, name.as_str())?.is_some_and(|user| Some(user.id) != except) {
        return Err(exists(name));
    }
    if let Some(user) = users::by_email(connection, name.as_str())?
        && Some(user.id) != except
    {
        return Err(Error::new(
            Kind::EmailTaken,
            format!("{name} is the e-mail address of the user {}", user.name),
        )
        .hint("give another name; a user may be called by either, so both must be unambiguous"));
    }
    Ok(())
}

/// Refuses an address that somebody other than `except` has as an address or a name.
pub(in crate::actions) fn require_free_email(
    connection: &Connection,
    email: &Email,
    except: Option<UserId>,
) -> Result<()> {
    // Names know case and addresses do not: as typed and in small letters is what people use.
    let taken = users::by_email(connection, email.as_str())?
        .or(users::by_name(connection, email.as_str())?)
        .or(users::by_name(connection, &email.folded())?)
        .filter(|user| Some(user.id) != except);
    match taken {
        None => Ok(()),
        Some(user) => Err(Error::new(
            Kind::EmailTaken,
            format!("{} belongs to the user {}", email.as_str(), user.name),
        )
        .hint(
            "an address belongs to one user; give another, or change that user's with `user edit`",
        )),
    }
}

fn already_there(user: User, request: &Request<'_>) -> Result<Answer> {
    if !request.if_missing {
        return Err(exists(request.name));
    }
    is_as_wanted(&user, request.email)?;
    Ok(Answer {
        user,
        is_new: false,
    })
}

/// Refuses a user who is there already with another address than is given, if one is given.
pub(in crate::actions) fn is_as_wanted(user: &User, email: Option<&Email>) -> Result<()> {
    let own = user.email.as_ref().map(Email::folded);
    if email.is_none_or(|email| own == Some(email.folded())) {
        return Ok(());
    }
    Err(Error::new(
        Kind::UserExists,
        format!(
            "the user {} is there already with another e-mail address",
            user.name
        ),
    )
    .hint(format!(
        "change it with `recovery-codes user edit --email ADDR {}`",
        name_in_shell(user.name.as_str())
    )))
}

fn exists(name: &UserName) -> Error {
    Error::new(
        Kind::UserExists,
        format!("the user {name} is there already"),
    )
    .hint("to make a script repeatable, give --if-missing")
}
