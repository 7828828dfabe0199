//! `user add`

use clap::Args;

use super::record::record;
use crate::actions::users::add_user::{Request, add_user};
use crate::cli::desk::{Call, Report, made_notes, names};
use crate::error::Result;
use crate::model::language::LanguageTag;
use crate::model::user::Email;
use crate::render::quoting::name_in_shell;

/// Add a user
#[derive(Debug, Args)]
pub struct Add {
    /// The user's name: up to 150 visible characters, case-sensitive
    name: String,

    /// The user's e-mail address, by which they may also be called
    #[arg(long, value_name = "ADDR")]
    email: Option<String>,

    /// The language of their sheets and letters, such as de [default: site.language]
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// That the user is there already is fine
    #[arg(long)]
    if_missing: bool,
}

impl Add {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = names::new_user(&self.name)?;
        let email = self.email.as_deref().map(Email::parse).transpose()?;
        let language = self
            .language
            .as_deref()
            .map(LanguageTag::parse)
            .transpose()?;
        let (mut workspace, made) = call.workspace_or_new()?;
        let request = Request {
            name: &name,
            email: email.as_ref(),
            language: language.as_ref(),
            if_missing: self.if_missing,
        };
        let answer = add_user(&mut workspace, &request)?;
        let note = if answer.is_new {
            format!(
                "Added {name}. Issue codes with `recovery-codes generate {}`.",
                name_in_shell(name.as_str())
            )
        } else {
            format!("{name} is there already.")
        };
        let record = record(&answer.user).data("created", answer.is_new);
        Ok(Report::done(record, note).notes(made_notes(&made)))
    }
}
