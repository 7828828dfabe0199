//! `user show`: the dashboard of one user.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::record;
use crate::actions::users::show_user::show_user;
use crate::cli::codes::batch::record::batch_record;
use crate::cli::codes::code::record::code_record;
use crate::cli::desk::{Call, Report, complete, names};
use crate::cli::users::limit::record::limiter_fields;
use crate::error::Result;
use crate::model::language::LanguageTag;
use crate::model::state::{CodeState, UserState};
use crate::render::quoting::name_in_shell;
use crate::render::record::Record;

/// Show everything about one user: codes left by hint, used ones, limiter, last use
#[derive(Debug, Args)]
pub struct Show {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    name: String,
}

impl Show {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = names::user(&self.name)?;
        let settings = call.settings()?;
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let found = show_user(&mut store, &name, now)?;
        let is_outdated = found
            .active
            .as_ref()
            .is_some_and(|(batch, _)| batch.epoch < found.epoch);
        let remaining = found
            .active
            .as_ref()
            .map_or(0, |(batch, _)| batch.working(now, found.epoch));
        let hints = |state| -> Vec<String> {
            found
                .active
                .iter()
                .flat_map(|(_, rows)| rows)
                .filter(|row| row.state == state)
                .map(|row| row.hint.clone())
                .collect()
        };
        let is_confirmed = found
            .active
            .as_ref()
            .is_some_and(|(batch, _)| batch.confirmed_at.is_some());
        let mut shown = record(&found.user)
            .words(
                "Language",
                found.user.language.as_ref().map(LanguageTag::as_str),
            )
            .field("created_at", "Added", found.user.created_at)
            .field(
                "last_used_at",
                "Last use of a code",
                found.user.last_used_at,
            )
            .field("batches", "Batches so far", found.batches)
            .field("remaining", "Codes left", remaining)
            .data("low", remaining <= settings.codes.low)
            .field("confirmed", "Confirmed", is_confirmed)
            .data("outdated", is_outdated)
            .field(
                "remaining_hints",
                "Left, by hint",
                if remaining > 0 {
                    hints(CodeState::Active)
                } else {
                    Vec::new()
                },
            )
            .field("used_hints", "Used, by hint", hints(CodeState::Used));
        shown = match &found.active {
            Some((batch, rows)) => shown.field(
                "active_batch",
                "Active batch",
                batch_record(batch, now).data(
                    "codes",
                    rows.iter()
                        .map(|row| code_record(row, batch, &found.user, (now, found.epoch)))
                        .collect::<Vec<_>>(),
                ),
            ),
            None => shown.data("active_batch", None::<Record>),
        };
        shown = match &found.pending {
            Some(batch) => shown.field(
                "pending_batch",
                "Batch that waits to be confirmed",
                batch_record(batch, now),
            ),
            None => shown.data("pending_batch", None::<Record>),
        };
        shown = match &found.temporary {
            Some(batch) => shown.field(
                "temporary_batch",
                "Temporary code",
                batch_record(batch, now),
            ),
            None => shown.data("temporary_batch", None::<Record>),
        };
        let limiter =
            |limiter| limiter_fields(Record::new(), limiter, now, &settings.limiter.policy());
        let shown = shown
            .field(
                "verify_limiter",
                "Limiter for verifying",
                limiter(&found.verify),
            )
            .field(
                "generate_limiter",
                "Limiter for generating",
                limiter(&found.generate),
            );
        let mut report = Report::details(shown);
        if let Some(code) = found
            .temporary
            .as_ref()
            .filter(|code| code.working(now, found.epoch) > 0)
        {
            report = report.note(format!(
                "{} has a temporary code{}, given by {}.",
                found.user.name,
                code.expires_at
                    .map(|at| format!(" until {}", call.zone().readable(at)))
                    .unwrap_or_default(),
                code.created_by
            ));
        }
        Ok(if found.user.state == UserState::Disabled {
            report.note(format!(
                "{} is disabled: no code works before `recovery-codes user enable {}`.",
                found.user.name,
                name_in_shell(found.user.name.as_str())
            ))
        } else if is_outdated {
            report.note(format!(
                "{} has only codes from before the store was restored, which do not work; issue new ones with `recovery-codes generate {}`.",
                found.user.name,
                name_in_shell(found.user.name.as_str())
            ))
        } else if remaining == 0 {
            report.note(format!(
                "{} has no code that works; issue new ones with `recovery-codes generate {}`.",
                found.user.name,
                name_in_shell(found.user.name.as_str())
            ))
        } else if remaining <= settings.codes.low {
            report.note(format!(
                "{} has few codes left; issue new ones with `recovery-codes generate {}`.",
                found.user.name,
                name_in_shell(found.user.name.as_str())
            ))
        } else {
            report
        })
    }
}
