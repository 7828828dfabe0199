//! Fills a sheet with what the settings and a batch say.

use zeroize::Zeroizing;

use crate::config::Settings;
use crate::error::Result;
use crate::model::format::Format;
use crate::model::id::BatchName;
use crate::model::time::Timestamp;
use crate::render::sheet::{self, Sheet};

/// What stands on a sheet beside what the settings say.
pub(in crate::actions) struct Contents<'a> {
    pub user: &'a str,
    pub batch: &'a BatchName,
    pub issued_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub codes: Vec<Zeroizing<String>>,
}

/// A sheet with all that stands on it.
pub(in crate::actions) fn fill(settings: &Settings, contents: Contents<'_>) -> Sheet {
    Sheet {
        site: settings.site.name.clone(),
        login_url: settings.site.login_url.clone(),
        user: contents.user.to_owned(),
        batch: contents.batch.clone(),
        issued_at: contents.issued_at,
        expires_at: contents.expires_at,
        zone: settings.time.zone.clone(),
        codes: contents.codes,
    }
}

/// The bytes of a sheet.
pub(in crate::actions) fn render(
    settings: &Settings,
    contents: Contents<'_>,
    format: Format,
) -> Result<Zeroizing<Vec<u8>>> {
    sheet::render(&fill(settings, contents), format)
}
