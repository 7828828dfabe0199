//! `import …`: codes that were issued elsewhere go on working.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use zeroize::Zeroizing;

use super::moved::{Csv, Keycloak, Libpam, OtpStatic, Privacyidea};
use super::refused::{self, SharedEmails};
use crate::actions::desk::key_source::read_django_secret;
use crate::actions::moving::django_codes::read;
use crate::actions::moving::import_django::{
    Answer, Fate, Preview, Request, Summary, import_django, preview,
};
use crate::actions::users::roster::{Refused, Shared, leave_out_taken};
use crate::cli::desk::{Call, Report, made_notes, subwords};
use crate::cli::issuing::issued;
use crate::error::{Error, Kind, Result};
use crate::model::page::Page;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;
use crate::render::words::count;
use crate::secret::django::DjangoKey;

subwords! {
    /// Take over codes that were issued elsewhere: they go on working
    pub enum Import {
        Django(Django),
        OtpStatic(OtpStatic),
        Libpam(Libpam),
        Keycloak(Keycloak),
        Privacyidea(Privacyidea),
        Csv(Csv),
    }
}

/// Take over the codes of django-auth-recovery-codes; can be repeated
///
/// FILE is what `manage.py dumpdata auth.user django_auth_recovery_codes` writes. Codes that work
/// in the application go on working here, each once; who holds them is added if they are not
/// there. Switch the application's own login off first: it does not know what is used here.
#[derive(Debug, Args)]
pub struct Django {
    /// The dump, in JSON; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    /// A private file that holds the value of DJANGO_AUTH_RECOVERY_KEY; it is kept beside the
    /// key file, because the codes need it [default: the key that is known already]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    key_file: Option<PathBuf>,

    /// Take codes over into a store that was restored from a backup, though the backup may be from
    /// before an earlier import, and the codes used since
    #[arg(long)]
    trust_codes: bool,

    #[command(flatten)]
    shared: SharedEmails,

    /// Only show what would become of each user
    #[arg(long)]
    dry_run: bool,

    /// Threads that hash codes, each in memory of its own [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

/// No dump is longer: the codes of some ten thousand users.
const LARGEST: usize = 128 << 20;

/// What a dump is counted by.
const UNIT: &str = "record";

impl Django {
    fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let dump = self.dump(call)?;
        let paths = &call.loaded.paths;
        let secret = match &self.key_file {
            Some(path) => Some(secret(path)?),
            None => read_django_secret(paths, &call.platform.environment)?,
        };
        let secret = secret.ok_or_else(|| {
            Error::new(Kind::Usage, "the key of the Django application is not known")
                .hint("nothing was changed; name a private file that holds the value of DJANGO_AUTH_RECOVERY_KEY with --key-file")
        })?;
        DjangoKey::from_secret(&secret)?;
        let key = (secret, paths.django_key());
        let mut found = match read(&dump, self.shared.policy(), call.now)? {
            Ok(found) => found,
            Err(wrong) => return Ok(not_imported(&wrong)),
        };
        let (mut workspace, made) = call.workspace_or_new()?;
        if self.shared.policy() == Shared::LeftOut {
            leave_out_taken(&mut workspace, found.entries())?;
        }
        if self.dry_run {
            return Ok(match preview(&mut workspace, found)? {
                Preview::Refused(wrong) => not_imported(&wrong),
                Preview::Fates {
                    fates,
                    skipped,
                    dead,
                } => shown(fates, &behind(skipped, dead)).notes(made_notes(&made)),
            });
        }
        let request = Request {
            key,
            trusts: self.trust_codes,
            threads: self.jobs.and_then(|jobs| NonZero::new(usize::from(jobs))),
        };
        let stop = stop_on_signals()?;
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        let answer = import_django(&mut workspace, found, &request, &mut pace)?;
        Ok(match answer {
            Answer::Refused(wrong) => not_imported(&wrong),
            Answer::Done(summary) => report(summary).notes(made_notes(&made)),
        })
    }

    fn dump(&self, call: &mut Call<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let bytes = if self.file == Path::new("-") {
            call.platform.terminal.read_input(LARGEST)?
        } else {
            files::read_bytes(&self.file, LARGEST)?
        };
        if bytes.len() > LARGEST {
            return Err(
                Error::new(Kind::Usage, "the dump is larger than 128 MiB").hint(
                    "nothing was changed; import it in parts, each with the users of its codes",
                ),
            );
        }
        Ok(bytes)
    }
}

fn secret(path: &Path) -> Result<Zeroizing<String>> {
    let secret = files::read_private(path)?.ok_or_else(|| {
        Error::new(Kind::Io, format!("there is no file {}", path.display()))
            .hint("name a file that holds the value of DJANGO_AUTH_RECOVERY_KEY and nothing else")
    })?;
    Ok(secret)
}

fn not_imported(wrong: &[Refused]) -> Report {
    refused::report(record(&Summary::default(), wrong), wrong, UNIT)
}

fn record(summary: &Summary, wrong: &[Refused]) -> Record {
    Record::new()
        .data("added", summary.added)
        .data("imported", summary.imported)
        .data("codes", summary.codes)
        .data("skipped", summary.skipped)
        .data("dead", summary.dead)
        .data("left", summary.left)
        .data("refused", refused::list(wrong, UNIT))
}

/// What would come, as a table.
fn shown(fates: Vec<Fate>, behind: &str) -> Report {
    let codes: u64 = fates.iter().map(|fate| fate.codes).sum();
    let rows = fates.into_iter().map(|fate| {
        Record::new()
            .field("user", "User", fate.user.as_str())
            .field("codes", "Codes", fate.codes)
            .field("action", "What would happen", fate.outcome)
    });
    let page = Page::whole(rows.collect());
    Report::page(page, "No codes in the dump work.")
        .note(format!("{} would come{behind}.", count(codes, "code")))
}

/// Who and what is left behind, as the end of a sentence.
fn behind(skipped: u64, dead: u64) -> String {
    let mut said = match skipped {
        0 => String::new(),
        1 => "; 1 user has codes here, had these before, or is not active".to_owned(),
        many => format!("; {many} users have codes here, had these before, or are not active"),
    };
    if dead > 0 {
        said.push_str(&format!(
            "; {} left behind that no longer work there",
            match dead {
                1 => "1 code is".to_owned(),
                many => format!("{many} codes are"),
            }
        ));
    }
    said
}

fn report(summary: Summary) -> Report {
    let mut said = match summary.imported {
        0 => "Took over no codes".to_owned(),
        users => format!(
            "Took over {} of {}",
            count(summary.codes, "code"),
            count(users, "user")
        ),
    };
    said.push_str(&behind(summary.skipped, summary.dead));
    let mut report = Report::done(record(&summary, &[]), format!("{said}."));
    if let Some(path) = &summary.kept_key {
        report = report.note(format!(
            "The application's key is kept at {}. Keep a copy of it apart from the store.",
            path.display()
        ));
    }
    if summary.replaced_key {
        report = report.note(
            "Another key of the application was known before; all imported codes are now read with this one.",
        );
    }
    if let Some(user) = summary.example {
        report = report.note(format!(
            "Whether it is the right key shows when a code works: have somebody try, with `recovery-codes confirm {}`.",
            name_in_shell(user.as_str())
        ));
    }
    match summary.stopped {
        Some(error) => report.obstacle(issued::stopped(error, summary.left)),
        None => report,
    }
}
