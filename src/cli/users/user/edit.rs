//! `user edit`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::record;
use crate::actions::users::edit_user::{Request, edit_user};
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::Result;
use crate::model::language::LanguageTag;
use crate::model::user::Email;

/// Change a user's name, e-mail address or language
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true)))]
pub struct Edit {
    /// Name or e-mail address as it is now
    #[arg(add = ArgValueCompleter::new(complete::users))]
    name: String,

    /// The new name
    #[arg(long = "name", value_name = "NEW", group = "change")]
    new_name: Option<String>,

    /// The new e-mail address; empty to take it away
    #[arg(long, value_name = "ADDR", group = "change")]
    email: Option<String>,

    /// The language of their sheets and letters, such as de; empty for site.language
    #[arg(long, value_name = "TAG", group = "change")]
    language: Option<String>,
}

impl Edit {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let user = names::user(&self.name)?;
        let name = self.new_name.as_deref().map(names::new_user).transpose()?;
        let email = match self.email.as_deref() {
            None => None,
            Some("") => Some(None),
            Some(text) => Some(Some(Email::parse(text)?)),
        };
        let language = match self.language.as_deref() {
            None => None,
            Some("") => Some(None),
            Some(tag) => Some(Some(LanguageTag::parse(tag)?)),
        };
        let mut workspace = call.workspace()?;
        let request = Request {
            user: &user,
            name: name.as_ref(),
            email: email.as_ref().map(Option::as_ref),
            language: language.as_ref().map(Option::as_ref),
        };
        let answer = edit_user(&mut workspace, &request)?;
        let note = if answer.is_changed {
            format!("Changed {}.", answer.user.name)
        } else {
            format!("{} is so already; nothing was changed.", answer.user.name)
        };
        Ok(Report::done(
            record(&answer.user).data("changed", answer.is_changed),
            note,
        ))
    }
}
