//! `generate`: issues codes and prints them once.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::issued;
use super::reissue::{self, Those};
use super::temporary;
use crate::actions::issuing::generate::{
    Answer, Issued, Request, Role, Save, Whom, consequence, generate,
};
use crate::actions::issuing::issue_many::Terms;
use crate::cli::desk::{Call, Report, complete, made_notes, names, number, send_now};
use crate::cli::sheets::export::{FormatWord, format_for, may_replace};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::mail::Backend;
use crate::model::span::Span;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;
use crate::render::words::{count, stops};
use crate::secret::code::Code;
use crate::store::users::Condition;

/// Issue a batch of codes and print them once, or save or mail them instead
///
/// A user who has codes gets new ones; the old ones stop working in the same moment. The codes
/// go to standard output, one a line, and are never shown again; with --save or --email they are
/// not printed, unless --print asks for both. Each sheet names its batch; of two
/// sheets the one is valid whose batch `user show` or `batch list` calls active. With one of the options
/// that begin with --all they go to everybody who needs them, as sheets or by mail, except to who holds
/// new codes that wait to be confirmed; that can be repeated after it was interrupted.
///
/// With --temporary the help desk gives one code to somebody whose sheet is not at hand. It works once, for
/// four hours or what --expires-in says, and ends the temporary code before it. The user is told by mail.
#[derive(Debug, Args)]
pub struct Generate {
    /// Name or e-mail address
    #[arg(required_unless_present_any = ALL, add = ArgValueCompleter::new(complete::users))]
    user: Option<String>,

    /// For every user whose codes are from before the store was restored
    #[arg(long, group = "all", conflicts_with_all = ONE)]
    all_outdated: bool,

    /// For every user without a code that works
    #[arg(long, group = "all", conflicts_with_all = ONE)]
    all_without_codes: bool,

    /// For every user with codes.low codes or fewer, but not none
    #[arg(long, group = "all", conflicts_with_all = ONE)]
    all_low: bool,

    /// For every user whose codes expire within this span
    #[arg(long, value_name = "SPAN", group = "all", conflicts_with_all = ONE)]
    all_expiring: Option<String>,

    /// Only show for whom that would be
    #[arg(long, requires = "all", conflicts_with = "user")]
    dry_run: bool,

    /// Write one sheet for each user into this directory, or all into a new file that ends in .pdf
    #[arg(long, value_name = "DIR|FILE.pdf", value_hint = ValueHint::AnyPath, requires = "all")]
    sheets: Option<PathBuf>,

    /// How many codes [default: codes.count]
    #[arg(long, value_name = "N", value_parser = number::within(1..=100), allow_negative_numbers = true)]
    count: Option<u64>,

    /// When they expire: a number of days, or 12h, 30d, 6mo [default: never; a temporary one after 4h]
    #[arg(long, value_name = "SPAN")]
    expires_in: Option<String>,

    /// The characters they are made of [default: codes.alphabet]
    #[arg(long)]
    alphabet: Option<AlphabetWord>,

    /// Add the user if there is none of this name
    #[arg(long)]
    create_user: bool,

    /// Let the old codes work until one of the new ones is confirmed
    #[arg(long)]
    pending: bool,

    /// One code beside the sheet, which stays as it is: for a day at most, with --reason
    #[arg(long, conflicts_with_all = SHEET)]
    temporary: bool,

    /// Spell the temporary code too, for the telephone: A as in Alfa
    #[arg(long, requires = "temporary")]
    spell: bool,

    /// Write the codes into this file, as the batch's one sheet, instead of printing them
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    save: Option<PathBuf>,

    /// What kind of file it is [default: by its ending, else export.format]
    #[arg(long)]
    format: Option<FormatWord>,

    /// Mail the codes to the user, as the batch's one mail, instead of printing them
    #[arg(long)]
    email: bool,

    /// Print the codes although they are saved or mailed
    #[arg(long)]
    print: bool,
}

/// Options that name many users.
const ALL: [&str; 4] = [
    "all_outdated",
    "all_without_codes",
    "all_low",
    "all_expiring",
];

/// What is for one user alone.
const ONE: [&str; 5] = ["user", "create_user", "pending", "save", "print"];

/// What is for a sheet alone.
const SHEET: [&str; 11] = [
    "all",
    "dry_run",
    "sheets",
    "count",
    "alphabet",
    "create_user",
    "pending",
    "save",
    "format",
    "email",
    "print",
];

#[derive(Clone, Copy, Debug, ValueEnum)]
enum AlphabetWord {
    /// 60 characters, upper and lower case
    Full,
    /// 32 characters that are easy to type, in either case; a mistyped group is named
    Typeable,
}

