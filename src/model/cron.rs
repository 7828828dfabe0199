//! Cron expressions, the only place that knows the crate for them. It is asked in UTC: what the
//! clock of a zone does when it is set, is the calendar's business.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::at::At;
use crate::error::{Error, Kind, Result};

/// A cron expression of five fields: minute, hour, day of the month, month, day of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

/// The most characters of an expression.
const LONGEST: usize = 200;

/// What the crate looks ahead in years. A 29 February can be twice as far away.
const SIGHT: i16 = 4;

impl Pattern {
    /// Reads an expression as crontab(5) has it, with names of months and days, ranges, lists and
    /// steps.
    ///
    /// # Errors
    /// [`Kind::Usage`] for anything else, and for a day that no calendar has.
    pub fn parse(text: &str) -> Result<Self> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let pattern = Self(fields.join(" "));
        let refuse = |why: &str| {
            let text = pattern.0.escape_debug();
            Error::new(Kind::Usage, format!("'{text}' is not a cron expression{why}")).hint(
                "write minute, hour, day of the month, month and day of the week: '0 3 * * 1-5' is three o'clock from Monday to Friday",
            )
        };
        if pattern.0.len() > LONGEST {
            let what = format!("a cron expression has at most {LONGEST} characters");
            return Err(Error::new(Kind::Usage, what).hint("use ranges and steps: 0-30/5"));
        }
        if fields.len() != 5 || pattern.crontab().is_none() {
            return Err(refuse(""));
        }
        // A leap year is in every eight.
        let begin = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
        match pattern.next(begin) {
            Some(_) => Ok(pattern),
            None => Err(refuse(" that any day fits")),
        }
    }

    /// The expression, with single spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first time on the clock strictly later than `after`; none before the calendar ends.
    fn next(&self, after: DateTime) -> Option<DateTime> {
        let crontab = self.crontab()?;
        let mut from = after;
        for _ in 0..3 {
            if from.year() > 9999 - SIGHT {
                return None;
            }
            let moment: Timestamp = from.to_zoned(TimeZone::UTC).ok()?.timestamp();
            match crontab.find_next(moment) {
                Ok(found) => return Some(found.datetime()),
                Err(_) => from = from.checked_add(Span::new().years(SIGHT)).ok()?,
            }
        }
        None
    }

    /// The first run strictly later than `after`, on the clock of the start's zone and not before the
    /// start.
    pub(super) fn next_run(&self, start: &At, after: Timestamp) -> Option<Timestamp> {
        let just_before = start.first().checked_sub(SignedDuration::from_nanos(1));
        let after = after.max(just_before.unwrap_or(Timestamp::MIN));
        // Where the clock was set back, it may have shown the next time before.
        let there = after.to_zoned(start.zone().clone()).datetime();
        let begin = there.checked_sub(Span::new().days(1)).ok()?;
        let times = std::iter::successors(self.next(begin), |there| self.next(*there));
        let mut first: Option<Timestamp> = None;
        for there in times {
            let moment = start.zone().to_ambiguous_timestamp(there);
            let run = moment.compatible().ok()?;
            // One that the clock skips comes later than those it shows until then.
            match first {
                Some(first) if start.zone().to_datetime(first) <= there => break,
                _ if run > after => first = Some(first.map_or(run, |first| first.min(run))),
                _ => {}
            }
        }
        first
    }

    fn crontab(&self) -> Option<cronexpr::Crontab> {
        cronexpr::parse_crontab(&format!("{} UTC", self.0)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(pattern: &str, after: &str) -> String {
        let pattern = Pattern::parse(pattern).unwrap();
        pattern.next(after.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_next_time_is_strictly_later() {
        for (pattern, after, expected) in [
            ("0 3 * * 1-5", "2026-11-27T03:00", "2026-11-30T03:00:00"),
            (
                "0 3 * * mon-fri",
                "2026-11-27T02:59:59",
                "2026-11-27T03:00:00",
            ),
            ("*/15 * * * *", "2026-11-27T03:00", "2026-11-27T03:15:00"),
            ("0 0 1,15 * *", "2026-11-27T03:00", "2026-12-01T00:00:00"),
            ("0 0 29 2 *", "2026-11-27T03:00", "2028-02-29T00:00:00"),
            ("0 0 29 2 *", "2096-02-29T00:00", "2104-02-29T00:00:00"),
        ] {
            assert_eq!(next(pattern, after), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_no_expression_or_never_comes_is_refused() {
        for text in [
            "",
            "*",
            "0 3 * *",
            "0 3 * * * *",
            "60 3 * * *",
            "0 24 * * *",
            "0 3 32 * *",
            "0 3 * 13 *",
            "0 3 * * 8",
            "@daily",
            "0 3 * * 1-5 Europe/Berlin",
            "H H * * *",
            "0 0 30 2 *",
            "0 0 31 4 *",
            "x y z a b",
            "*/0 * * * *",
        ] {
            let error = Pattern::parse(text).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{text}");
        }
        let long = format!("{} * * * *", vec!["1"; 101].join(","));
        assert_eq!(Pattern::parse(&long).unwrap_err().kind(), Kind::Usage);
        let end: DateTime = "9999-12-31T00:00".parse().unwrap();
        assert_eq!(Pattern::parse("* * * * *").unwrap().next(end), None);
    }
}
