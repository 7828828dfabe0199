//! `confirm`: does this code work? does not use it up.

use clap::Args;

use super::trial::{self, Spoken, Trial, Tried};
use crate::actions::codes::attempt::Request;
use crate::actions::codes::confirm::{Answer, Confirmed, confirm};
use crate::actions::desk::workspace::Workspace;
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::door::DoorWord;
use crate::model::id::BatchName;
use crate::model::user::UserName;
use crate::render::record::Record;
use crate::render::wire;
use crate::render::words::count;
use crate::secret::hasher::Hasher;

/// Check a code without using it up, once per batch
///
/// Proves that the codes were kept. A batch issued with --pending begins to work with this, and
/// the one before it stops. Limited like verify.
#[derive(Debug, Args)]
pub struct Confirm {
    #[command(flatten)]
    pub trial: Trial,
}

/// What is particular to this word.
pub const CONFIRM: Spoken = Spoken {
    word: DoorWord::Confirm,
    yes: YES,
    attempt,
    heard,
};

const YES: &str = "confirmed";

impl Confirm {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        self.trial.run(&CONFIRM, call)
    }
}

/// Has a code checked.
fn attempt(workspace: &mut Workspace, hasher: &mut Hasher, request: &Request<'_>) -> Result<Tried> {
    let report = match confirm(workspace, hasher, request)? {
        Answer::Confirmed(confirmed) => report(&confirmed),
        Answer::Rejected => trial::rejected(YES),
        Answer::Wait(seconds) => trial::must_wait(YES, seconds),
        Answer::Locked => trial::locked(YES),
    };
    Ok((report, Vec::new()))
}

/// The yes that came from the door; none for what is no whole answer.
fn heard(answer: &wire::Answer) -> Option<Report> {
    Some(report(&Confirmed {
        user: UserName::parse(&answer.text("user")?).ok()?,
        batch: BatchName::from_stored(answer.text("batch")?),
        remaining: answer.number("remaining")?,
        is_promoted: answer.flag("promoted")?,
        superseded: None,
    }))
}

fn report(confirmed: &Confirmed) -> Report {
    let now = if confirmed.is_promoted {
        " From now on they replace the old ones."
    } else {
        ""
    };
    let record = Record::new()
        .data("confirmed", true)
        .data("user", confirmed.user.as_str())
        .data("batch", confirmed.batch.as_str())
        .data("remaining", confirmed.remaining)
        .data("promoted", confirmed.is_promoted);
    Report::done(
        record,
        format!(
            "Confirmed: {} has {} in batch {}; the code was not used up.{now}",
            confirmed.user,
            count(confirmed.remaining, "working code"),
            confirmed.batch.short(),
        ),
    )
}
