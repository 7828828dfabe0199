//! `schedule install`: what makes the machine call the worker.

use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::cli::desk::{Call, Report};
use crate::error::{Error, Result};
use crate::model::location::Location;
use crate::platform::environment::program;
use crate::platform::files::{self, Prepared};
use crate::render::record::Record;
use crate::render::units::{self, Job};

/// Let systemd or cron call `worker --once` every few minutes
///
/// Writes a hardened systemd service and timer, or a crontab file. Run by root they are the
/// machine's, otherwise one's own. Says which files and asks before it writes. Without --systemd
/// or --cron it takes what the machine has.
#[derive(Debug, Args)]
pub struct Install {
    /// A systemd service and timer
    #[arg(long, conflicts_with = "cron")]
    systemd: bool,

    /// A crontab line
    #[arg(long)]
    cron: bool,

    /// Print it instead of writing it
    #[arg(long)]
    print: bool,
}

impl Install {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let job = job(call)?;
        let places = call.platform.places.clone();
        let with_systemd =
            self.systemd || (!self.cron && Path::new("/run/systemd/system").exists());
        let files: Vec<(PathBuf, String)> = if with_systemd {
            vec![
                (
                    places.units.join("recovery-codes-worker.service"),
                    units::service(&job)?,
                ),
                (
                    places.units.join("recovery-codes-worker.timer"),
                    units::TIMER.to_owned(),
                ),
            ]
        } else {
            let path = places.crontab.clone().unwrap_or_else(|| "crontab".into());
            vec![(path, units::crontab(&job))]
        };
        let is_own_crontab = !with_systemd && places.crontab.is_none();
        let listed: Vec<Record> = files
            .iter()
            .map(|(path, text)| {
                Record::new()
                    .data("path", path.display().to_string())
                    .data("text", text.as_str())
            })
            .collect();
        let record = Record::new()
            .data("kind", if with_systemd { "systemd" } else { "cron" })
            .data("written", !self.print && !is_own_crontab)
            .data("files", listed);
        if self.print || is_own_crontab {
            let lines = shown(&files, with_systemd);
            let report = Report::lines(record, lines);
            return Ok(if self.print {
                report
            } else {
                report.note("Add this line to your crontab with `crontab -e`.")
            });
        }
        write(call, &files)?;
        let mut report = Report::lines(record, Vec::new());
        for (path, _) in &files {
            report = report.note(format!("Wrote {}.", path.display()));
        }
        Ok(if !with_systemd {
            report
        } else if places.crontab.is_some() {
            report.note("Begin with: systemctl daemon-reload && systemctl enable --now recovery-codes-worker.timer")
        } else {
            report.note("Begin with: systemctl --user daemon-reload && systemctl --user enable --now recovery-codes-worker.timer")
        })
    }
}

/// The call of the worker with the paths in force.
fn job(call: &Call<'_>) -> Result<Job> {
    let settings = call.settings()?;
    let whole = |path: &Path| {
        std::path::absolute(path)
            .map_err(|error| Error::file(format!("cannot find {}", path.display()), error))
    };
    let paths = &call.loaded.paths;
    let store = match paths.store.file() {
        Some(file) => Location::File(whole(file)?),
        None => paths.store.clone(),
    };
    let is_root = call.platform.places.crontab.is_some();
    let mut job = Job::new(
        &program()?,
        &store,
        &whole(&paths.config)?,
        is_root.then_some("root"),
    )?;
    if let Some(directory) = settings.log.file.as_deref().and_then(Path::parent) {
        job = job.also_writes(&whole(directory)?)?;
    }
    let mail = &settings.mail;
    let password = &settings.server.password_file;
    for path in [
        &mail.password_file,
        &mail.ca_file,
        &mail.templates,
        password,
    ]
    .into_iter()
    .flatten()
    {
        job = job.also_reads(&whole(path)?)?;
    }
    Ok(job)
}

fn shown(files: &[(PathBuf, String)], with_names: bool) -> Vec<Zeroizing<String>> {
    let mut lines = Vec::new();
    for (path, text) in files {
        if with_names {
            lines.push(Zeroizing::new(format!("# {}", path.display())));
        }
        lines.push(Zeroizing::new(text.trim_end().to_owned()));
    }
    lines
}

/// Writes the files that are not there with this text; asks first, naming each.
fn write(call: &mut Call<'_>, files: &[(PathBuf, String)]) -> Result<()> {
    let (mut consequences, mut changed) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let before = files::read_if_there(path)?;
        if before.as_deref().is_some_and(|before| before == text) {
            continue;
        }
        consequences.push(match before {
            Some(_) => format!("{} is there already and is replaced", path.display()),
            None => format!("{} is written", path.display()),
        });
        changed.push((path, text));
    }
    if changed.is_empty() {
        return Ok(());
    }
    if call.platform.places.crontab.is_some() {
        consequences.push("root runs the worker every few minutes".into());
    }
    call.confirm(&consequences.join("; "))?;
    for (path, text) in changed {
        files::directory_for(path)?;
        Prepared::write_readable(path, text.as_bytes())?.replace()?;
    }
    Ok(())
}
