//! What a letter has to tell. Only [`Occasion::Codes`] has a place for codes.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Value;
use zeroize::Zeroizing;

use crate::model::mail::{LetterKind, one_line};
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::render::language::Texts;

/// What happened, to whom, when and where.
#[derive(Debug)]
pub struct News<'a> {
    /// `site.name`
    pub site: &'a str,
    /// `site.login_url`
    pub login_url: Option<&'a str>,
    /// How the reader is addressed.
    pub name: &'a str,
    pub at: Timestamp,
    /// On whose clock the times are.
    pub zone: &'a Zone,
    /// What it is told in.
    pub texts: &'a Arc<Texts>,
    pub occasion: Occasion<'a>,
}

/// What happened.
#[derive(Debug)]
pub enum Occasion<'a> {
    /// The codes as they stand on the sheet.
    Codes {
        codes: &'a [Zeroizing<String>],
        expires_at: Option<Timestamp>,
    },
    /// `batch` is its short id.
    Generated {
        batch: &'a str,
        count: u64,
        expires_at: Option<Timestamp>,
    },
    /// One code beside the sheet.
    Temporary {
        expires_at: Option<Timestamp>,
    },
    /// A code's first group, and how many codes are left.
    Used {
        hint: &'a str,
        left: u64,
    },
    Low {
        left: u64,
    },
    /// The codes of a sheet that is known by its short id: were they ever confirmed, and how many are
    /// left?
    Reminder {
        batch: &'a str,
        issued_at: Timestamp,
        is_confirmed: bool,
        left: u64,
    },
    /// After this many failures in a row: until an administrator helps, or for a while.
    Locked {
        failures: u64,
        for_good: bool,
    },
    /// Somebody without the key changed what the store holds of this user; the short id of the batch
    /// and the hint of the code that was tried.
    Forged {
        about: &'a str,
        batch: Option<&'a str>,
        hint: Option<&'a str>,
    },
    /// A purge: what it took, and what is left for the next.
    Report {
        codes: u64,
        batches: u64,
        skipped: u64,
        retention_days: u64,
        schedule: Option<&'a str>,
        rows: &'a [ReportRow],
        /// Batches beyond those in `rows`.
        more: u64,
    },
}

/// What a purge took of one batch.
#[derive(Clone, Debug)]
pub struct ReportRow {
    pub user: String,
    /// Its short id.
    pub batch: String,
    pub codes: u64,
}

impl Occasion<'_> {
    /// The kind of letter that tells it.
    pub fn kind(&self) -> LetterKind {
        match self {
            Self::Codes { .. } => LetterKind::Codes,
            Self::Generated { .. } => LetterKind::Generated,
            Self::Temporary { .. } => LetterKind::Temporary,
            Self::Used { .. } => LetterKind::Used,
            Self::Low { .. } => LetterKind::Low,
            Self::Reminder { .. } => LetterKind::Reminder,
            Self::Locked { .. } => LetterKind::Locked,
            Self::Forged { .. } => LetterKind::Forged,
            Self::Report { .. } => LetterKind::Report,
        }
    }

    fn fields(&self, zone: &Zone) -> Vec<(&'static str, Value)> {
        let moment = |at: &Option<Timestamp>| text(at.map(|at| zone.readable(at)));
        match self {
            Self::Codes { codes, expires_at } => vec![
                (
                    "codes",
                    codes
                        .iter()
                        .map(|code| Value::from(code.as_str()))
                        .collect(),
                ),
                ("expires", moment(expires_at)),
            ],
            Self::Generated {
                batch,
                count,
                expires_at,
            } => vec![
                ("batch", one_line(batch).into()),
                ("count", (*count).into()),
                ("expires", moment(expires_at)),
            ],
            Self::Temporary { expires_at } => vec![("expires", moment(expires_at))],
            Self::Used { hint, left } => {
                vec![("hint", one_line(hint).into()), ("left", (*left).into())]
            }
            Self::Low { left } => vec![("left", (*left).into())],
            Self::Reminder {
                batch,
                issued_at,
                is_confirmed,
                left,
            } => vec![
                ("batch", one_line(batch).into()),
                ("issued", zone.readable(*issued_at).into()),
                ("confirmed", (*is_confirmed).into()),
                ("left", (*left).into()),
            ],
            Self::Locked { failures, for_good } => vec![
                ("failures", (*failures).into()),
                ("for_good", (*for_good).into()),
            ],
            Self::Forged { about, batch, hint } => vec![
                ("about", one_line(about).into()),
                ("batch", text(batch.map(one_line))),
                ("hint", text(hint.map(one_line))),
            ],
            Self::Report {
                codes,
                batches,
                skipped,
                retention_days,
                schedule,
                rows,
                more,
            } => vec![
                ("codes", (*codes).into()),
                ("batches", (*batches).into()),
                ("skipped", (*skipped).into()),
                ("retention_days", (*retention_days).into()),
                ("schedule", text(schedule.map(one_line))),
                ("rows", rows.iter().map(ReportRow::variables).collect()),
                ("more", (*more).into()),
            ],
        }
    }
}

impl ReportRow {
    fn variables(&self) -> Value {
        Value::from(BTreeMap::from([
            ("user", Value::from(one_line(&self.user))),
            ("batch", one_line(&self.batch).into()),
            ("codes", self.codes.into()),
        ]))
    }
}

impl News<'_> {
    /// The variables of the templates.
    pub(super) fn variables(&self) -> Value {
        let mut all = self.occasion.fields(self.zone);
        all.extend([
            ("site", one_line(self.site).into()),
            ("login_url", text(self.login_url.map(one_line))),
            ("name", one_line(self.name).into()),
            ("time", self.zone.readable(self.at).into()),
            ("language", self.texts.tag().as_str().into()),
        ]);
        Value::from(all.into_iter().collect::<BTreeMap<_, _>>())
    }
}

fn text(text: Option<String>) -> Value {
    text.map_or_else(|| Value::from(()), Value::from)
}
