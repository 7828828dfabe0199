//! `import django`

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use zeroize::Zeroizing;

use super::django_report::{done, not_imported, settings, shown};
use super::manner::Manner;
use super::moved::reader;
use crate::actions::desk::key_source::read_django_secret;
use crate::actions::moving::django::candidates::read;
use crate::actions::moving::django::source::Source;
use crate::actions::moving::django::survey::{Preview, preview};
use crate::actions::moving::import_django::{Answer, Request, import_django};
use crate::actions::users::roster::Shared;
use crate::cli::desk::{Call, Report, made_notes};
use crate::config::from_django;
use crate::error::{Error, Kind, Result};
use crate::model::location::Location;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::platform::signals::stop_on_signals;
use crate::secret::django::DjangoKey;
use crate::store::engine::foreign::Foreign;

/// Take over the codes of django-auth-recovery-codes; can be repeated
///
/// FILE is the application's database, a SQLite file or the URL of a PostgreSQL database, which is only
/// read and may be in use, or what `manage.py dumpdata auth.user django_auth_recovery_codes` writes. Codes that work in the
/// application go on working here, each once; who holds them is added if they are not there. Batches
/// and codes that are past come too, for `history` and `code list`; logs for `log audit
/// --imported`, clean-ups as schedules. Switch the application's own login off first: it does not
/// know what is used here. `recovery-codes help moving` says how, and how to see that it is off.
#[derive(Debug, Args)]
pub struct Django {
    /// The database or its postgres:// URL, or a dump in JSON; - for a dump on standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "settings")]
    file: Option<PathBuf>,

    /// Only read this settings.py or .env, as text, and print what it says as a config.toml
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath,
          conflicts_with_all = ["file", "key_file", "trust_codes", "dry_run", "page", "per_page", "jobs", "without_shared_emails"])]
    settings: Option<PathBuf>,

    /// A private file that holds the value of DJANGO_AUTH_RECOVERY_KEY; it is kept beside the
    /// key file, because the codes need it [default: the key that is known already]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    key_file: Option<PathBuf>,

    #[command(flatten)]
    manner: Manner,
}

/// No file of settings is longer.
const LONGEST: usize = 1 << 20;

impl Django {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        if let Some(path) = &self.settings {
            return read_settings(call, path);
        }
        let source = self.source(call)?;
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
        let unit = source.unit();
        let mut found = match read(source, self.manner.shared(), call.now)? {
            Ok(found) => found,
            Err(wrong) => return Ok(not_imported(&wrong, unit)),
        };
        let (mut workspace, made) = call.workspace_or_new()?;
        if self.manner.shared() == Shared::LeftOut {
            found.leave_out_taken(&mut workspace)?;
        }
        if let Some(page) = self.manner.shown(call)? {
            return Ok(match preview(&mut workspace, found, page)? {
                Preview::Refused(wrong) => not_imported(&wrong, unit),
                Preview::Fates(fates) => shown(&fates, page).notes(made_notes(&made)),
            });
        }
        let request = Request {
            key,
            trusts: self.manner.trusts(),
            threads: self.manner.threads(),
        };
        let stop = stop_on_signals()?;
        let mut pace = Pace::new(&stop, None, !call.global.quiet && !call.global.json);
        let answer = import_django(&mut workspace, found, &request, &mut pace)?;
        Ok(match answer {
            Answer::Refused(wrong) => not_imported(&wrong, unit),
            Answer::Done(summary) => done(*summary, unit).notes(made_notes(&made)),
        })
    }

    fn source(&self, call: &mut Call<'_>) -> Result<Source> {
        let file = self.file.as_deref().unwrap_or(Path::new("-"));
        if file == Path::new("-") {
            return Source::dump(reader(call, file)?);
        }
        // What the settings say of the store's server is not for this one.
        let location = Location::new(file, &call.platform.environment);
        match Foreign::at(&location)? {
            Some(database) => Source::database(database),
            None => Source::dump(reader(call, file)?),
        }
    }
}

fn secret(path: &Path) -> Result<Zeroizing<String>> {
    let secret = files::read_private(path)?.ok_or_else(|| {
        Error::new(Kind::Io, format!("there is no file {}", path.display()))
            .hint("name a file that holds the value of DJANGO_AUTH_RECOVERY_KEY and nothing else")
    })?;
    Ok(secret)
}

fn read_settings(call: &Call<'_>, path: &Path) -> Result<Report> {
    let refuse = |what: &str| {
        Error::new(Kind::Usage, format!("{} {what}", path.display()))
            .hint("name the settings.py or the .env of the application's site")
    };
    let bytes = files::read_bytes(path, LONGEST)?;
    if bytes.len() > LONGEST {
        return Err(refuse("is too large for a file of settings"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| refuse("is not text"))?;
    let is_python = path.extension().is_some_and(|ending| ending == "py");
    let taken = from_django::read(text, is_python, &call.loaded.paths);
    let from = path.file_name().unwrap_or(path.as_os_str());
    Ok(settings(&taken, &from.to_string_lossy()))
}
