//! When a schedule runs again: steps of the calendar, counted from its first run.

use jiff::Timestamp;

pub use super::at::At;
pub use super::every::{Every, Often};
use super::step::Step;

/// The first run strictly later than `after`; none if there is no further one, or none before
/// the calendar ends with the year 9999.
///
/// Runs are counted from the start, so that what began on the 31st comes back to the 31st after
/// a shorter month; those of a cron expression are the times it names, from the start on. A time
/// of day the clock skips is as much later as the clock skips, and of one it shows twice the first
/// is meant. The cost does not depend on how long ago the start is.
///
/// ```
/// use recovery_codes::model::calendar::{At, Every, next, on_its_clock};
/// use recovery_codes::model::time::Timestamp;
///
/// let start = At::parse("2027-03-26T02:30[Europe/Berlin]", Timestamp::UNIX_EPOCH).unwrap();
/// let second = next(&Every::parse("2d").unwrap(), &start, start.first()).unwrap();
/// // The clock skips that hour on 28 March.
/// assert_eq!(on_its_clock(&start, second), "2027-03-28T03:30:00+02:00[Europe/Berlin]");
/// ```
pub fn next(every: &Every, start: &At, after: Timestamp) -> Option<Timestamp> {
    match every {
        Every::Cron(pattern) => pattern.next_run(start, after),
        Every::Often(often) => Step::of(*often).next(start, after),
        Every::Turn(turn) => Step::from(*turn).next(start, after),
    }
}

/// The runs later than `after`, in their order.
pub fn coming(every: &Every, start: &At, after: Timestamp) -> impl Iterator<Item = Timestamp> {
    std::iter::successors(next(every, start, after), move |run| {
        next(every, start, *run)
    })
}

/// A moment on the clock of the schedule's zone: `2026-03-29T03:30:00+02:00[Europe/Berlin]`.
pub fn on_its_clock(start: &At, at: Timestamp) -> String {
    at.to_zoned(start.zone().clone()).to_string()
}