impl Generate {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        if self.save.as_deref() == Some(Path::new("-")) {
            return Err(
                Error::new(Kind::Usage, "--save wants a file, not standard output")
                    .hint("without --save the codes are printed there"),
            );
        }
        if self.format.is_some() && self.save.is_none() && self.sheets.is_none() {
            return Err(
                Error::new(Kind::Usage, "--format is for a file, and none is named")
                    .hint("name one with --save, or a directory with --sheets"),
            );
        }
        let Some(user) = self.user.as_deref() else {
            return self.run_for_all(call);
        };
        let user = names::user(user)?;
        if self.temporary {
            return temporary::run(call, &user, self.expires_in.as_deref(), self.spell);
        }
        let settings = call.settings()?;
        let mut request = Request {
            user: &user,
            count: self.count.unwrap_or(settings.codes.count),
            alphabet: self.alphabet(&settings),
            expires_at: self.expires_at(call)?,
            create_user: self.create_user,
            role: match self.pending {
                true => Role::Pending,
                false => Role::Sheet,
            },
            whom: Whom::Anybody,
            save: self.save.as_deref().map(|path| Save {
                path: path.to_owned(),
                format: format_for(self.format, Some(path), &settings),
                replace: call.global.yes,
            }),
            email: self.email,
            is_shown: self.print || (self.save.is_none() && !self.email),
        };
        let (mut workspace, made) = call.workspace_or_new()?;
        if let Some(save) = request.save.as_mut() {
            save.replace = may_replace(call, &save.path)?;
        }
        if let Some(end) = consequence(&workspace, &request)? {
            call.confirm(&format!(
                "{} has {} in batch {}; {}",
                end.user,
                count(end.unused, "unused code"),
                end.batch.short(),
                stops(end.unused),
            ))?;
        }
        match generate(&mut workspace, &request)? {
            Answer::Wait(seconds) => Err(issued::must_wait(&user, seconds)),
            Answer::Issued(issued) => {
                let report =
                    report(&issued, &request, &settings, call.zone()).notes(made_notes(&made));
                send_now(call, &mut workspace, &issued.mail, self.email, report)
            }
        }
    }
}

impl Generate {
    fn run_for_all(self, call: &mut Call<'_>) -> Result<Report> {
        let settings = call.settings()?;
        let terms = Terms {
            count: self.count.unwrap_or(settings.codes.count),
            alphabet: self.alphabet(&settings),
            expires_at: self.expires_at(call)?,
            sheets: match &self.sheets {
                Some(path) => Some(issued::sheets_at(path, self.format, &settings)?),
                None => None,
            },
            email: self.email,
            threads: None,
        };
        let condition = match () {
            () if self.all_without_codes => Condition::None,
            () if self.all_low => Condition::Low,
            () if self.all_expiring.is_some() => Condition::Expiring,
            () => Condition::Outdated,
        };
        let those = Those {
            condition,
            within: self.all_expiring.as_deref(),
            dry_run: self.dry_run,
        };
        reissue::run(call, &terms, those)
    }

    fn alphabet(&self, settings: &Settings) -> Alphabet {
        match self.alphabet {
            Some(AlphabetWord::Full) => Alphabet::Full,
            Some(AlphabetWord::Typeable) => Alphabet::Typeable,
            None => settings.codes.alphabet,
        }
    }

    fn expires_at(&self, call: &Call<'_>) -> Result<Option<Timestamp>> {
        let Some(span) = self.expires_in.as_deref().map(Span::parse).transpose()? else {
            return Ok(None);
        };
        span.after(call.now).map(Some).ok_or_else(|| {
            Error::new(
                Kind::Usage,
                "the codes would expire after the end of the calendar",
            )
            .hint("give a shorter span with --expires-in, or leave it out")
        })
    }
}

fn report(issued: &Issued, request: &Request<'_>, settings: &Settings, zone: &Zone) -> Report {
    let codes: Option<Vec<_>> = request
        .is_shown
        .then(|| issued.codes.iter().map(Code::expose).collect());
    let shown = codes.clone().unwrap_or_default();
    let again = if request.is_shown {
        "; they are not shown again"
    } else {
        ""
    };
    let mut notes = vec![format!(
        "{} has {} in batch {}, which {}. Each works once{again}.",
        issued.user,
        count(issued.codes.len() as u64, "new code"),
        issued.batch.short(),
        match issued.expires_at {
            Some(at) => format!("expire {}", zone.readable(at)),
            None => "do not expire".to_owned(),
        },
    )];
    let is_pending = issued.role == Role::Pending;
    if is_pending {
        notes.push(format!(
            "The old codes work until one of these is confirmed with `recovery-codes confirm {}`.",
            name_in_shell(issued.user.as_str())
        ));
    }
    for old in issued.superseded.iter().filter(|old| old.was_active) {
        notes.push(format!(
            "Batch {} stopped working, with {}.",
            old.batch.short(),
            count(old.unused, "unused code")
        ));
    }
    if let Some(save) = &request.save {
        notes.push(format!("Wrote the codes to {}.", save.path.display()));
    } else if issued.has_session {
        let mailed = if request.email || settings.mail.backend == Backend::None {
            String::new()
        } else {
            format!(
                " or mailed with `recovery-codes email {}`",
                name_in_shell(issued.user.as_str())
            )
        };
        notes.push(format!(
            "For {} they can still be exported with `recovery-codes export {}`{mailed}.",
            count(settings.session.minutes, "minute"),
            name_in_shell(issued.user.as_str()),
        ));
    } else if !request.email {
        notes.push(
            "They cannot be exported or mailed later, because this login has no private runtime directory; next time give --save or --email.".into(),
        );
    }
    let record = Record::new()
        .data("user", issued.user.as_str())
        .data("user_created", issued.user_is_new)
        .data("batch", issued.batch.as_str())
        .data("alphabet", issued.alphabet.word())
        .data("expires_at", issued.expires_at)
        .data("pending", is_pending)
        .data(
            "superseded",
            issued
                .superseded
                .iter()
                .find(|old| old.was_active)
                .map(|old| old.batch.as_str()),
        )
        .data("session", issued.has_session)
        .data(
            "saved",
            request
                .save
                .as_ref()
                .map(|save| save.path.display().to_string()),
        )
        .data("codes", codes);
    Report::lines(record, shown).notes(notes)
}
