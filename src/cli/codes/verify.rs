//! `verify`: does this code work? uses it up.

use clap::Args;

use super::trial::{self, Spoken, Trial, Tried};
use crate::actions::codes::attempt::Request;
use crate::actions::codes::verify::{Accepted, Answer, verify};
use crate::actions::desk::workspace::Workspace;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::door::DoorWord;
use crate::model::user::UserName;
use crate::render::record::Record;
use crate::render::wire;
use crate::render::words::count;
use crate::secret::hasher::Hasher;

/// Check a code and use it up
///
/// The code is read from standard input, or asked for on a terminal; never from an argument.
/// Ends with 0 if it was accepted, with 1 if not, with 5 if there were too many attempts.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    pub trial: Trial,
}

/// What is particular to this word.
pub const VERIFY: Spoken = Spoken {
    word: DoorWord::Verify,
    yes: YES,
    attempt,
    heard,
};

const YES: &str = "accepted";

impl Verify {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        self.trial.run(&VERIFY, call)
    }
}

/// Has a code checked and used up.
fn attempt(workspace: &mut Workspace, hasher: &mut Hasher, request: &Request<'_>) -> Result<Tried> {
    Ok(match verify(workspace, hasher, request)? {
        Answer::Accepted(accepted) => (report(&accepted), accepted.mail),
        Answer::Rejected => (trial::rejected(YES), Vec::new()),
        Answer::Wait(seconds) => (trial::must_wait(YES, seconds), Vec::new()),
        Answer::Locked => (trial::locked(YES), Vec::new()),
    })
}

/// The yes that came from the door; none for what is no whole answer.
fn heard(answer: &wire::Answer) -> Option<Report> {
    Some(report(&Accepted {
        user: UserName::parse(&answer.text("user")?).ok()?,
        remaining: answer.number("remaining")?,
        is_low: answer.flag("low")?,
        is_temporary: answer.flag("temporary")?,
        mail: Vec::new(),
    }))
}

fn report(accepted: &Accepted) -> Report {
    let left = match accepted.remaining {
        0 => "No code is left".to_owned(),
        1 => "1 code is left".to_owned(),
        more => format!("{} are left", count(more, "code")),
    };
    let advice = if accepted.is_low {
        "; issue new ones soon"
    } else {
        ""
    };
    let record = Record::new()
        .data("accepted", true)
        .data("user", accepted.user.as_str())
        .data("remaining", accepted.remaining)
        .data("low", accepted.is_low)
        .data("temporary", accepted.is_temporary);
    let sheet = match (accepted.is_temporary, accepted.remaining) {
        (false, _) | (true, 0) => "",
        (true, _) => " on the sheet",
    };
    Report::done(record, format!("Accepted. {left}{sheet}{advice}."))
}
