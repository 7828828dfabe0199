//! Turns what was sealed in the queue back into a letter.

use zeroize::Zeroizing;

use crate::actions::users::languages::{english, texts};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::model::language::LanguageTag;
use crate::model::mail::{LetterKind, Mailbox};
use crate::platform::files;
use crate::render::json::Document;
use crate::render::letter::{self, Letter, News, Occasion, Overrides, ReportRow};

/// Composes the letter of this kind from the values it was queued with.
pub(in crate::actions) fn compose(
    settings: &Settings,
    kind: LetterKind,
    values: &[u8],
) -> Result<Letter> {
    let values = Document::parse(values)?;
    let (user, at) = (values.text("user")?, values.time("at")?);
    let codes: Vec<Zeroizing<String>>;
    let (batch, hint): (String, String);
    let (about, maybe_batch, maybe_hint): (String, Option<String>, Option<String>);
    let schedule: Option<String>;
    let rows: Vec<ReportRow>;
    let occasion = match kind {
        LetterKind::Codes => {
            codes = values.secrets("codes")?;
            Occasion::Codes {
                codes: &codes,
                expires_at: values.optional_time("expires_at")?,
            }
        }
        LetterKind::Generated => {
            batch = values.text("batch")?;
            Occasion::Generated {
                batch: &batch,
                count: values.number("count")?,
                expires_at: values.optional_time("expires_at")?,
            }
        }
        LetterKind::Temporary => Occasion::Temporary {
            expires_at: values.optional_time("expires_at")?,
        },
        LetterKind::Used => {
            hint = values.text("hint")?;
            Occasion::Used {
                hint: &hint,
                left: values.number("remaining")?,
            }
        }
        LetterKind::Low => Occasion::Low {
            left: values.number("remaining")?,
        },
        LetterKind::Reminder => {
            batch = values.text("batch")?;
            Occasion::Reminder {
                batch: &batch,
                issued_at: values.time("issued_at")?,
                is_confirmed: values.flag("confirmed")?,
                left: values.number("remaining")?,
            }
        }
        LetterKind::Locked => Occasion::Locked {
            failures: values.number("failures")?,
            for_good: values.flag("locked")?,
        },
        LetterKind::Forged => {
            about = values.text("about")?;
            (maybe_batch, maybe_hint) = (values.text("batch").ok(), values.text("hint").ok());
            Occasion::Forged {
                about: &about,
                batch: maybe_batch.as_deref(),
                hint: maybe_hint.as_deref(),
            }
        }
        LetterKind::Report => {
            schedule = values.text("schedule").ok();
            rows = report_rows(&values)?;
            Occasion::Report {
                codes: values.number("codes")?,
                batches: values.number("batches")?,
                skipped: values.number("skipped")?,
                retention_days: values.number("retention_days")?,
                schedule: schedule.as_deref(),
                rows: &rows,
                more: values.number("more")?,
            }
        }
    };
    let texts = match kind {
        LetterKind::Report | LetterKind::Forged => english()?,
        _ => {
            let tag = values.text("language").ok().map(LanguageTag::from_stored);
            texts(settings, tag.as_ref())?
        }
    };
    let news = News {
        site: &settings.site.name,
        login_url: settings.site.login_url.as_deref(),
        name: &user,
        at,
        zone: &settings.time.zone,
        texts: &texts,
        occasion,
    };
    letter::compose(&news, &overrides(settings)?)
}

fn report_rows(values: &Document) -> Result<Vec<ReportRow>> {
    values
        .documents("rows")?
        .iter()
        .map(|row| {
            Ok(ReportRow {
                user: row.text("user")?,
                batch: row.text("batch")?,
                codes: row.number("codes")?,
            })
        })
        .collect()
}

/// The templates by which the site replaces built-in ones.
pub(in crate::actions) fn overrides(settings: &Settings) -> Result<Overrides> {
    match &settings.mail.templates {
        Some(directory) => files::read_named(directory, &letter::file_names()),
        None => Ok(Overrides::new()),
    }
}

/// Who all mail is from.
pub(in crate::actions) fn sender(settings: &Settings) -> Result<Mailbox> {
    let from = settings.mail.sender().ok_or_else(|| {
        Error::new(Kind::Mail, "mail.from is not set").hint("set it to the sender's address")
    })?;
    Ok(Mailbox::parse(from)?.or_named(&settings.site.name))
}
