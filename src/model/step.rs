//! Runs that are counted from the first one by equal steps of the calendar.

use jiff::{SignedDuration, Span, Timestamp};

use super::at::At;
use super::every::{Often, Turn, Unit};

/// What is counted from one run to the next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Nothing,
    Seconds(i64),
    Days(i64),
    Months(i64),
}

impl Step {
    pub(super) fn of(often: Often) -> Self {
        match often {
            Often::Once => Self::Nothing,
            Often::Hourly => Self::Seconds(3600),
            Often::Daily => Self::Days(1),
            Often::Weekly => Self::Days(7),
            Often::Monthly => Self::Months(1),
            Often::Quarterly => Self::Months(3),
            Often::Yearly => Self::Months(12),
        }
    }
}

impl From<Turn> for Step {
    fn from(turn: Turn) -> Self {
        match turn.unit {
            Unit::Minutes => Self::Seconds(60 * turn.number),
            Unit::Hours => Self::Seconds(3600 * turn.number),
            Unit::Days => Self::Days(turn.number),
            Unit::Weeks => Self::Days(7 * turn.number),
            Unit::Months => Self::Months(turn.number),
        }
    }
}

impl Step {
    /// The first run strictly later than `after`.
    pub(super) fn next(self, start: &At, after: Timestamp) -> Option<Timestamp> {
        (number_before(self, start, after)..)
            .map_while(|number| run(self, start, number))
            .find(|run| *run > after)
    }
}

/// The number of a run that is surely not later than `moment`, and at most a few steps before
/// it; 0, the start, if there is none. No zone's clock is two days away from another one.
fn number_before(step: Step, start: &At, moment: Timestamp) -> i64 {
    let seconds = moment.duration_since(start.first()).as_secs();
    let there = moment.to_zoned(start.zone().clone()).datetime();
    let begun = start.civil();
    let months = 12 * (i64::from(there.year()) - i64::from(begun.year()))
        + (i64::from(there.month()) - i64::from(begun.month()));
    let passed = match step {
        Step::Nothing => 0,
        Step::Seconds(each) => seconds / each,
        Step::Days(each) => seconds / (each * 86_400),
        Step::Months(each) => months / each,
    };
    (passed - 3).max(0)
}

/// The run with this number, counted from the start as number 0.
fn run(step: Step, start: &At, number: i64) -> Option<Timestamp> {
    if number == 0 {
        return Some(start.first());
    }
    let span = match step {
        Step::Nothing => return None,
        Step::Seconds(each) => {
            let since = SignedDuration::from_secs(number.checked_mul(each)?);
            return start.first().checked_add(since).ok();
        }
        Step::Days(each) => Span::new().try_days(number.checked_mul(each)?),
        Step::Months(each) => Span::new().try_months(number.checked_mul(each)?),
    };
    let there = start.civil().checked_add(span.ok()?).ok()?;
    let moment = start.zone().to_ambiguous_timestamp(there);
    moment.compatible().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::calendar::tests::any_start;
    use super::*;

    proptest! {
        #[test]
        fn jumping_close_finds_what_counting_finds(
            every in proptest::sample::select(Often::ALL),
            start in any_start(),
            seconds in -100_000_i64..10_000_000,
        ) {
            let after = start.first().checked_add(SignedDuration::from_secs(seconds)).unwrap();
            let counted = (0..).map_while(|number| run(Step::of(every), &start, number)).find(|run| *run > after);
            prop_assert_eq!(Step::of(every).next(&start, after), counted);
        }
    }
}
