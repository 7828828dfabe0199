//! `SPAN` of the command line: a number of days, or `12h`, `30d`, `2w`, `6mo`, `1y`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::{Error, Kind, Result};

/// A length of time as a person types it; months and years follow the calendar.
///
/// ```
/// use recovery_codes::model::span::Span;
///
/// let end_of_august = "2026-08-31T10:00:00Z".parse().unwrap();
/// let there = Span::parse("6mo").unwrap().after(end_of_august).unwrap();
/// assert_eq!(there.to_string(), "2027-02-28T10:00:00Z");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Span(jiff::Span);

/// A hundred years and more: beyond this a span is surely a slip of the keyboard.
const MOST_DAYS: i64 = 36_525;

impl Span {
    /// Reads `text`; a bare number counts days.
    ///
    /// # Errors
    /// [`Kind::Usage`] for anything else, for zero, and for more than a hundred years.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = || {
            Error::new(
                Kind::Usage,
                format!("'{}' is not a span of time", text.escape_debug()),
            )
            .hint("write a number of days, or a number with m, h, d, w, mo or y: 30, 12h, 6mo")
        };
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: i64 = text[..digits].parse().map_err(|_| refuse())?;
        // A factor of days per unit, only to see that the whole stays within a human scale.
        let (days, span) = match text[digits..].trim() {
            "m" | "min" => (number / 1440, jiff::Span::new().try_minutes(number)),
            "h" => (number / 24, jiff::Span::new().try_hours(number)),
            "" | "d" => (number, jiff::Span::new().try_days(number)),
            "w" => (
                number.saturating_mul(7),
                jiff::Span::new().try_weeks(number),
            ),
            "mo" => (
                number.saturating_mul(30),
                jiff::Span::new().try_months(number),
            ),
            "y" => (
                number.saturating_mul(365),
                jiff::Span::new().try_years(number),
            ),
            _ => return Err(refuse()),
        };
        if number == 0 || days > MOST_DAYS {
            return Err(refuse());
        }
        Ok(Self(span.map_err(|_| refuse())?))
    }

    /// The moment this span after `at`, by the calendar in UTC.
    pub fn after(self, at: Timestamp) -> Option<Timestamp> {
        let there = at.to_zoned(TimeZone::UTC).checked_add(self.0).ok()?;
        Some(there.timestamp())
    }

    /// The moment this span before `at`, by the calendar in UTC.
    pub fn before(self, at: Timestamp) -> Option<Timestamp> {
        let there = at.to_zoned(TimeZone::UTC).checked_sub(self.0).ok()?;
        Some(there.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_days_unless_it_says_otherwise() {
        let at: Timestamp = "2026-08-31T10:00:00Z".parse().unwrap();
        for (text, want) in [
            ("1", "2026-09-01T10:00:00Z"),
            ("30d", "2026-09-30T10:00:00Z"),
            ("12h", "2026-08-31T22:00:00Z"),
            ("6mo", "2027-02-28T10:00:00Z"),
            ("1y", "2027-08-31T10:00:00Z"),
            (" 2 w ", "2026-09-14T10:00:00Z"),
        ] {
            let span = Span::parse(text).unwrap();
            assert_eq!(span.after(at).unwrap().to_string(), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in [
            "",
            "0",
            "0h",
            "-1",
            "d",
            "1.5d",
            "99999999",
            "1 fortnight",
            "101y",
            "９d",
        ] {
            assert_eq!(Span::parse(text).unwrap_err().kind(), Kind::Usage, "{text}");
        }
    }
}
