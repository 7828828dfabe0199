//! What the words of `user` say.

use crate::actions::users::switch_user::switch_user;
use crate::cli::desk::{Call, Report, names};
use crate::error::Result;
use crate::model::state::UserState;
use crate::render::record::Record;
use crate::store::users;

/// What every word says of a user.
pub fn record(user: &users::User) -> Record {
    Record::new()
        .field("user", "User", user.name.as_str())
        .field(
            "email",
            "E-mail",
            user.email.as_ref().map(|email| email.as_str()),
        )
        .field("state", "State", user.state.word())
        .data(
            "language",
            user.language.as_ref().map(|language| language.as_str()),
        )
}

/// What `enable` and `disable` do; `said` is the participle.
pub fn switch(call: &mut Call<'_>, name: &str, state: UserState, said: &str) -> Result<Report> {
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
