//! The files a sheet of codes can be.

use super::state::words;

words! {
    /// How a sheet of codes is written.
    pub enum Format {
        /// Plain text, to read and to print.
        Txt = "txt",
        /// A table, for programs and spreadsheets.
        Csv = "csv",
        /// A page to print and keep.
        Pdf = "pdf",
    }
}
