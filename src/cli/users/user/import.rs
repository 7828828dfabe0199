//! `user import`

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use zeroize::Zeroizing;

use crate::actions::issuing::issue_many::Terms;
use crate::actions::users::import_users::{
    Answer, Fate, Request, Summary, import_users, missing, preview,
};
use crate::actions::users::roster::{self, Asked, Refusals, Roster, Shared, leave_out_taken};
use crate::cli::desk::{Call, Report, made_notes};
use crate::cli::issuing::issued;
use crate::cli::moving::refused::{self, SharedEmails};
use crate::cli::sheets::export::FormatWord;
use crate::error::{Error, Kind, Result};
use crate::model::page::Page;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::record::Record;
use crate::render::words::count;

/// Add many users from a CSV file; can be repeated
///
/// It may be the export of Google Workspace, Entra ID, Okta, LDAP or a spreadsheet, with commas,
/// semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. The first line names the columns: of names (or
/// of addresses alone, which are names then), and if wanted of addresses and of a state; others are
/// passed over. If anything is wrong with any line, nobody is added, and each such line is named. A user
/// who is there already keeps name and address, and is disabled where the list says so; nobody is
/// enabled. So a second run changes nothing, and one that was interrupted goes on where it stopped.
#[derive(Debug, Args)]
pub struct Import {
    /// The CSV file; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    /// The heading of the column of names [default: one that is called so]
    #[arg(long, value_name = "HEADING")]
    name_column: Option<String>,

    /// The heading of the column of addresses [default: one that is called so]
    #[arg(long, value_name = "HEADING")]
    email_column: Option<String>,

    /// Disable active users who are not on the list, after a question that says how many
    #[arg(long)]
    disable_missing: bool,

    /// Only show what would become of each user
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    shared: SharedEmails,

    /// Issue codes to each of them who has no batch, as sheets or by mail
    #[arg(long)]
    generate: bool,

    /// Write one sheet for each user into this directory, where sheets of the same names are replaced,
    /// or all into a new file that ends in .pdf
    #[arg(long, value_name = "DIR|FILE.pdf", value_hint = ValueHint::AnyPath, requires = "generate")]
    sheets: Option<PathBuf>,

    /// What kind of file a sheet is [default: export.format]
    #[arg(long, requires = "sheets")]
    format: Option<FormatWord>,

    /// Mail the codes to each user
    #[arg(long, requires = "generate")]
    email: bool,

    /// Threads that hash codes, each in memory of its own [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256), requires = "generate")]
    jobs: Option<u16>,
}

/// No list is longer: some hundred thousand users.
const LARGEST: usize = 32 << 20;

/// What a list is counted by.
const UNIT: &str = "line";

impl Import {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let terms = self.terms(call)?;
        let asked = Asked {
            name: self.name_column.as_deref(),
            email: self.email_column.as_deref(),
        };
        let mut list = match roster::read(&self.bytes(call)?, &asked, self.shared.policy())? {
            Ok(list) => list,
            Err(wrong) => return Ok(not_imported(&wrong)),
        };
        let (mut workspace, made) = call.workspace_or_new()?;
        if self.shared.policy() == Shared::LeftOut {
            leave_out_taken(&mut workspace, list.entries.iter_mut())?;
        }
        let missing = match self.disable_missing {
            true => missing(&workspace, &list.entries)?,
            false => Vec::new(),
        };
        let request = Request {
            entries: &list.entries,
            missing: &missing,
            terms: terms.as_ref(),
        };
        if self.dry_run {
            return Ok(match preview(&mut workspace, &request)? {
                Ok(rows) => shown(rows).notes(how_read(&list)).notes(made_notes(&made)),
                Err(wrong) => not_imported(&wrong),
            });
        }
        if !missing.is_empty() {
            if list.entries.is_empty() {
                return Err(Error::new(
                    Kind::Usage,
                    "the list is empty, and everybody would be disabled",
                )
                .hint("nothing was changed; leave out --disable-missing, or give the right list"));
            }
            let all = (missing.len() + list.entries.len()) as u64;
            call.confirm(&format!(
                "{} who are not on the list, which names {}, are disabled: none of their codes works then",
                count(missing.len() as u64, "active user"),
                count(all - missing.len() as u64, "user"),
            ))?;
        }
        let stop = stop_on_signals()?;
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        let answer = import_users(&mut workspace, &mut call.post(), &request, &mut pace)?;
        Ok(match answer {
            Answer::Refused(wrong) => not_imported(&wrong),
            Answer::Done(summary) => report(terms.as_ref(), summary, &list)
                .notes(how_read(&list))
                .notes(made_notes(&made)),
        })
    }

    fn terms(&self, call: &Call<'_>) -> Result<Option<Terms>> {
        if !self.generate {
            return Ok(None);
        }
        let settings = call.settings()?;
        let sheets = match &self.sheets {
            Some(path) => Some(issued::sheets_at(path, self.format, &settings)?),
            None => None,
        };
        let terms = Terms {
            count: settings.codes.count,
            alphabet: settings.codes.alphabet,
            expires_at: None,
            sheets,
            email: self.email,
            threads: self.jobs.and_then(|jobs| NonZero::new(usize::from(jobs))),
        };
        terms.require_way()?;
        Ok(Some(terms))
    }

    fn bytes(&self, call: &mut Call<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let bytes = if self.file == Path::new("-") {
            call.platform.terminal.read_input(LARGEST)?
        } else {
            files::read_bytes(&self.file, LARGEST)?
        };
        if bytes.len() > LARGEST {
            return Err(Error::new(Kind::Usage, "the list is larger than 32 MiB")
                .hint("nothing was changed; import it in parts, each with the first line"));
        }
        Ok(bytes)
    }
}

