//! What kinds of file a sheet of codes may be.

use super::state::words;

words! {
    /// The kind of a sheet's file; the word is also its ending.
    pub enum Format {
        Txt = "txt",
        Csv = "csv",
        Pdf = "pdf",
    }
}
