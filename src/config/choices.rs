//! Settings that are one of a few words, known nowhere else.

use crate::model::state::words;

words! {
    /// When the administrator gets a report.
    pub enum ReportWhen {
        Always = "always",
        Changes = "changes",
        Never = "never",
    }
}

words! {
    /// When mail leaves.
    pub enum Delivery {
        Now = "now",
        Queue = "queue",
    }
}