fn not_imported(wrong: &Refusals) -> Report {
    let record = record(None, &Summary::default(), wrong);
    refused::report(record, wrong.kept(), UNIT)
}

/// What would become of each.
fn shown(rows: Vec<Fate>) -> Report {
    let rows = rows.into_iter().map(|(name, action)| {
        Record::new()
            .field("user", "User", name.as_str())
            .field("action", "What happens", action)
    });
    Report::page(Page::whole(rows.collect()), "There is nobody on the list.")
}

/// How a list was read that is not as this program writes them.
fn how_read(list: &Roster) -> Vec<String> {
    let mut notes = Vec::new();
    let separator = match list.separator {
        ';' => Some("semicolons"),
        '\t' => Some("tabs"),
        _ => None,
    };
    let encoding = (list.encoding != "UTF-8").then_some(list.encoding);
    match (encoding, separator) {
        (None, None) => {}
        (Some(encoding), None) => notes.push(format!("The list was read as {encoding}.")),
        (None, Some(separator)) => {
            notes.push(format!("The list was read with {separator} between cells."))
        }
        (Some(encoding), Some(separator)) => notes.push(format!(
            "The list was read as {encoding}, with {separator} between cells."
        )),
    }
    if !list.ignored.is_empty() {
        let columns = match list.ignored.len() {
            1 => "column",
            _ => "columns",
        };
        notes.push(format!(
            "Passed over the {columns} {}.",
            list.ignored.join(", ")
        ));
    }
    notes
}

fn record(terms: Option<&Terms>, summary: &Summary, wrong: &Refusals) -> Record {
    let record = Record::new()
        .data("added", summary.added)
        .data("existing", summary.existing)
        .data("disabled", summary.disabled)
        .data("kept_disabled", summary.kept_disabled)
        .data("generated", summary.issued.done)
        .data("skipped", summary.skipped)
        .data("queued", summary.issued.queued)
        .data("left", summary.left)
        .data("sheets", terms.and_then(issued::sheets))
        .data("failed", issued::failed(&summary.issued));
    refused::listed(record, wrong, UNIT)
}

fn report(terms: Option<&Terms>, summary: Summary, list: &Roster) -> Report {
    let record = record(terms, &summary, &Refusals::default())
        .data("encoding", list.encoding)
        .data("separator", list.separator.to_string())
        .data("ignored", list.ignored.clone());
    let there = match summary.existing {
        0 => String::new(),
        1 => "; 1 is there already".to_owned(),
        many => format!("; {many} are there already"),
    };
    let said = match summary.added {
        0 => format!("Added nobody{there}."),
        added => format!("Added {}{there}.", count(added, "user")),
    };
    let mut report = Report::done(record, said);
    if summary.disabled > 0 {
        report = report.note(format!("Disabled {}.", count(summary.disabled, "user")));
    }
    if summary.kept_disabled > 0 {
        report = report.note(format!(
            "{} on the list as active were disabled here and stay so.",
            count(summary.kept_disabled, "user")
        ));
    }
    let Some(terms) = terms else {
        return match summary.issued.stopped {
            Some(error) => report.obstacle(issued::stopped(error, summary.left)),
            None => report,
        };
    };
    let skipped = match summary.skipped {
        0 => String::new(),
        1 => "; 1 has some or is disabled".to_owned(),
        many => format!("; {many} have some or are disabled"),
    };
    report = report.note(match summary.issued.done {
        0 => format!("Issued codes to nobody{skipped}."),
        users => format!("Issued codes to {}{skipped}.", count(users, "user")),
    });
    issued::tell(report, terms, summary.issued, summary.left)
}
