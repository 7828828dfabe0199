//! On whose clock times are told to people. Programs are told them in UTC.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::time::Timestamp;

/// A time zone by its name in the IANA database, or whatever this machine's clock shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// As `TZ` says, else `/etc/localtime`; UTC where neither does. Read when a time is told.
    #[default]
    System,
    Utc,
    Named(TimeZone),
}

impl Zone {
    /// The zone of this name, such as `Europe/Berlin`; none if there is none.
    pub fn named(name: &str) -> Option<Self> {
        if name == "UTC" {
            return Some(Self::Utc);
        }
        jiff::tz::db()
            .get(name)
            .or_else(|_| TimeZoneDatabase::bundled().get(name))
            .ok()
            .filter(|zone| !zone.is_unknown())
            .map(Self::Named)
    }

    fn rules(&self) -> TimeZone {
        match self {
            Self::System => Some(TimeZone::system())
                .filter(|zone| !zone.is_unknown())
                .unwrap_or(TimeZone::UTC),
            Self::Utc => TimeZone::UTC,
            Self::Named(zone) => zone.clone(),
        }
    }

    /// For a narrow column: `2026-11-23 14:05Z`, `2026-11-23 15:05+01`, which may be broken at the
    /// space and can be read back (RFC 3339 with the offset of ISO 8601).
    pub fn compact(&self, at: Timestamp) -> String {
        let zone = self.rules();
        if zone == TimeZone::UTC {
            return at.strftime("%Y-%m-%d %H:%MZ").to_string();
        }
        let there = at.to_zoned(zone).strftime("%Y-%m-%d %H:%M%:z").to_string();
        there
            .strip_suffix(":00")
            .map_or(there.clone(), str::to_owned)
    }

    /// The day alone: `2026-11-23`.
    pub fn date(&self, at: Timestamp) -> String {
        at.to_zoned(self.rules()).strftime("%Y-%m-%d").to_string()
    }

    /// For a sentence: `2026-11-23 14:05 UTC`, `2026-11-23 15:05 CET`.
    pub fn readable(&self, at: Timestamp) -> String {
        at.to_zoned(self.rules())
            .strftime("%Y-%m-%d %H:%M %Z")
            .to_string()
    }

    /// The time of day to the second: `15:05:09 CET`.
    pub fn time_of_day(&self, at: Timestamp) -> String {
        at.to_zoned(self.rules())
            .strftime("%H:%M:%S %Z")
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time;

    #[test]
    fn each_form_names_the_zone() {
        let at: Timestamp = "2026-07-23T22:05:09Z".parse().unwrap();
        for (name, compact, readable) in [
            ("UTC", "2026-07-23 22:05Z", "2026-07-23 22:05 UTC"),
            (
                "Europe/Berlin",
                "2026-07-24 00:05+02",
                "2026-07-24 00:05 CEST",
            ),
            (
                "Asia/Kolkata",
                "2026-07-24 03:35+05:30",
                "2026-07-24 03:35 IST",
            ),
            (
                "America/Sao_Paulo",
                "2026-07-23 19:05-03",
                "2026-07-23 19:05 -03",
            ),
        ] {
            let zone = Zone::named(name).unwrap();
            assert_eq!(zone.compact(at), compact);
            assert_eq!(zone.readable(at), readable);
            let read = time::parse(compact, at).unwrap();
            assert_eq!(read, "2026-07-23T22:05:00Z".parse().unwrap(), "{compact}");
        }
        assert_eq!(Zone::named("Asia/Kolkata").unwrap().date(at), "2026-07-24");
        for none in ["", "Mars/Olympus", "CET+1", "utc1", "/etc/passwd", "../x"] {
            assert_eq!(Zone::named(none), None, "{none}");
        }
    }
}
