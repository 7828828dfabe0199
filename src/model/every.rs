//! How often a schedule runs: by a word, by a turn of one's own, or by a cron expression.

use std::fmt;

use super::cron::Pattern;
use super::state::words;
use crate::error::{Error, Kind, Result};

words! {
    /// The words for how often.
    pub enum Often {
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

words! {
    /// What a turn is counted in. Minutes and hours pass; days, weeks and months are those of the
    /// calendar, so that the time of day stays when the clock is set.
    pub enum Unit {
        Minutes = "m",
        Hours = "h",
        Days = "d",
        Weeks = "w",
        Months = "mo",
    }
}

/// So many minutes, hours, days, weeks or months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub number: i64,
    pub unit: Unit,
}

/// How often a schedule runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    Often(Often),
    Turn(Turn),
    Cron(Pattern),
}

/// What a stored cron expression begins with.
const CRON: &str = "cron ";

const DAY: u64 = 86_400;

impl Turn {
    /// Reads `15m`, `6h`, `2d`, `2w` or `3mo`, from one minute to a year.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let turn = Self {
            number: text[..digits].parse().ok()?,
            unit: Unit::from_word(text[digits..].trim_start())?,
        };
        let longest = turn.longest()?;
        (turn.number > 0 && longest <= 372 * DAY).then_some(turn)
    }

    /// The most seconds it can last.
    fn longest(self) -> Option<u64> {
        let one = match self.unit {
            Unit::Minutes => 60,
            Unit::Hours => 3600,
            Unit::Days => DAY,
            Unit::Weeks => 7 * DAY,
            Unit::Months => 31 * DAY,
        };
        u64::try_from(self.number).ok()?.checked_mul(one)
    }
}

impl Every {
    /// Reads what stands behind `--every`.
    ///
    /// # Errors
    /// [`Kind::Usage`] for what is neither a word nor a turn from one minute to a year.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let often = Often::from_word(text).map(Self::Often);
        often
            .or_else(|| Turn::parse(text).map(Self::Turn))
            .ok_or_else(|| {
                let words: Vec<&str> = Often::ALL.iter().map(|often| often.word()).collect();
                Error::new(
                    Kind::Usage,
                    format!("'{}' does not say how often", text.escape_debug()),
                )
                .hint(format!(
                    "write {}, or a number with m, h, d, w or mo, from 1m to 12mo: 15m, 6h, 2d; --cron takes a cron expression",
                    words.join(", ")
                ))
            })
    }

    /// Reads a cron expression.
    ///
    /// # Errors
    /// As [`Pattern::parse`].
    pub fn parse_cron(text: &str) -> Result<Self> {
        Pattern::parse(text).map(Self::Cron)
    }

    /// Reads back what its `Display` wrote.
    pub fn from_stored(text: &str) -> Option<Self> {
        match text.strip_prefix(CRON) {
            Some(pattern) => Self::parse_cron(pattern).ok(),
            None => Self::parse(text).ok(),
        }
    }

    /// The cron expression, if it is one.
    pub fn cron(&self) -> Option<&str> {
        match self {
            Self::Cron(pattern) => Some(pattern.as_str()),
            Self::Often(_) | Self::Turn(_) => None,
        }
    }

    /// For a sentence: `daily`, `every 2d`, `by the cron expression 0 3 * * *`.
    pub fn words(&self) -> String {
        match self {
            Self::Often(often) => often.word().to_owned(),
            Self::Turn(_) => format!("every {self}"),
            Self::Cron(pattern) => format!("by the cron expression {}", pattern.as_str()),
        }
    }

    /// The most seconds between two runs; none for what runs once, and for a cron expression.
    pub fn longest_turn(&self) -> Option<u64> {
        match self {
            Self::Often(Often::Once) | Self::Cron(_) => None,
            Self::Often(Often::Hourly) => Some(3600),
            Self::Often(Often::Daily) => Some(DAY),
            Self::Often(Often::Weekly) => Some(7 * DAY),
            Self::Often(Often::Monthly) => Some(31 * DAY),
            Self::Often(Often::Quarterly) => Some(92 * DAY),
            Self::Often(Often::Yearly) => Some(366 * DAY),
            Self::Turn(turn) => turn.longest(),
        }
    }
}

impl fmt::Display for Every {
    /// One text for one column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Often(often) => f.write_str(often.word()),
            Self::Turn(turn) => write!(f, "{}{}", turn.number, turn.unit.word()),
            Self::Cron(pattern) => write!(f, "{CRON}{}", pattern.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        for text in [
            "once", "yearly", "1m", "15m", "6h", "2d", "2w", "12mo", "366d", "52w",
        ] {
            let every = Every::parse(text).unwrap();
            assert_eq!(every.to_string(), text);
            assert_eq!(Every::from_stored(text), Some(every));
        }
        assert_eq!(Every::parse(" 2 d ").unwrap().to_string(), "2d");
        assert_eq!(Every::parse("02d").unwrap().to_string(), "2d");
        let cron = Every::parse_cron(" 0  3 * * 1-5 ").unwrap();
        assert_eq!(cron.to_string(), "cron 0 3 * * 1-5");
        assert_eq!(Every::from_stored("cron 0 3 * * 1-5"), Some(cron));
        assert_eq!(Every::from_stored("cron 0 3"), None);
    }

    #[test]
    fn what_says_not_how_often_is_refused() {
        for text in [
            "",
            "0m",
            "0d",
            "-1d",
            "5x",
            "d",
            "2",
            "2 days",
            "1.5h",
            "373d",
            "54w",
            "13mo",
            "99999999999999999999m",
            "9223372036854775807m",
            "daily ly",
            "cron 0 3 * * *",
        ] {
            let error = Every::parse(text).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{text}");
        }
    }
}
