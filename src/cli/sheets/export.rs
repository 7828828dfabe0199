//! `export`: the codes as a sheet, once per batch.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use crate::actions::sheets::export::{Request, export, release, require_free};
use crate::cli::desk::{Call, Report, complete, names};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::model::file_name;
use crate::model::format::Format;
use crate::render::record::Record;

/// Write the codes of a new batch into a file, once per batch
///
/// Works for session.minutes after `generate`, for the login that gave it. The file is readable
/// by its owner only, and never written over another without --yes.
#[derive(Debug, Args)]
pub struct Export {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,

    /// What kind of file [default: by its ending, else export.format]
    #[arg(long)]
    format: Option<FormatWord>,

    /// The file, or - for standard output [default: a name with site, user and batch, or export.file_name]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
}

/// What kinds of file there are.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FormatWord {
    Txt,
    Csv,
    Pdf,
}

/// The format that is asked for, else that of the file's ending, else that of the settings.
pub fn format_for(word: Option<FormatWord>, path: Option<&Path>, settings: &Settings) -> Format {
    match word {
        Some(FormatWord::Txt) => Format::Txt,
        Some(FormatWord::Csv) => Format::Csv,
        Some(FormatWord::Pdf) => Format::Pdf,
        None => path
            .and_then(Path::extension)
            .and_then(|ending| Format::from_word(&ending.to_string_lossy().to_ascii_lowercase()))
            .unwrap_or(settings.export.format),
    }
}

/// Whether a file may be replaced; asks if there is one.
///
/// # Errors
/// [`Kind::FileExists`] where nobody can be asked, [`Kind::NotConfirmed`] for a no.
pub fn may_replace(call: &mut Call<'_>, path: &Path) -> Result<bool> {
    if path.symlink_metadata().is_err() {
        return Ok(false);
    }
    if !call.global.yes && !call.platform.terminal.is_interactive() {
        return Err(Error::new(
            Kind::FileExists,
            format!("{} is there already", path.display()),
        )
        .hint("name another file, or give --yes to replace it"));
    }
    call.confirm(&format!(
        "{} is there already and is replaced",
        path.display()
    ))?;
    Ok(true)
}

impl Export {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let user = names::user(&self.user)?;
        let settings = call.settings()?;
        let to_output = self.output.as_deref() == Some(Path::new("-"));
        if to_output && call.global.json {
            return Err(Error::new(
                Kind::Usage,
                "--json and --output - both want standard output",
            )
            .hint("name a file with --output"));
        }
        let format = format_for(self.format, self.output.as_deref(), &settings);
        let mut workspace = call.workspace()?;
        let (of, batch) = require_free(&workspace, &user)?;
        let path = self.output.unwrap_or_else(|| {
            let name = match &settings.export.file_name {
                Some(name) => name.clone(),
                None => file_name::of_sheet(&settings.site.name, &of.name, &batch.name),
            };
            format!("{name}.{}", format.word()).into()
        });
        let request = Request {
            user: &user,
            format,
            replace: !to_output && may_replace(call, &path)?,
            path: (!to_output).then(|| path.clone()),
        };
        let answer = export(&mut workspace, &request)?;
        if let Some(bytes) = &answer.bytes
            && let Err(error) = call.platform.terminal.write_output(bytes)
        {
            release(&mut workspace, &answer)?;
            return Err(Error::file("standard output cannot be written", error)
                .hint("the export is still free; try again"));
        }
        let shown = if to_output {
            "standard output".to_owned()
        } else {
            path.display().to_string()
        };
        let record = Record::new()
            .data("user", answer.user.name.as_str())
            .data("batch", answer.batch.name.as_str())
            .data("format", format.word())
            .data("output", shown.as_str());
        Ok(Report::done(
            record,
            format!(
                "Wrote the codes of {} to {shown}. A batch is exported once.",
                answer.user.name
            ),
        ))
    }
}
