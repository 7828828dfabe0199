//! `generate --temporary`: the help desk's one code, beside the sheet.

use zeroize::Zeroizing;

use crate::actions::issuing::generate::{Answer, Issued, Request, Role, Whom, generate};
use crate::cli::desk::{Call, Report, send_now};
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::span::Span;
use crate::model::spelling;
use crate::model::time::{self, Timestamp};
use crate::model::zone::Zone;
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;
use crate::secret::code::Code;

/// How long it works where nothing else is said, and at most: whoever reads it over a shoulder or
/// hears it on the telephone has no longer than that.
const USUAL: u64 = 4 * 3600;
const LONGEST: u64 = 24 * 3600;

/// Issues it, prints it, and tells the user by mail that there is one.
pub fn run(call: &mut Call<'_>, user: &str, span: Option<&str>, is_spelt: bool) -> Result<Report> {
    require_reason(call)?;
    let request = Request {
        user,
        count: 1,
        alphabet: Alphabet::Typeable,
        expires_at: Some(expires_at(call.now, span)?),
        create_user: false,
        role: Role::Temporary,
        whom: Whom::Anybody,
        save: None,
        email: false,
        is_shown: true,
    };
    let mut workspace = call.workspace()?;
    match generate(&mut workspace, &request)? {
        Answer::Wait(seconds) => Err(super::issued::must_wait(user, seconds)),
        Answer::Issued(issued) => {
            let report = report(&issued, is_spelt, call.zone());
            send_now(call, &mut workspace, &issued.mail, false, report)
        }
    }
}

fn require_reason(call: &Call<'_>) -> Result<()> {
    match call.origin()?.reason {
        Some(_) => Ok(()),
        None => Err(Error::new(Kind::Usage, "a temporary code needs a reason").hint(
            "say with --reason why it is given and how you know who asks; the audit log keeps it",
        )),
    }
}

fn expires_at(now: Timestamp, span: Option<&str>) -> Result<Timestamp> {
    let latest = time::after_seconds(now, LONGEST);
    let Some(span) = span.map(Span::parse).transpose()? else {
        return Ok(time::after_seconds(now, USUAL));
    };
    span.after(now).filter(|at| *at <= latest).ok_or_else(|| {
        Error::new(Kind::Usage, "a temporary code works for 24 hours at most")
            .hint("give a shorter span with --expires-in, or issue a sheet without --temporary")
    })
}

fn report(issued: &Issued, is_spelt: bool, zone: &Zone) -> Report {
    let codes: Vec<_> = issued.codes.iter().map(Code::expose).collect();
    let spelt: Vec<Zeroizing<String>> = codes
        .iter()
        .flat_map(|code| code.split('-'))
        .map(|group| Zeroizing::new(spelling::group(group)))
        .collect();
    let record = Record::new()
        .data("user", issued.user.as_str())
        .data("batch", issued.batch.as_str())
        .data("alphabet", issued.alphabet.word())
        .data("expires_at", issued.expires_at)
        .data("temporary", true)
        .data("codes", codes.clone())
        .data("spelled", is_spelt.then(|| spelt.clone()));
    let mut lines = codes;
    if is_spelt {
        lines.extend(spelt);
    }
    let mut report = Report::lines(record, lines).note(format!(
        "{} has a temporary code in batch {}, which works once{}. The sheet stays as it is.",
        issued.user,
        issued.batch.short(),
        issued
            .expires_at
            .map(|at| format!(", until {}", zone.readable(at)))
            .unwrap_or_default(),
    ));
    if issued.superseded.iter().any(|old| old.unused > 0) {
        report = report.note("The temporary code from before no longer works.");
    }
    report.note(format!(
        "`recovery-codes code invalidate {} {}` ends it.",
        name_in_shell(issued.user.as_str()),
        issued.codes.first().map_or("", Code::hint)
    ))
}
