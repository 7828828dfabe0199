//! When a schedule runs first: a time on the clock of a named zone, as a person types it.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use crate::error::{Error, Kind, Result};

/// A date, a time of day to the second, and the zone whose calendar and clock are meant.
///
/// It is kept as it was said, not as a moment: where the clock skips that time of day, a later
/// run finds it again, and where the zone's rules change, the time of day stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    civil: DateTime,
    /// Tells the two apart where the clock shows the same time twice.
    offset: Option<Offset>,
    zone: TimeZone,
}

impl At {
    /// Reads RFC 3339, `2026-11-30T03:00`, `2026-11-30 03:00`, `2026-11-30` (midnight) or
    /// `03:00` (the next such time after `now`), each with an optional zone in brackets:
    /// `03:00[Europe/Berlin]`. Without zone and offset it is UTC.
    ///
    /// # Errors
    /// [`Kind::Usage`] for anything else, for a zone nobody knows, for an offset the zone does
    /// not have at that time, and for what lies beyond the year 9999.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self> {
        let text = text.trim();
        if !is_time_of_day(text) {
            return read(text, text);
        }
        // The zone's own date is at most a day away from the date in UTC.
        let mut date = now.to_zoned(TimeZone::UTC).date().yesterday();
        loop {
            let day = date.map_err(|_| not_a_time(text))?;
            let at = read(&format!("{day}T{text}"), text)?;
            if at.first() > now {
                return Ok(at);
            }
            date = day.tomorrow();
        }
    }

    /// This moment to the minute, on the clock of UTC.
    pub fn in_utc(at: Timestamp) -> Self {
        let there = at.to_zoned(TimeZone::UTC).datetime();
        Self {
            civil: there.date().at(there.hour(), there.minute(), 0, 0),
            offset: None,
            zone: TimeZone::UTC,
        }
    }

    /// Reads back what [`At::to_stored`] wrote.
    ///
    /// # Errors
    /// [`Kind::DamagedStore`] if it is not that, or if its zone is no longer known.
    pub fn from_stored(text: &str) -> Result<Self> {
        read(text, text).map_err(|error| {
            Error::new(
                Kind::DamagedStore,
                "the store holds a start of a schedule that cannot be read",
            )
            .because(error)
            .hint("set it anew with `recovery-codes schedule edit NAME --at TIME`")
        })
    }

    /// One text for one column: `2026-11-30T03:00:00[Europe/Berlin]`, or with an offset alone.
    pub fn to_stored(&self) -> String {
        let said = Pieces::from(self.civil);
        let said = match self.offset {
            Some(offset) => said.with_offset(offset),
            None => said,
        };
        match (self.zone.iana_name(), self.zone.to_fixed_offset()) {
            (Some(name), _) => said.with_time_zone_name(name).to_string(),
            (None, Ok(offset)) => said.with_offset(offset).to_string(),
            (None, Err(_)) => said.to_string(),
        }
    }

    /// The moment of the first run. A time the clock skips is as much later as the clock skips;
    /// of a time it shows twice the first is meant, unless the offset said otherwise.
    pub fn first(&self) -> Timestamp {
        let moment = self.zone.to_ambiguous_timestamp(self.civil);
        let is_second = match moment.offset() {
            AmbiguousOffset::Fold { after, .. } => self.offset == Some(after),
            _ => false,
        };
        let found = if is_second {
            moment.later()
        } else {
            moment.compatible()
        };
        // Reading refused what lies beyond the calendar.
        found.unwrap_or(Timestamp::MAX)
    }

    /// Date and time of day, as they were said.
    pub(super) fn civil(&self) -> DateTime {
        self.civil
    }

    /// The zone whose calendar the runs follow.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// Two digits and a colon: no date begins like this.
fn is_time_of_day(text: &str) -> bool {
    matches!(text.as_bytes(), [a, b, b':', ..] if a.is_ascii_digit() && b.is_ascii_digit())
}

fn not_a_time(text: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!("'{}' is not a time", text.escape_debug()),
    )
    .hint("write it like 03:00, 2026-11-30T03:00, 2026-11-30T03:00:00Z, or 03:00[Europe/Berlin]")
}

