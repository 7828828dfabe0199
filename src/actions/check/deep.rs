//! The part of `check` that takes its time: reads the whole store, and talks to the mail server.

use super::findings::{Findings, Reach};
use super::work::LATE;
use crate::actions::mail::envelope::mail_settings;
use crate::config::Loaded;
use crate::error::Result;
use crate::model::at::At;
use crate::model::calendar::{Every, Often};
use crate::model::mail::Backend;
use crate::model::schedule::{LastStatus, ScheduleState};
use crate::model::time::{self, Timestamp};
use crate::model::user::quote;
use crate::platform::mailer::Mailer;
use crate::render::quoting::name_in_shell;
use crate::render::words::count;
use crate::secret::hash;
use crate::store::engine::health;
use crate::store::{Connection, codes, schedules};

/// The most faults of one kind that are told one by one.
const MOST: usize = 20;

/// Looks at everything inside the store that the short check leaves out.
pub(super) fn look_deep_inside(
    findings: &mut Findings,
    connection: &Connection,
    now: Timestamp,
    reach: &mut Reach<'_, '_>,
) -> Result<()> {
    look_at_links(findings, connection)?;
    look_at_hashes(findings, connection, reach)?;
    look_at_schedules(findings, connection, now)?;
    Ok(())
}

fn look_at_links(findings: &mut Findings, connection: &Connection) -> Result<()> {
    let faults = health::foreign_key_check(connection)?;
    if faults.is_empty() {
        findings.ok("links", "everything in the store belongs to something");
    }
    for (table, parent, rows) in faults {
        findings.wrong(
            "links",
            format!(
                "{} of {table} belong to nothing in {parent}",
                count(rows, "row")
            ),
            "somebody edited the store; put a backup in its place",
        );
    }
    Ok(())
}

fn look_at_hashes(
    findings: &mut Findings,
    connection: &Connection,
    reach: &mut Reach<'_, '_>,
) -> Result<()> {
    let (mut seen, mut unreadable) = (0, 0);
    codes::walk_hashes(connection, |batch, position, phc| {
        seen += 1;
        reach.tell(seen);
        if hash::is_readable(phc) {
            return;
        }
        unreadable += 1;
        if unreadable <= MOST {
            findings.wrong(
                "hashes",
                format!(
                    "the hash of code {position} of batch {} cannot be read",
                    batch.short()
                ),
                "somebody edited the store; put a backup in its place, or issue new codes to that user",
            );
        }
    })?;
    reach.done += seen;
    if unreadable == 0 {
        findings.ok(
            "hashes",
            format!("{}, each can be read", count(seen, "hash")),
        );
    } else if unreadable > MOST {
        findings.wrong(
            "hashes",
            format!("{} more hashes cannot be read", unreadable - MOST),
            "somebody edited the store; put a backup in its place",
        );
    }
    Ok(())
}

fn look_at_schedules(
    findings: &mut Findings,
    connection: &Connection,
    now: Timestamp,
) -> Result<()> {
    let (all, mut is_well) = (schedules::all(connection)?, true);
    let number = all.len() as u64;
    for schedule in all {
        let name = quote(&schedule.name);
        let command_name = name_in_shell(&schedule.name);
        let is_enabled = schedule.state == ScheduleState::Enabled;
        let mut wrong = |message: String, remedy: String| {
            is_well = false;
            findings.wrong("schedules", message, remedy);
        };
        if At::from_stored(&schedule.start).is_err() {
            wrong(
                format!("the start of schedule {name} cannot be read"),
                format!("set it anew with `recovery-codes schedule edit --at TIME {command_name}`"),
            );
        }
        match schedule.next_at {
            None if is_enabled && schedule.every != Every::Often(Often::Once) => wrong(
                format!("schedule {name} is enabled, but has no next run"),
                format!("set it anew with `recovery-codes schedule edit --at TIME {command_name}`"),
            ),
            Some(due) if is_enabled && time::after_seconds(due, LATE) < now => wrong(
                format!(
                    "schedule {name} was due on {} and did not run",
                    time::readable(due)
                ),
                "let the machine call the worker: see `recovery-codes schedule install`".into(),
            ),
            _ => {}
        }
        if schedule.last_status == Some(LastStatus::Failed) {
            wrong(
                format!(
                    "the last run of schedule {name} failed: {}",
                    schedule.last_error.as_deref().unwrap_or("nobody knows why")
                ),
                format!(
                    "remove the cause, then try it with `recovery-codes schedule run {command_name}`"
                ),
            );
        }
    }
    if is_well {
        findings.ok("schedules", count(number, "schedule"));
    }
    Ok(())
}

/// A backup beside the store, and the log of a large purge, may need as much space as the store.
pub(super) fn look_at_space(findings: &mut Findings, free: u64, size: u64) {
    if free < size {
        findings.note(
            "disk",
            format!(
                "{} MiB are free, which is less than the store takes ({} MiB)",
                free >> 20,
                size.div_ceil(1 << 20)
            ),
            "free some space: a backup beside the store, or a large purge, may need as much again",
        );
    }
}

/// Goes as far as one can without sending anything.
pub(super) fn look_at_mail_server(
    findings: &mut Findings,
    loaded: &Loaded,
    mailer: &mut dyn Mailer,
) {
    let settings = loaded.settings_so_far();
    if matches!(settings.mail.backend, Backend::None | Backend::Console) {
        return;
    }
    let settings = match mail_settings(&settings, &loaded.paths) {
        Ok(settings) => settings,
        // The short check tells it.
        Err(_) => return,
    };
    match mailer.probe(&settings) {
        Ok(()) => findings.ok("mail", "it can be handed over"),
        Err(failure) => findings.wrong(
            "mail",
            failure.message(),
            failure
                .advice()
                .unwrap_or("look at the settings under mail, and at the mail server's log"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_space_beside_a_large_store_is_noted() {
        let mut findings = Findings::default();
        look_at_space(&mut findings, 300 << 20, 300 << 20);
        assert!(findings.items.is_empty());
        look_at_space(&mut findings, 299 << 20, 300 << 20);
        assert_eq!(findings.items.len(), 1);
        assert!(!findings.is_wrong());
        assert!(findings.items[0].message.contains("299 MiB are free"));
    }
}