/// The same for a narrow column: `2026-03-29 03:30 +02:00`.
pub fn on_its_clock_compact(start: &At, at: Timestamp) -> String {
    let there = at.to_zoned(start.zone().clone());
    there.strftime("%Y-%m-%d %H:%M %:z").to_string()
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::Span;
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
    fn later(every: Often, start: &str, number: usize) -> Vec<String> {
        let start = at(start);
        let mut now = start.first();
        let mut runs = Vec::new();
        for _ in 0..number {
            now = next(&Every::Often(every), &start, now).unwrap();
            let there = now.to_zoned(start.zone().clone());
            runs.push(there.strftime("%Y-%m-%d %H:%M %:z").to_string());
        }
        runs
    }

    #[test]
    fn the_first_run_is_the_start() {
        let start = at("2026-11-30T03:00[Europe/Berlin]");
        let just_before = moment("2026-11-30T01:59:59.999Z");
        for every in Often::ALL {
            for before in [Timestamp::MIN, Timestamp::UNIX_EPOCH, just_before] {
                assert_eq!(
                    next(&Every::Often(*every), &start, before),
                    Some(start.first())
                );
            }
        }
        assert_eq!(
            next(&Every::Often(Often::Once), &start, start.first()),
            None
        );
    }

    #[test]
    fn the_last_day_of_a_month_comes_back() {
        assert_eq!(
            later(Often::Monthly, "2026-01-31T03:00", 4),
            [
                "2026-02-28 03:00 +00:00",
                "2026-03-31 03:00 +00:00",
                "2026-04-30 03:00 +00:00",
                "2026-05-31 03:00 +00:00",
            ]
        );
        assert_eq!(
            later(Often::Quarterly, "2027-11-30T03:00", 3),
            [
                "2028-02-29 03:00 +00:00",
                "2028-05-30 03:00 +00:00",
                "2028-08-30 03:00 +00:00",
            ]
        );
        assert_eq!(
            later(Often::Yearly, "2028-02-29T03:00", 4),
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
            later(Often::Daily, "2026-03-28T02:30[Europe/Berlin]", 2),
            ["2026-03-29 03:30 +02:00", "2026-03-30 02:30 +02:00"]
        );
        // Begun in the hour the clock skips.
        assert_eq!(
            later(Often::Daily, "2026-03-29T02:30[Europe/Berlin]", 1),
            ["2026-03-30 02:30 +02:00"]
        );
        assert_eq!(
            later(Often::Daily, "2026-10-24T02:30[Europe/Berlin]", 2),
            ["2026-10-25 02:30 +02:00", "2026-10-26 02:30 +01:00"]
        );
        assert_eq!(
            later(Often::Weekly, "2026-03-01T02:30[America/New_York]", 2),
            ["2026-03-08 03:30 -04:00", "2026-03-15 02:30 -04:00"]
        );
        // Half an hour only.
        assert_eq!(
            later(Often::Daily, "2026-10-03T02:15[Australia/Lord_Howe]", 2),
            ["2026-10-04 02:45 +11:00", "2026-10-05 02:15 +11:00"]
        );
        // A whole day: there was no 30 December.
        assert_eq!(
            later(Often::Daily, "2011-12-29T10:00[Pacific/Apia]", 2),
            ["2011-12-31 10:00 +14:00", "2012-01-01 10:00 +14:00"]
        );
    }

    /// The runs of any schedule after a moment, on the clock of its zone.
    fn coming_of(every: &Every, start: &str, after: &str, number: usize) -> Vec<String> {
        let start = at(start);
        coming(every, &start, moment(after))
            .take(number)
            .map(|run| on_its_clock_compact(&start, run))
            .collect()
    }

    #[test]
    fn turns_of_ones_own_keep_the_time_of_day_or_pass_as_they_are() {
        let each = |text: &str| Every::parse(text).unwrap();
        assert_eq!(
            coming_of(
                &each("2d"),
                "2026-03-27T02:30[Europe/Berlin]",
                "2026-03-27T12:00:00Z",
                3
            ),
            [
                "2026-03-29 03:30 +02:00",
                "2026-03-31 02:30 +02:00",
                "2026-04-02 02:30 +02:00"
            ]
        );
        assert_eq!(
            coming_of(
                &each("2w"),
                "2026-10-11T02:30[Europe/Berlin]",
                "2026-10-12T00:00:00Z",
                2
            ),
            ["2026-10-25 02:30 +02:00", "2026-11-08 02:30 +01:00"]
        );
        assert_eq!(
            coming_of(
                &each("6h"),
                "2026-10-24T21:00[Europe/Berlin]",
                "2026-10-24T19:00:00Z",
                3
            ),
            [
                "2026-10-25 02:00 +01:00",
                "2026-10-25 08:00 +01:00",
                "2026-10-25 14:00 +01:00"
            ]
        );
        assert_eq!(
            coming_of(
                &each("15m"),
                "2026-03-29T01:45[Europe/Berlin]",
                "2026-03-29T00:45:00Z",
                2
            ),
            ["2026-03-29 03:00 +02:00", "2026-03-29 03:15 +02:00"]
        );
        assert_eq!(
            coming_of(&each("1mo"), "2026-01-31T03:00", "2026-02-01T00:00:00Z", 2),
            ["2026-02-28 03:00 +00:00", "2026-03-31 03:00 +00:00"]
        );
    }

    #[test]
    fn a_cron_expression_goes_by_the_clock_of_the_zone() {
        let cron = |text: &str| Every::parse_cron(text).unwrap();
        let nightly = cron("30 2 * * *");
        let begin = "2026-01-01T00:00[Europe/Berlin]";
        assert_eq!(
            coming_of(&nightly, begin, "2026-03-28T12:00:00Z", 2),
            ["2026-03-29 03:30 +02:00", "2026-03-30 02:30 +02:00"]
        );
        assert_eq!(
            coming_of(&nightly, begin, "2026-10-24T12:00:00Z", 2),
            ["2026-10-25 02:30 +02:00", "2026-10-26 02:30 +01:00"]
        );
        // From the second half past two on.
        assert_eq!(
            coming_of(&nightly, begin, "2026-10-25T01:15:00Z", 1),
            ["2026-10-26 02:30 +01:00"]
        );
        assert_eq!(
            coming_of(&cron("0 3 * * 1-5"), begin, "2026-03-27T12:00:00Z", 2),
            ["2026-03-30 03:00 +02:00", "2026-03-31 03:00 +02:00"]
        );
        // The hour that is skipped falls together with the next.
        assert_eq!(
            coming_of(&cron("*/30 * * * *"), begin, "2026-03-29T00:15:00Z", 3),
            [
                "2026-03-29 01:30 +01:00",
                "2026-03-29 03:00 +02:00",
                "2026-03-29 03:30 +02:00"
            ]
        );
        // Half an hour is skipped: what comes later for it overtakes nothing.
        assert_eq!(
            coming_of(
                &cron("15,35 2 * * *"),
                "2026-01-01T00:00[Australia/Lord_Howe]",
                "2026-10-03T15:00:00Z",
                3
            ),
            [
                "2026-10-04 02:35 +11:00",
                "2026-10-04 02:45 +11:00",
                "2026-10-05 02:15 +11:00"
            ]
        );
        // Nothing runs before the start, and what is meant may begin with it.
        assert_eq!(
            coming_of(
                &nightly,
                "2026-12-24T02:30[Europe/Berlin]",
                "2026-01-01T00:00:00Z",
                1
            ),
            ["2026-12-24 02:30 +01:00"]
        );
    }

    #[test]
    fn an_hour_is_sixty_minutes_also_when_the_clock_is_set() {
        assert_eq!(
            later(Often::Hourly, "2026-10-25T01:30[Europe/Berlin]", 3),
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
            next(&Every::Often(Often::Hourly), &start, late),
            Some(moment("9999-12-29T12:30:00Z"))
        );
        assert_eq!(
            next(&Every::Often(Often::Yearly), &start, late),
            None,
            "the next would be in the year 10000"
        );
        for every in Often::ALL {
            assert_eq!(next(&Every::Often(*every), &start, Timestamp::MAX), None);
        }
    }

    pub(in crate::model) fn any_start() -> impl Strategy<Value = At> {
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
            every in proptest::sample::select(Often::ALL),
            start in any_start(),
            after in -2_208_988_800_i64..253_000_000_000,
        ) {
            let after = Timestamp::from_second(after).unwrap();
            if let Some(run) = next(&Every::Often(every), &start, after) {
                prop_assert!(run > after);
                // Between the two there is no other.
                let just_before = Timestamp::from_second(run.as_second() - 1).unwrap();
                prop_assert_eq!(next(&Every::Often(every), &start, just_before), Some(run));
                if let Some(further) = next(&Every::Often(every), &start, run) {
                    prop_assert!(further > run);
                }
            }
        }

        #[test]
        fn the_time_of_day_is_the_one_that_was_said(
            start in any_start(),
            after in 0_i64..253_000_000_000,
            every in proptest::sample::select(&Often::ALL[2..]),
        ) {
            let after = Timestamp::from_second(after).unwrap();
            if let Some(run) = next(&Every::Often(every), &start, after) {
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
                        Often::Daily => {}
                        Often::Weekly => prop_assert_eq!(there.weekday(), said.weekday()),
                        _ => prop_assert_eq!(there.day(), said.day().min(there.days_in_month())),
                    }
                }
            }
        }

        #[test]
        fn a_cron_expression_names_every_run_and_no_other(
            pattern in proptest::sample::select(&[
                "*/20 * * * *", "30 2 * * *", "0 3 * * 1-5", "15,35 2,3 1,15 * *", "0 0 29 2 *",
            ][..]),
            start in any_start(),
            after in 0_i64..253_000_000_000,
        ) {
            let every = Every::parse_cron(pattern).unwrap();
            let after = Timestamp::from_second(after).unwrap();
            if let Some(run) = next(&every, &start, after) {
                prop_assert!(run > after && run >= start.first());
                let just_before = Timestamp::from_second(run.as_second() - 1).unwrap();
                prop_assert_eq!(next(&every, &start, just_before), Some(run));
                if let Some(further) = next(&every, &start, run) {
                    prop_assert!(further > run);
                }
            }
        }
    }
}