/// A date with all that may follow it; an error speaks of it as it was `typed`.
fn read(full: &str, typed: &str) -> Result<At> {
    let closed_up = full.replace(" [", "[");
    let pieces = Pieces::parse(&closed_up).map_err(|_| not_a_time(typed))?;
    let time = pieces.time().unwrap_or(Time::midnight());
    let time = time
        .with()
        .subsec_nanosecond(0)
        .build()
        .map_err(|_| not_a_time(typed))?;
    let civil = pieces.date().to_datetime(time);
    let named = match pieces.time_zone_annotation() {
        None => None,
        Some(name) => Some(
            // A system may lack the table, or the older names of it.
            name.to_time_zone_with(jiff::tz::db())
                .or_else(|_| name.to_time_zone_with(&TimeZoneDatabase::bundled()))
                .ok()
                .filter(|zone| !zone.is_unknown() && zone.iana_name().is_none_or(is_lasting))
                .ok_or_else(|| unknown_zone(typed))?,
        ),
    };
    let at = match (named, pieces.offset()) {
        (None, offset) => At {
            civil,
            offset: None,
            zone: TimeZone::fixed(offset.map_or(Offset::UTC, |said| said.to_numeric_offset())),
        },
        (Some(zone), None) => At {
            civil,
            offset: None,
            zone,
        },
        // A `Z` says the moment only, and nothing of the zone's clock (RFC 9557, section 2.2).
        (Some(zone), Some(PiecesOffset::Zulu)) => {
            let moment = Offset::UTC
                .to_timestamp(civil)
                .map_err(|_| not_a_time(typed))?;
            let there = moment.to_zoned(zone.clone());
            At {
                civil: there.datetime(),
                offset: Some(there.offset()),
                zone,
            }
        }
        (Some(zone), Some(said)) => {
            let said = said.to_numeric_offset();
            let has_it = match zone.to_ambiguous_timestamp(civil).offset() {
                AmbiguousOffset::Unambiguous { offset } => said == offset,
                AmbiguousOffset::Fold { before, after } => said == before || said == after,
                AmbiguousOffset::Gap { .. } => false,
            };
            if !has_it {
                return Err(wrong_offset(typed));
            }
            At {
                civil,
                offset: Some(said),
                zone,
            }
        }
    };
    let is_within = at
        .zone
        .to_ambiguous_timestamp(at.civil)
        .compatible()
        .is_ok_and(|moment| moment < Timestamp::MAX);
    // An offset with seconds could not be written down again.
    let is_writable = at
        .zone
        .to_fixed_offset()
        .is_ok_and(|offset| offset.seconds() % 60 == 0)
        || at.zone.iana_name().is_some();
    if is_within && is_writable {
        Ok(at)
    } else {
        Err(not_a_time(typed))
    }
}

/// Whether a zone's name means the same tomorrow and on another machine: not what this machine
/// has set, and no private copy of its table.
fn is_lasting(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_alias = matches!(name.as_str(), "localtime" | "posixrules");
    !is_alias && !name.starts_with("posix/") && !name.starts_with("right/")
}

fn unknown_zone(text: &str) -> Error {
    let name = text.split(['[', ']']).nth(1).unwrap_or(text);
    Error::new(
        Kind::Usage,
        format!("there is no time zone '{}'", name.escape_debug()),
    )
    .hint("write a zone's full name, such as Europe/Berlin, or leave it away for UTC")
}

