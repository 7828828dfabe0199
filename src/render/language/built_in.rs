//! The catalogues that are part of the program.

/// Tag and text; English first, which has every message.
pub(super) const BUILT_IN: &[(&str, &str)] = &[
    ("en", include_str!("catalogues/en.ftl")),
    ("de", include_str!("catalogues/de.ftl")),
];

/// The text of the one of this tag.
pub(super) fn built_in(tag: &str) -> Option<&'static str> {
    let found = BUILT_IN.iter().find(|(own, _)| *own == tag);
    found.map(|(_, text)| *text)
}
