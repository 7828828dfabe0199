//! Numbers on the command line, and what is said of one that does not fit.

use std::ops::RangeInclusive;

/// Reads a whole number in this range.
pub fn within(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| match (range.start(), range.end()) {
            (least, &u64::MAX) => format!("give a whole number of at least {least}"),
            (least, most) => format!("give a whole number from {least} to {most}"),
        })
    }
}

/// Reads the number of a page.
pub fn page(text: &str) -> Result<u64, String> {
    within(1..=u64::MAX)(text)
}
