//! The built-in templates, each of which a site can replace by a file of the same name.

use std::collections::BTreeMap;

/// Templates of the site by file name, such as `used.subject.txt`, `used.txt` and `used.html`.
pub type Overrides = BTreeMap<String, String>;

macro_rules! built_in {
    ($($name:literal)+) => {
        /// File name and text.
        pub(super) const BUILT_IN: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("templates/", $name))),)+];
    };
}

built_in! {
    "layout.txt" "layout.html"
    "codes.subject.txt" "codes.txt" "codes.html"
    "generated.subject.txt" "generated.txt" "generated.html"
    "temporary.subject.txt" "temporary.txt" "temporary.html"
    "used.subject.txt" "used.txt" "used.html"
    "low.subject.txt" "low.txt" "low.html"
    "locked.subject.txt" "locked.txt" "locked.html"
    "reminder.subject.txt" "reminder.txt" "reminder.html"
    "report.subject.txt" "report.txt" "report.html"
    "forged.subject.txt" "forged.txt" "forged.html"
}

/// The names of the files by which a site can replace a template.
pub fn file_names() -> Vec<&'static str> {
    BUILT_IN.iter().map(|(name, _)| *name).collect()
}
