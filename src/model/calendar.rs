//! When a schedule runs again: steps of the calendar, counted from its first run.

use jiff::{SignedDuration, Span, Timestamp};

pub use super::at::At;
use super::state::words;

words! {
    /// How often a schedule runs.
    pub enum Every {
        Once = "once",
        /// Every sixty minutes, whatever the clock on the wall does.
        Hourly = "hourly",
        Daily = "daily",
        Weekly = "weekly",
        Monthly = "monthly",
        Quarterly = "quarterly",
        Yearly = "yearly",
    }
}

impl Every {
    /// The most seconds between two runs; none for what runs once.
    pub fn longest_turn(self) -> Option<u64> {
        const DAY: u64 = 86_400;
        match self {
            Self::Once => None,
            Self::Hourly => Some(3600),
            Self::Daily => Some(DAY),
            Self::Weekly => Some(7 * DAY),
            Self::Monthly => Some(31 * DAY),
            Self::Quarterly => Some(92 * DAY),
            Self::Yearly => Some(366 * DAY),
        }
    }
}

/// The first run strictly later than `after`; none if there is no further one, or none before
/// the calendar ends with the year 9999.
///
/// Runs are counted from the start, so that what began on the 31st comes back to the 31st after
/// a shorter month. A time of day the clock skips is as much later as the clock skips, and of
/// one it shows twice the first is meant. The cost does not depend on how long ago the start is.
pub fn next(every: Every, start: &At, after: Timestamp) -> Option<Timestamp> {
    runs_around(every, start, after).find(|run| *run > after)
}

/// The runs in their order, beginning with the start, or close before `moment` where the start
/// is further back.
fn runs_around(every: Every, start: &At, moment: Timestamp) -> impl Iterator<Item = Timestamp> {
    (number_before(every, start, moment)..).map_while(move |number| run(every, start, number))
}

/// The number of a run that is surely not later than `moment`, and at most a few steps before
/// it; 0, the start, if there is none. No zone's clock is two days away from another one.
fn number_before(every: Every, start: &At, moment: Timestamp) -> i64 {
    let seconds = moment.duration_since(start.first()).as_secs();
    let there = moment.to_zoned(start.zone().clone()).datetime();
    let begun = start.civil();
    let months = 12 * (i64::from(there.year()) - i64::from(begun.year()))
        + (i64::from(there.month()) - i64::from(begun.month()));
    let passed = match every {
        Every::Once => 0,
        Every::Hourly => seconds / 3600,
        Every::Daily => seconds / 86_400,
        Every::Weekly => seconds / (7 * 86_400),
        Every::Monthly => months,
        Every::Quarterly => months / 3,
        Every::Yearly => months / 12,
    };
    (passed - 3).max(0)
}

