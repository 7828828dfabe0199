//! Changes a user's name, e-mail address or language.

use crate::actions::desk::find::{self, vanished};
use crate::actions::desk::workspace::Workspace;
use crate::actions::users::add_user::{require_free_email, require_free_name};
use crate::actions::users::languages;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::model::language::LanguageTag;
use crate::model::user::{Email, UserName};
use crate::store::users::{self, User};

/// What is to be changed; what is none stays.
#[derive(Debug)]
pub struct Request<'a> {
    pub user: &'a str,
    pub name: Option<&'a UserName>,
    /// `Some(None)` takes the address away.
    pub email: Option<Option<&'a Email>>,
    /// `Some(None)` leaves it to the site.
    pub language: Option<Option<&'a LanguageTag>>,
}

/// The user as changed, and whether anything was.
#[derive(Debug)]
pub struct Answer {
    pub user: User,
    pub is_changed: bool,
}

/// Changes a user.
///
/// # Errors
/// `unknown_user`, `user_exists`, `email_taken`, `unknown_language`.
pub fn edit_user(workspace: &mut Workspace, request: &Request<'_>) -> Result<Answer> {
    if let Some(Some(tag)) = request.language {
        languages::require(&workspace.settings, tag)?;
    }
    workspace.write(|tx| {
        let old = find::user(tx, request.user)?;
        let name = request.name.unwrap_or(&old.name);
        let email = match request.email {
            Some(email) => email,
            None => old.email.as_ref(),
        };
        let mut changes = Vec::new();
        if *name != old.name {
            require_free_name(tx, name, Some(old.id))?;
            changes.push(format!("renamed from {}", old.name));
        }
        if email != old.email.as_ref() {
            if let Some(email) = email {
                require_free_email(tx, email, Some(old.id))?;
            }
            let shown = |email: Option<&Email>| email.map_or("none", Email::as_str).to_owned();
            changes.push(format!(
                "e-mail {} instead of {}",
                shown(email),
                shown(old.email.as_ref())
            ));
        }
        let language = request.language.unwrap_or(old.language.as_ref());
        if language != old.language.as_ref() {
            let shown = |tag: Option<&LanguageTag>| {
                tag.map_or("the site's", LanguageTag::as_str).to_owned()
            };
            changes.push(format!(
                "language {} instead of {}",
                shown(language),
                shown(old.language.as_ref())
            ));
        }
        if changes.is_empty() {
            return Ok(Answer {
                user: old,
                is_changed: false,
            });
        }
        tx.touch(&old)?;
        users::update(tx, old.id, name, email, language)?;
        tx.becomes(old.id, |user| {
            (user.name, user.email) = (name.clone(), email.cloned());
        });
        let deed = Deed::new(Action::UserEdited)
            .user(old.id, name.as_str())
            .details(changes.join("; "));
        tx.record(deed)?;
        let user = users::by_id(tx, old.id)?.ok_or_else(vanished)?;
        Ok(Answer {
            user,
            is_changed: true,
        })
    })
}
