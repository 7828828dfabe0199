//! A sheet in the format that is asked for.

use zeroize::Zeroizing;

use super::content::Sheet;
use crate::error::Result;
use crate::model::format::Format;

/// The whole file, wiped on drop. What a library keeps in between while it works is beyond our
/// reach: csv one small buffer, genpdf the page it lays out.
///
/// # Errors
/// [`crate::error::Kind::Io`] when a library fails; no name and no number of codes makes it.
pub fn render(sheet: &Sheet, format: Format) -> Result<Zeroizing<Vec<u8>>> {
    match format {
        Format::Txt => Ok(super::txt::write(sheet)),
        Format::Csv => super::csv::write(sheet),
        Format::Pdf => bind(std::slice::from_ref(sheet)),
    }
}

/// One pdf for these sheets, each on pages of its own, wiped on drop.
///
/// # Errors
/// As [`render`].
pub fn bind(sheets: &[Sheet]) -> Result<Zeroizing<Vec<u8>>> {
    super::pdf::write(sheets)
}