/// The run with this number, counted from the start as number 0.
fn run(every: Every, start: &At, number: i64) -> Option<Timestamp> {
    if number == 0 {
        return Some(start.first());
    }
    let step = Span::new();
    let span = match every {
        Every::Once => return None,
        Every::Hourly => {
            let since = SignedDuration::from_secs(number.checked_mul(3600)?);
            return start.first().checked_add(since).ok();
        }
        Every::Daily => step.try_days(number),
        Every::Weekly => step.try_weeks(number),
        Every::Monthly => step.try_months(number),
        Every::Quarterly => step.try_months(number.checked_mul(3)?),
        Every::Yearly => step.try_years(number),
    };
    let there = start.civil().checked_add(span.ok()?).ok()?;
    let moment = start.zone().to_ambiguous_timestamp(there);
    moment.compatible().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> At {
        At::parse(text, Timestamp::UNIX_EPOCH).unwrap()
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The runs after the start, on the clock of the zone.
    fn later(every: Every, start: &str, number: usize) -> Vec<String> {
        let start = at(start);
        let mut now = start.first();
        let mut runs = Vec::new();
        for _ in 0..number {
            now = next(every, &start, now).unwrap();
            let there = now.to_zoned(start.zone().clone());
            runs.push(there.strftime("%Y-%m-%d %H:%M %:z").to_string());
        }
        runs
    }

    #[test]
    fn the_first_run_is_the_start() {
        let start = at("2026-11-30T03:00[Europe/Berlin]");
        let just_before = moment("2026-11-30T01:59:59.999Z");
        for every in Every::ALL {
            for before in [Timestamp::MIN, Timestamp::UNIX_EPOCH, just_before] {
                assert_eq!(next(*every, &start, before), Some(start.first()));
            }
        }
        assert_eq!(next(Every::Once, &start, start.first()), None);
    }

    #[test]
    fn the_last_day_of_a_month_comes_back() {
        assert_eq!(
            later(Every::Monthly, "2026-01-31T03:00", 4),
            [
                "2026-02-28 03:00 +00:00",
                "2026-03-31 03:00 +00:00",
                "2026-04-30 03:00 +00:00",
                "2026-05-31 03:00 +00:00",
            ]
        );
        assert_eq!(
            later(Every::Quarterly, "2027-11-30T03:00", 3),
            [
                "2028-02-29 03:00 +00:00",
                "2028-05-30 03:00 +00:00",
                "2028-08-30 03:00 +00:00",
            ]
        );
        assert_eq!(
            later(Every::Yearly, "2028-02-29T03:00", 4),
            [
                "2029-02-28 03:00 +00:00",
                "2030-02-28 03:00 +00:00",
                "2031-02-28 03:00 +00:00",
                "2032-02-29 03:00 +00:00",
            ]
        );
    }

    #[test]
    fn the_time_of_day_outlives_summer_time() {
        assert_eq!(
            later(Every::Daily, "2026-03-28T02:30[Europe/Berlin]", 2),
            ["2026-03-29 03:30 +02:00", "2026-03-30 02:30 +02:00"]
        );
        // Begun in the hour the clock skips.
        assert_eq!(
            later(Every::Daily, "2026-03-29T02:30[Europe/Berlin]", 1),
            ["2026-03-30 02:30 +02:00"]
        );
        assert_eq!(
            later(Every::Daily, "2026-10-24T02:30[Europe/Berlin]", 2),
            ["2026-10-25 02:30 +02:00", "2026-10-26 02:30 +01:00"]
        );
        assert_eq!(
            later(Every::Weekly, "2026-03-01T02:30[America/New_York]", 2),
            ["2026-03-08 03:30 -04:00", "2026-03-15 02:30 -04:00"]
        );
        // Half an hour only.
        assert_eq!(
            later(Every::Daily, "2026-10-03T02:15[Australia/Lord_Howe]", 2),
            ["2026-10-04 02:45 +11:00", "2026-10-05 02:15 +11:00"]
        );
        // A whole day: there was no 30 December.
        assert_eq!(
            later(Every::Daily, "2011-12-29T10:00[Pacific/Apia]", 2),
            ["2011-12-31 10:00 +14:00", "2012-01-01 10:00 +14:00"]
        );
    }

    #[test]
    fn an_hour_is_sixty_minutes_also_when_the_clock_is_set() {
        assert_eq!(
            later(Every::Hourly, "2026-10-25T01:30[Europe/Berlin]", 3),
            [
                "2026-10-25 02:30 +02:00",
                "2026-10-25 02:30 +01:00",
                "2026-10-25 03:30 +01:00",
            ]
        );
    }

    #[test]
    fn the_far_future_is_reached_and_the_calendar_ends() {
        let start = at("1970-01-01T00:30");
        let late = moment("9999-12-29T12:00:00Z");
        assert_eq!(
            next(Every::Hourly, &start, late),
            Some(moment("9999-12-29T12:30:00Z"))
        );
        assert_eq!(
            next(Every::Yearly, &start, late),
            None,
            "the next would be in the year 10000"
        );
        for every in Every::ALL {
            assert_eq!(next(*every, &start, Timestamp::MAX), None);
        }
    }

    fn any_start() -> impl Strategy<Value = At> {
        const ZONES: &[&str] = &[
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Africa/Casablanca",
            "America/Scoresbysund",
            "Asia/Kathmandu",
        ];
        let zone = proptest::sample::select(ZONES);
        (1900_i64..9990, 0..366_i64, 0..86_400_i64, zone).prop_map(|(year, day, second, zone)| {
            let first: jiff::civil::Date = format!("{year:04}-01-01").parse().unwrap();
            let date = first.checked_add(Span::new().days(day)).unwrap();
            let time = Time::midnight().wrapping_add(Span::new().seconds(second));
            at(&format!("{date}T{time}[{zone}]"))
        })
    }

    proptest! {
        #[test]
        fn runs_come_strictly_later_and_none_is_left_out(
            every in proptest::sample::select(Every::ALL),
            start in any_start(),
            after in -2_208_988_800_i64..253_000_000_000,
        ) {
            let after = Timestamp::from_second(after).unwrap();
            if let Some(run) = next(every, &start, after) {
                prop_assert!(run > after);
                // Between the two there is no other.
                let just_before = Timestamp::from_second(run.as_second() - 1).unwrap();
                prop_assert_eq!(next(every, &start, just_before), Some(run));
                if let Some(further) = next(every, &start, run) {
                    prop_assert!(further > run);
                }
            }
        }

        #[test]
        fn the_time_of_day_is_the_one_that_was_said(
            start in any_start(),
            after in 0_i64..253_000_000_000,
            every in proptest::sample::select(&Every::ALL[2..]),
        ) {
            let after = Timestamp::from_second(after).unwrap();
            if let Some(run) = next(every, &start, after) {
                let there = run.to_zoned(start.zone().clone()).datetime();
                let said = start.civil();
                let skipped = |day: jiff::civil::Date| {
                    let time = day.to_datetime(said.time());
                    start.zone().to_ambiguous_timestamp(time).is_ambiguous()
                };
                let close = [there.date(), there.date().yesterday().unwrap()];
                if !close.into_iter().any(skipped) {
                    prop_assert_eq!(there.time(), said.time());
                    match every {
                        Every::Daily => {}
                        Every::Weekly => prop_assert_eq!(there.weekday(), said.weekday()),
                        _ => prop_assert_eq!(there.day(), said.day().min(there.days_in_month())),
                    }
                }
            }
        }

        #[test]
        fn jumping_close_finds_what_counting_finds(
            every in proptest::sample::select(Every::ALL),
            start in any_start(),
            seconds in -100_000_i64..10_000_000,
        ) {
            let after = start.first().checked_add(SignedDuration::from_secs(seconds)).unwrap();
            let counted = (0..).map_while(|number| run(every, &start, number)).find(|run| *run > after);
            prop_assert_eq!(next(every, &start, after), counted);
        }
    }
}