fn wrong_offset(text: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!(
            "'{}' names an offset that zone does not have then",
            text.escape_debug()
        ),
    )
    .hint("leave the offset away: the zone knows its own")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_start_is_read_in_each_spelling() {
        for (text, want) in [
            ("2026-11-30T03:00:00Z", "2026-11-30T03:00:00Z"),
            ("2026-11-30T03:00:00+02:00", "2026-11-30T01:00:00Z"),
            ("2026-11-30T03:00", "2026-11-30T03:00:00Z"),
            (" 2026-11-30 03:00 ", "2026-11-30T03:00:00Z"),
            ("2026-11-30", "2026-11-30T00:00:00Z"),
            ("2026-11-30T03:00[Europe/Berlin]", "2026-11-30T02:00:00Z"),
            ("2026-11-30 03:00 [europe/berlin]", "2026-11-30T02:00:00Z"),
            (
                "2026-11-30T03:00+01:00[Europe/Berlin]",
                "2026-11-30T02:00:00Z",
            ),
            ("2026-11-30T03:00Z[Europe/Berlin]", "2026-11-30T03:00:00Z"),
            ("2026-11-30T03:00[+05:30]", "2026-11-29T21:30:00Z"),
            ("2026-11-30T03:00:07.9", "2026-11-30T03:00:07Z"),
            ("2020-01-01T03:00", "2020-01-01T03:00:00Z"),
            ("2026-11-30T03:00[US/Eastern]", "2026-11-30T08:00:00Z"),
        ] {
            let at = At::parse(text, now()).unwrap();
            assert_eq!(at.first().to_string(), want, "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_the_next_such_time_in_its_zone() {
        for (text, want) in [
            ("12:01", "2026-11-23T12:01:00Z"),
            ("12:00", "2026-11-24T12:00:00Z"),
            ("03:00", "2026-11-24T03:00:00Z"),
            ("12:59[Europe/Berlin]", "2026-11-24T11:59:00Z"),
            ("13:01[Europe/Berlin]", "2026-11-23T12:01:00Z"),
            ("01:59[Pacific/Kiritimati]", "2026-11-24T11:59:00Z"),
            ("02:01[Pacific/Kiritimati]", "2026-11-23T12:01:00Z"),
            ("00:30[Pacific/Pago_Pago]", "2026-11-24T11:30:00Z"),
            ("01:30[Pacific/Pago_Pago]", "2026-11-23T12:30:00Z"),
            ("03:00Z", "2026-11-24T03:00:00Z"),
            ("03:00-08:00", "2026-11-24T11:00:00Z"),
        ] {
            let at = At::parse(text, now()).unwrap();
            assert_eq!(at.first().to_string(), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_start_is_refused_with_what_was_typed() {
        for (text, want) in [
            ("", "'' is not a time"),
            ("soon", "'soon' is not a time"),
            ("25:00", "'25:00' is not a time"),
            ("3:00", "'3:00' is not a time"),
            ("03:00[", "'03:00[' is not a time"),
            ("2026-02-29T03:00", "'2026-02-29T03:00' is not a time"),
            ("9999-12-31T03:00", "'9999-12-31T03:00' is not a time"),
            ("1d", "'1d' is not a time"),
            ("\u{1b}[2J", "'\\u{1b}[2J' is not a time"),
            ("03:00[Europe/Bonn]", "there is no time zone 'Europe/Bonn'"),
            ("03:00[localtime]", "there is no time zone 'localtime'"),
            (
                "03:00[right/Europe/Berlin]",
                "there is no time zone 'right/Europe/Berlin'",
            ),
            ("03:00[Etc/Unknown]", "there is no time zone 'Etc/Unknown'"),
            (
                "2026-11-30T03:00+05:00[Europe/Berlin]",
                "'2026-11-30T03:00+05:00[Europe/Berlin]' names an offset that zone does not have then",
            ),
            (
                "03:00+05:00[Europe/Berlin]",
                "'03:00+05:00[Europe/Berlin]' names an offset that zone does not have then",
            ),
        ] {
            let error = At::parse(text, now()).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{text}");
            assert_eq!(error.to_string(), want);
            assert!(error.advice().is_some(), "{text}");
        }
        assert_eq!(
            At::from_stored("soon").unwrap_err().kind(),
            Kind::DamagedStore
        );
    }

    #[test]
    fn what_is_stored_is_what_was_said() {
        for (text, stored) in [
            ("2026-11-30T03:00", "2026-11-30T03:00:00[UTC]"),
            ("2026-11-30T03:00+02:00", "2026-11-30T03:00:00+02:00"),
            (
                "2026-11-30T03:00[europe/berlin]",
                "2026-11-30T03:00:00[Europe/Berlin]",
            ),
            // Skipped by the clock, yet it stays half past two.
            (
                "2026-03-29T02:30[Europe/Berlin]",
                "2026-03-29T02:30:00[Europe/Berlin]",
            ),
            // The second half past two of that night.
            (
                "2026-10-25T02:30+01:00[Europe/Berlin]",
                "2026-10-25T02:30:00+01:00[Europe/Berlin]",
            ),
        ] {
            let at = At::parse(text, now()).unwrap();
            assert_eq!(at.to_stored(), stored);
            assert_eq!(At::from_stored(stored).unwrap(), at);
        }
    }

    #[test]
    fn skipped_and_doubled_times_have_one_moment() {
        for (text, want) in [
            ("2026-03-29T02:30[Europe/Berlin]", "2026-03-29T01:30:00Z"),
            ("2026-10-25T02:30[Europe/Berlin]", "2026-10-25T00:30:00Z"),
            (
                "2026-10-25T02:30+02:00[Europe/Berlin]",
                "2026-10-25T00:30:00Z",
            ),
            (
                "2026-10-25T02:30+01:00[Europe/Berlin]",
                "2026-10-25T01:30:00Z",
            ),
            (
                "2026-10-04T02:15[Australia/Lord_Howe]",
                "2026-10-03T15:45:00Z",
            ),
        ] {
            assert_eq!(
                At::parse(text, now()).unwrap().first().to_string(),
                want,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_stumble(text in "\\PC{0,40}|[0-9TZ:+\\[\\]/ A-Za-z-]{0,40}") {
            if let Ok(at) = At::parse(&text, now()) {
                prop_assert_eq!(At::from_stored(&at.to_stored()).unwrap(), at);
            }
        }

        #[test]
        fn every_offset_is_read_back(hours in -25_i8..=25, minutes in 0..60_u8) {
            let text = format!("2026-11-30T03:00{hours:+03}:{minutes:02}");
            let at = At::parse(&text, now()).unwrap();
            prop_assert_eq!(At::from_stored(&at.to_stored()).unwrap(), at);
        }
    }
}
