//! Fills a sheet with what the settings and a batch say.

use zeroize::Zeroizing;

use crate::actions::users::languages::texts;
use crate::config::Settings;
use crate::error::Result;
use crate::model::id::BatchName;
use crate::model::language::LanguageTag;
use crate::model::time::Timestamp;
use crate::platform::fonts;
use crate::render::sheet::Sheet;

/// What stands on a sheet beside what the settings say.
pub(in crate::actions) struct Contents<'a> {
    pub user: &'a str,
    /// The user's own language, if there is one.
    pub language: Option<&'a LanguageTag>,
    pub batch: &'a BatchName,
    pub issued_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub codes: Vec<Zeroizing<String>>,
}

/// A sheet with all that stands on it.
///
/// # Errors
/// As [`texts`].
pub(in crate::actions) fn fill(settings: &Settings, contents: Contents<'_>) -> Result<Sheet> {
    Ok(Sheet {
        site: settings.site.name.clone(),
        login_url: settings.site.login_url.clone(),
        user: contents.user.to_owned(),
        batch: contents.batch.clone(),
        issued_at: contents.issued_at,
        expires_at: contents.expires_at,
        zone: settings.time.zone.clone(),
        texts: texts(settings, contents.language)?,
        fonts: fonts::faces(settings.export.font.clone()),
        codes: contents.codes,
    })
}
