//! `user …`: who may hold codes.

mod add;
mod disable;
mod edit;
mod enable;
mod import;
mod list;
mod remove;
mod show;

use clap::Subcommand;

use super::call::Call;
use super::names;
use super::report::Report;
use crate::actions::switch_user::switch_user;
use crate::error::Result;
use crate::model::state::UserState;
use crate::render::record::Record;
use crate::store::users;

/// Add, list, show, change and remove users
#[derive(Debug, Subcommand)]
pub enum User {
    Add(add::Add),
    List(list::List),
    Show(show::Show),
    Edit(edit::Edit),
    Import(import::Import),
    Enable(enable::Enable),
    Disable(disable::Disable),
    Remove(remove::Remove),
}

impl User {
    pub(super) fn run(self, call: &mut Call<'_>) -> Result<Report> {
        match self {
            Self::Add(word) => word.run(call),
            Self::List(word) => word.run(call),
            Self::Show(word) => word.run(call),
            Self::Edit(word) => word.run(call),
            Self::Import(word) => word.run(call),
            Self::Enable(word) => word.run(call),
            Self::Disable(word) => word.run(call),
            Self::Remove(word) => word.run(call),
        }
    }
}

/// What every word says of a user.
fn record(user: &users::User) -> Record {
    Record::new()
        .field("user", "User", user.name.as_str())
        .field(
            "email",
            "E-mail",
            user.email.as_ref().map(|email| email.as_str()),
        )
        .field("state", "State", user.state.word())
}

/// What `enable` and `disable` do; `said` is the participle.
fn switch(call: &mut Call<'_>, name: &str, state: UserState, said: &str) -> Result<Report> {
    let name = names::user(name)?;
    let mut workspace = call.workspace()?;
    let answer = switch_user(&mut workspace, &name, state)?;
    let already = if answer.is_changed { "" } else { " already" };
    let note = format!("{} is {said}{already}.", answer.user.name);
    Ok(Report::done(
        record(&answer.user).data("changed", answer.is_changed),
        note,
    ))
}
