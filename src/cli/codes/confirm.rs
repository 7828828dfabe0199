//! `confirm`: does this code work? does not use it up.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::trial::{self, source};
use crate::actions::codes::attempt::Request;
use crate::actions::codes::confirm::{Answer, Confirmed, confirm};
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::Result;
use crate::model::source::Source;
use crate::render::record::Record;
use crate::render::words::count;

/// Check a code without using it up, once per batch
///
/// Proves that the codes were kept. A batch issued with --pending begins to work with this, and
/// the one before it stops. Limited like verify.
#[derive(Debug, Args)]
pub struct Confirm {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,

    /// From where the attempt comes: an address, a host, a terminal; who tries from elsewhere keeps
    /// nobody waiting
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    from: Option<Source>,

    /// Catches codes given as arguments, to say why that is wrong
    #[arg(hide = true)]
    surplus: Vec<String>,
}

impl Confirm {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let user = names::user(&self.user)?;
        let hasher = call.hasher()?;
        let mut workspace = call.workspace()?;
        let code = match trial::read_code(call, &user, &self.surplus, "confirmed")? {
            Ok(code) => code,
            Err(report) => return Ok(report),
        };
        let request = Request {
            user: &user,
            code: &code,
            source: self.from.as_ref(),
        };
        Ok(match confirm(&mut workspace, hasher, &request)? {
            Answer::Confirmed(confirmed) => report(&confirmed),
            Answer::Rejected => trial::rejected(call, &code, "confirmed"),
            Answer::Wait(seconds) => trial::must_wait("confirmed", seconds),
            Answer::Locked => trial::locked("confirmed"),
        })
    }
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
        .data("remaining", confirmed.remaining);
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
