//! In which language people read their sheets and letters: their own, else the site's, else English.

use std::sync::Arc;

use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::model::language::LanguageTag;
use crate::platform::files;
use crate::render::language::{Own, Texts, known};

/// The site's own catalogues.
///
/// # Errors
/// [`Kind::Config`] when their directory is not there, and what reading them says.
pub(in crate::actions) fn own(settings: &Settings) -> Result<Own> {
    let Some(directory) = &settings.site.languages else {
        return Ok(Own::new());
    };
    let names: Vec<String> = files::list(directory, ENDING)?
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = files::read_named(directory, &names)?;
    let name = |file: String| file.trim_end_matches(".ftl").to_owned();
    Ok(found
        .into_iter()
        .map(|(file, text)| (name(file), text))
        .collect())
}

const ENDING: &str = "ftl";

/// The texts for somebody who reads this language. What became of a language that is no longer there is
/// told by `check`; the reader gets the site's.
///
/// # Errors
/// As [`own`], and [`Kind::Config`] for a catalogue that is broken and for a `site.language` of which
/// there is none.
pub(in crate::actions) fn texts(
    settings: &Settings,
    language: Option<&LanguageTag>,
) -> Result<Arc<Texts>> {
    let own = own(settings)?;
    // What stands in the store may be none.
    let language = language.and_then(|tag| LanguageTag::parse(tag.as_str()).ok());
    if let Some(tag) = language
        && let Some(texts) = Texts::of(&tag, &own)?
    {
        return Ok(Arc::new(texts));
    }
    let tag = LanguageTag::parse(&settings.site.language)
        .map_err(|error| Error::new(Kind::Config, "site.language is no language").because(error))?;
    match Texts::of(&tag, &own)? {
        Some(texts) => Ok(Arc::new(texts)),
        None => Err(Error::new(
            Kind::Config,
            format!("there is no catalogue of the language {tag}, which site.language names"),
        )
        .hint(format!(
            "there are {}; put {tag}.ftl into the directory that site.languages names, or choose another",
            known(&own).join(", ")
        ))),
    }
}

/// English, for letters to the administrator.
///
/// # Errors
/// None: it is built in.
pub(in crate::actions) fn english() -> Result<Arc<Texts>> {
    let tag = LanguageTag::parse(LanguageTag::ENGLISH)?;
    let texts = Texts::of(&tag, &Own::new())?;
    texts.map(Arc::new).ok_or_else(|| {
        Error::new(Kind::Config, "there are no English texts").hint("install the program anew")
    })
}

/// Sees that there is a catalogue of a language.
///
/// # Errors
/// [`Kind::UnknownLanguage`], and as [`own`].
pub(in crate::actions) fn require(settings: &Settings, tag: &LanguageTag) -> Result<()> {
    let own = own(settings)?;
    if Texts::of(tag, &own)?.is_some() {
        return Ok(());
    }
    Err(Error::new(
        Kind::UnknownLanguage,
        format!("there is no catalogue of the language {tag}"),
    )
    .hint(format!(
        "there are {}; others go into the directory that site.languages names",
        known(&own).join(", ")
    )))
}
