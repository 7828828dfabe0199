//! Moments in time, in UTC, to the millisecond; the only place that knows the time crate.

pub use jiff::Timestamp;

use jiff::SignedDuration;

use crate::error::{Error, Kind, Result};

/// A moment from milliseconds since 1970-01-01T00:00:00Z; what lies outside the calendar is
/// brought to its nearest end.
pub fn from_millis(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// The same moment without anything finer than a millisecond, so that what was stored equals
/// what was meant.
pub fn to_the_millisecond(at: Timestamp) -> Timestamp {
    from_millis(at.as_millisecond())
}

/// The moment this many seconds later, at most the end of the calendar.
pub fn after_seconds(at: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    at.checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}

/// The moment this many days of 24 hours earlier, at least the beginning of the calendar.
pub fn before_days(at: Timestamp, days: u64) -> Timestamp {
    let hours = i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(24);
    at.checked_sub(SignedDuration::from_secs(hours.saturating_mul(3600)))
        .unwrap_or(Timestamp::MIN)
}

/// Whole seconds from `now` until `then`, rounded up; 0 if it has passed.
pub fn seconds_until(now: Timestamp, then: Timestamp) -> u64 {
    let millis = then.as_millisecond() - now.as_millisecond();
    u64::try_from(millis.max(0)).unwrap_or(0).div_ceil(1000)
}

/// For an error, whoever reads it: `2026-11-23 14:05 UTC`. What a person asked for is told by
/// their [`super::zone::Zone`].
pub fn readable(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// For the name of a file: `20261123T140509Z`.
pub fn for_a_name(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Reads a point in time as a person types it after `--since`: RFC 3339, a date, a date with a
/// time (both UTC), or a span such as `2h` or `7d`, which is counted back from `now`.
///
/// # Errors
/// [`Kind::Usage`] when it is none of these.
pub fn parse(text: &str, now: Timestamp) -> Result<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(to_the_millisecond(at));
    }
    // The calendar of moments ends a day before that of dates; what is later is its end.
    if let Ok(at) = text.trim_end_matches('Z').parse::<jiff::civil::DateTime>() {
        let end = match at.year() > 0 {
            true => Timestamp::MAX,
            false => Timestamp::MIN,
        };
        let zoned = at.to_zoned(jiff::tz::TimeZone::UTC);
        return Ok(to_the_millisecond(zoned.map_or(end, |at| at.timestamp())));
    }
    if let Ok(span) = super::span::Span::parse(text)
        && let Some(at) = span.before(now)
    {
        return Ok(at);
    }
    Err(Error::new(
        Kind::Usage,
        format!("'{}' is not a point in time", text.escape_debug()),
    )
    .hint("write it like 2026-11-23, 2026-11-23T14:05, 2026-11-23T14:05:00Z, or 7d for seven days ago"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        let now = from_millis(1_000_000);
        assert_eq!(seconds_until(now, from_millis(1_000_001)), 1);
        assert_eq!(seconds_until(now, from_millis(1_060_000)), 60);
        assert_eq!(seconds_until(now, from_millis(999_000)), 0);
    }

    #[test]
    fn a_point_in_time_is_read_in_each_spelling() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        for (text, want) in [
            ("2026-11-01", "2026-11-01T00:00:00Z"),
            ("2026-11-01T10:30", "2026-11-01T10:30:00Z"),
            ("2026-11-01T10:30:00+02:00", "2026-11-01T08:30:00Z"),
            ("2h", "2026-11-23T10:00:00Z"),
            ("7d", "2026-11-16T12:00:00Z"),
        ] {
            assert_eq!(parse(text, now).unwrap().to_string(), want, "{text}");
        }
        assert_eq!(parse("soon", now).unwrap_err().kind(), Kind::Usage);
    }

    #[test]
    fn the_last_days_of_the_calendar_are_its_end() {
        let end = to_the_millisecond(Timestamp::MAX);
        for text in ["9999-12-31", "9999-12-31T23:59", "9999-12-31T23:59:59Z"] {
            assert_eq!(parse(text, Timestamp::UNIX_EPOCH).unwrap(), end, "{text}");
        }
        assert!(parse("10000-01-01", Timestamp::UNIX_EPOCH).is_err());
    }

    #[test]
    fn no_number_of_seconds_leaves_the_calendar() {
        assert_eq!(after_seconds(Timestamp::MAX, u64::MAX), Timestamp::MAX);
        assert_eq!(from_millis(i64::MAX), Timestamp::MAX);
        assert_eq!(from_millis(i64::MIN), Timestamp::MIN);
    }
}
