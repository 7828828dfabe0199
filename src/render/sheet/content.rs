//! What stands on a sheet, however it is written.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::model::font::Faces;
use crate::model::id::BatchName;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::render::language::Texts;
use crate::render::visible::visible_line;

/// A batch of codes with all that a person needs to know about it. Its `Debug` shows no code.
pub struct Sheet {
    /// The site's name.
    pub site: String,
    /// Where to log in.
    pub login_url: Option<String>,
    /// Whose codes they are.
    pub user: String,
    pub batch: BatchName,
    pub issued_at: Timestamp,
    /// None: they do not expire.
    pub expires_at: Option<Timestamp>,
    /// On whose clock the times are.
    pub zone: Zone,
    /// What it is written in.
    pub texts: Arc<Texts>,
    /// Where a pdf finds what the built-in faces lack.
    pub fonts: Faces,
    /// In groups, joined by dashes; the first group is the hint.
    pub codes: Vec<Zeroizing<String>>,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sheet({})", self.batch.short())
    }
}

impl Sheet {
    /// The sheet's title.
    pub(super) fn title(&self) -> String {
        self.texts.plain("sheet-title")
    }

    /// Which codes these are, as labels and values; nothing in them breaks a line.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        let label = |message| visible_line(&self.texts.plain(message));
        let mut facts = vec![(label("sheet-site"), visible_line(&self.site))];
        if let Some(url) = &self.login_url {
            facts.push((label("sheet-login"), visible_line(url)));
        }
        facts.push((label("sheet-user"), visible_line(&self.user)));
        facts.push((label("sheet-batch"), self.batch.short().to_owned()));
        facts.push((label("sheet-issued"), self.zone.readable(self.issued_at)));
        let end = self.expires_at.map(|at| self.zone.readable(at));
        facts.push((
            label("sheet-expires"),
            end.unwrap_or_else(|| label("sheet-never")),
        ));
        facts
    }

    /// How and where the codes are used and kept, a paragraph each.
    pub(super) fn advice(&self) -> Vec<String> {
        let has_two_cases = self
            .codes
            .iter()
            .any(|code| code.bytes().any(|byte| byte.is_ascii_lowercase()));
        let cases = match has_two_cases {
            true => "sheet-two-cases",
            false => "sheet-one-case",
        };
        [
            "sheet-use",
            cases,
            "sheet-once",
            "sheet-keep",
            "sheet-which",
        ]
        .map(|message| self.texts.plain(message))
        .to_vec()
    }
}

/// A code's hint and all that follows it.
pub(super) fn parts(code: &str) -> (&str, &str) {
    code.split_at(code.find('-').unwrap_or(code.len()))
}

/// Sheets for the tests beside the formats.
#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::model::time;

    /// A sheet with codes that are never the same and always the same.
    pub fn sheet(user: &str, codes: usize) -> Sheet {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz23456789";
        let mut state = 1_u32;
        let mut group = || -> String {
            let mut character = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from(alphabet[(state >> 16) as usize % alphabet.len()])
            };
            (0..6).map(|_| character()).collect()
        };
        let mut code = |_| {
            let groups: Vec<String> = (0..6).map(|_| group()).collect();
            Zeroizing::new(groups.join("-"))
        };
        Sheet {
            site: "Example".into(),
            login_url: Some("https://example.org/login".into()),
            user: user.into(),
            batch: BatchName::from_stored("8C2655A1D03F4B7E".into()),
            issued_at: time::from_millis(1_795_442_700_000),
            expires_at: Some(time::from_millis(1_826_978_700_000)),
            zone: Zone::Utc,
            texts: Texts::built_in("en"),
            fonts: Arc::new(|| Ok(Vec::new())),
            codes: (0..codes).map(&mut code).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_is_the_first_group() {
        assert_eq!(parts("CyVbYX-RHYryi-A"), ("CyVbYX", "-RHYryi-A"));
        assert_eq!(parts("CyVbYX"), ("CyVbYX", ""));
    }

    #[test]
    fn no_fact_breaks_a_line() {
        let mut sheet = samples::sheet("alice\nBatch: 00000000", 1);
        sheet.site = "a\r\u{1b}[2Jb".into();
        for (_, value) in sheet.facts() {
            assert!(!value.chars().any(char::is_control), "{value:?}");
        }
    }

    #[test]
    fn the_case_matters_only_where_there_are_two() {
        let mut sheet = samples::sheet("alice", 10);
        assert!(sheet.advice()[1].contains("different"));
        sheet.codes = vec![Zeroizing::new("0123AB-CDEFGH".into())];
        assert!(!sheet.advice()[1].contains("different"));
    }
}
