//! What django-auth-recovery-codes keeps, as rows that its dump and its database have in common.

use super::calendar::{Every, Often};
use super::schedule::RunKind;
use super::state::{CodeState, words};
use super::time::{Timestamp, after_seconds};

/// Somebody who has or had codes there.
#[derive(Clone, Debug)]
pub struct Person {
    /// Which record of a dump it is, the first is 1; of a database the number in the row.
    pub record: u64,
    /// How other rows name them.
    pub key: String,
    pub name: String,
    /// Empty for none.
    pub email: String,
    pub is_active: bool,
}

/// All that is kept there of one person's codes.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// When a code was tried with success; the application asks for that once in a life.
    pub confirmed_at: Option<Timestamp>,
    pub batches: Vec<Batch>,
}

/// Codes that were issued at one time.
#[derive(Clone, Debug)]
pub struct Batch {
    /// A UUID.
    pub id: String,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Whether nothing took its place and nobody deleted it.
    pub is_active: bool,
    pub deleted_at: Option<Timestamp>,
    pub deleted_by: Option<String>,
    pub issued: u64,
    pub used: u64,
    pub invalidated: u64,
    pub removed: u64,
    pub is_viewed: bool,
    pub is_downloaded: bool,
    pub is_emailed: bool,
    pub codes: Vec<Code>,
}

/// One code.
#[derive(Clone, Debug)]
pub struct Code {
    /// Which record of a dump it is, the first is 1; none in a database.
    pub record: Option<u64>,
    pub created_at: Timestamp,
    pub look_up_hash: String,
    pub state: CodeState,
    /// Whether a person ended it by itself, and not its batch.
    pub is_by_hand: bool,
    /// When it last changed.
    pub changed_at: Timestamp,
}

impl Code {
    /// What codes of one batch are sorted by. A dump may tell of one code twice: what is over comes before
    /// what works, and counts.
    pub fn order(&self) -> (Timestamp, bool, bool) {
        let is = |state| self.state == state;
        (
            self.created_at,
            is(CodeState::Active),
            is(CodeState::Invalidated),
        )
    }
}

/// How a code is marked there.
#[derive(Clone, Copy, Debug)]
pub struct Marks<'a> {
    pub status: &'a str,
    pub is_used: bool,
    pub is_deactivated: bool,
    pub is_marked_for_deletion: bool,
}

impl Marks<'_> {
    /// What that means here.
    pub fn state(self) -> CodeState {
        match self.status {
            _ if self.is_used => CodeState::Used,
            "a" | "i" if self.is_marked_for_deletion => CodeState::Deleted,
            "a" if !self.is_deactivated => CodeState::Active,
            "a" | "i" => CodeState::Invalidated,
            _ => CodeState::Deleted,
        }
    }
}

words! {
    /// What is kept there beside the codes, by the log in which the same stands here.
    pub enum ImportedLog {
        Audit = "audit",
        Purges = "purges",
        Email = "email",
    }
}

/// One line of such a log, as it stood there; nothing here proves it.
#[derive(Clone, Debug)]
pub struct ImportedEntry {
    pub log: ImportedLog,
    /// Its number there.
    pub number: i64,
    pub at: Timestamp,
    pub actor: Option<String>,
    pub action: String,
    pub user: Option<String>,
    /// The public id of the batch, as it is here.
    pub batch: Option<String>,
    pub details: String,
}

/// A recurring clean-up.
#[derive(Clone, Debug)]
pub struct CleanUp {
    pub name: String,
    pub run: RunKind,
    /// None for a kind that is not known.
    pub every: Option<Every>,
    pub start: Timestamp,
    /// When it is due there, if that is known.
    pub next: Option<Timestamp>,
    pub retention_days: Option<u64>,
    pub keep_empty: bool,
    pub log: bool,
    pub is_enabled: bool,
}

/// What stands behind a name there: `_` and a number of 18 hexadecimal digits, to make it unique.
const TAIL: usize = 18;

impl CleanUp {
    /// The name that was given.
    pub fn given_name(text: &str) -> &str {
        match text.rsplit_once('_') {
            Some((name, tail))
                if tail.len() == TAIL && tail.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                name
            }
            _ => text,
        }
    }

    /// How often, by the letter that stands for it.
    pub fn every(letter: &str) -> Option<Every> {
        Some(Every::Often(match letter {
            "O" => Often::Once,
            "H" => Often::Hourly,
            "D" => Often::Daily,
            "W" => Often::Weekly,
            "M" => Often::Monthly,
            "Q" => Often::Quarterly,
            "Y" => Often::Yearly,
            _ => return None,
        }))
    }
}

/// A moment as JSON or a database spells it; without a zone it is one of UTC.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    let at: Option<Timestamp> = text.parse().ok();
    at.or_else(|| format!("{text}Z").parse().ok())
}

/// The application's expiry is a day; its codes work until that is over.
pub fn end_of(day: &str) -> Option<Timestamp> {
    let begin: Timestamp = format!("{day}T00:00:00Z").parse().ok()?;
    Some(after_seconds(begin, 86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_spelled_in_several_ways() {
        let wanted: Timestamp = "2026-06-01T08:00:01.5Z".parse().unwrap();
        for text in [
            "2026-06-01T08:00:01.500Z",
            "2026-06-01 08:00:01.500000",
            "2026-06-01 08:00:01.5+00",
            "2026-06-01T10:00:01.5+02:00",
        ] {
            assert_eq!(moment(text), Some(wanted), "{text}");
        }
        assert_eq!(moment("soon"), None);
        assert_eq!(end_of("2026-06-01"), moment("2026-06-02T00:00:00Z"));
        assert_eq!(end_of("soon"), None);
    }

    #[test]
    fn marks_that_contradict_each_other_let_nobody_in() {
        let marks = |status, bits: u8| Marks {
            status,
            is_used: bits & 1 != 0,
            is_deactivated: bits & 2 != 0,
            is_marked_for_deletion: bits & 4 != 0,
        };
        for status in ["a", "i", "p", "d", "?"] {
            for bits in 0..8 {
                let is_live = marks(status, bits).state() == CodeState::Active;
                assert_eq!(is_live, status == "a" && bits == 0, "{status} {bits}");
            }
        }
        assert_eq!(marks("i", 2).state(), CodeState::Invalidated);
        assert_eq!(marks("p", 7).state(), CodeState::Used);
    }

    #[test]
    fn a_name_loses_what_makes_it_unique() {
        assert_eq!(CleanUp::given_name("nightly_0123456789abcdef01"), "nightly");
        assert_eq!(CleanUp::given_name("every_night"), "every_night");
    }
}
