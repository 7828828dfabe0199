//! `verify`: does this code work? uses it up.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::trial::{self, source};
use crate::actions::codes::attempt::Request;
use crate::actions::codes::verify::{Accepted, Answer, verify};
use crate::cli::desk::{Call, Report, complete, names, send_now};
use crate::error::Result;
use crate::model::source::Source;
use crate::render::record::Record;
use crate::render::words::count;

/// Check a code and use it up
///
/// The code is read from standard input, or asked for on a terminal; never from an argument.
/// Ends with 0 if it was accepted, with 1 if not, with 5 if there were too many attempts.
#[derive(Debug, Args)]
pub struct Verify {
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

impl Verify {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let user = names::user(&self.user)?;
        let hasher = call.hasher()?;
        let mut workspace = call.workspace()?;
        let code = match trial::read_code(call, &user, &self.surplus, "accepted")? {
            Ok(code) => code,
            Err(report) => return Ok(report),
        };
        let request = Request {
            user: &user,
            code: &code,
            source: self.from.as_ref(),
        };
        Ok(match verify(&mut workspace, hasher, &request)? {
            Answer::Accepted(accepted) => {
                return send_now(
                    call,
                    &mut workspace,
                    &accepted.mail,
                    false,
                    report(&accepted),
                );
            }
            Answer::Rejected => trial::rejected(call, &code, "accepted"),
            Answer::Wait(seconds) => trial::must_wait("accepted", seconds),
            Answer::Locked => trial::locked("accepted"),
        })
    }
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
