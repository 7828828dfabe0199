//! Looks at what stands in the store.

use super::findings::{Findings, Reach};
use super::key::{look_at_django_key, look_at_keys};
use super::seals::look_at_seals;
use super::work::look_at_work;
use crate::actions::check::status::costs_more;
use crate::actions::check::status::measure;
use crate::actions::codes::moved::open_work;
use crate::actions::desk::workspace::{doubtful, is_doubtful};
use crate::actions::trust::verify_audit::{Verdict, verify_newest};
use crate::error::Result;
use crate::model::time::{self, Timestamp};
use crate::render::words::count;
use crate::secret::keyring::Keyring;
use crate::store::engine::difference::How;
use crate::store::engine::health;
use crate::store::engine::schema;
use crate::store::users::Condition;
use crate::store::{Connection, audit, batch_counts, meta, moved, totals, users};

/// A store of so many bytes and less is read as a whole by the short check, too.
const SMALL: u64 = 64 << 20;

/// What the short check reads of a larger one: so many batches and entries of the audit log, the newest.
const NEWEST: u64 = 10_000;

pub(super) fn look_inside(
    findings: &mut Findings,
    connection: &Connection,
    ring: Option<(&Keyring, bool)>,
    now: Timestamp,
    reach: &mut Reach<'_, '_>,
) -> Result<()> {
    let is_deep = reach.is_deep;
    let size = health::file_size(connection)?;
    let reads_all = is_deep || size <= SMALL;
    match reads_all {
        true => look_at_pages(findings, connection, is_deep)?,
        false => findings.ok(
            "store",
            format!(
                "{} MiB, of which the newest rows are looked at; `recovery-codes check --deep` reads it all",
                size >> 20
            ),
        ),
    }
    let is_as_made = look_at_schema(findings, connection)?;
    look_at_counts(findings, connection, (is_deep, reads_all))?;
    look_at_outdated(findings, connection, now)?;
    look_at_weak(findings, connection, now)?;
    look_at_work(findings, connection, now)?;
    look_at_clock(findings, connection, now)?;
    let Some((ring, is_variable)) = ring else {
        return Ok(());
    };
    look_at_django_key(findings, connection, ring)?;
    if look_at_keys(findings, connection, (ring, is_variable), now, reads_all)? {
        let holds = look_at_chain(findings, connection, ring, (reads_all, reach))?;
        look_at_seals(
            findings,
            connection,
            ring,
            (is_as_made && holds, is_variable),
            reach,
        )?;
    }
    Ok(())
}

fn look_at_pages(findings: &mut Findings, connection: &Connection, is_deep: bool) -> Result<()> {
    let faults = match is_deep {
        true => health::integrity_check(connection)?,
        false => health::quick_check(connection)?,
    };
    if faults.is_empty() {
        let what = match is_deep {
            true => "the file is sound, and so is each index",
            false => "the file is sound",
        };
        findings.ok("store", what);
    }
    for fault in faults {
        findings.wrong(
            "store",
            fault,
            "keep a copy of the file as it is, and put a backup in its place",
        );
    }
    Ok(())
}

fn look_at_schema(findings: &mut Findings, connection: &Connection) -> Result<bool> {
    let differences = schema::differences(connection)?;
    let is_as_made = differences.is_empty();
    if differences.is_empty() {
        findings.ok(
            "schema",
            "tables and triggers are as this program made them",
        );
    }
    for difference in differences {
        let remedy = match difference.how {
            How::Missing | How::Changed => "somebody edited the store; put a backup in its place",
            How::Foreign => {
                "somebody edited the store; find out who, and take it away or put a backup in the store's place"
            }
        };
        findings.wrong("schema", difference.message(), remedy);
    }
    Ok(is_as_made)
}

fn look_at_counts(
    findings: &mut Findings,
    connection: &Connection,
    (is_deep, reads_all): (bool, bool),
) -> Result<()> {
    let newest = (!reads_all).then_some(NEWEST);
    let miscounted = batch_counts::miscounted(connection, newest, if is_deep { 100 } else { 5 })?;
    let adds_up = !reads_all || totals::add_up(connection)?;
    if miscounted.is_empty() && adds_up {
        let which = match reads_all {
            true => "all batches",
            false => "the newest batches",
        };
        findings.ok(
            "counts",
            format!("the counts of {which} agree with their codes"),
        );
    }
    if !adds_up {
        findings.wrong(
            "counts",
            "the sums of what is over do not agree with the batches",
            "somebody edited the store; put a backup in its place",
        );
    }
    for batch in miscounted {
        findings.wrong(
            "counts",
            format!(
                "the counts of batch {} do not agree with its codes",
                batch.short()
            ),
            "somebody edited the store; put a backup in its place",
        );
    }
    Ok(())
}

/// Users who cannot log in with their codes since a restore: nobody else would tell.
fn look_at_outdated(
    findings: &mut Findings,
    connection: &Connection,
    now: Timestamp,
) -> Result<()> {
    let outdated = users::those(connection, Condition::Outdated, &measure(now, 0))?.len() as u64;
    if outdated > 0 {
        findings.wrong(
            "codes",
            format!(
                "the codes of {} do not work, because a backup was restored",
                count(outdated, "user")
            ),
            "issue new ones with `recovery-codes generate --all-outdated` and --sheets or --email, or restore the backup anew with --trust-codes",
        );
    }
    Ok(())
}

/// Codes that were taken over although they can be guessed, until they are gone.
fn look_at_weak(findings: &mut Findings, connection: &Connection, now: Timestamp) -> Result<()> {
    let (users, codes) = moved::count_weak(connection, now)?;
    if codes > 0 {
        findings.note(
            "codes",
            format!(
                "{} of {}, from another system, can be guessed with fewer than 64 bits",
                count(codes, "code"),
                count(users, "user")
            ),
            "issue new ones with `recovery-codes generate`; these end by themselves when they expire",
        );
    }
    let slow = open_work(connection, now)?.count() as u64;
    if slow > 0 {
        findings.note(
            "codes",
            format!("each {}", costs_more(slow)),
            "issue new ones with `recovery-codes generate`; these end by themselves when they are used or expire",
        );
    }
    Ok(())
}

fn look_at_clock(findings: &mut Findings, connection: &Connection, now: Timestamp) -> Result<()> {
    let seals = audit::head(connection)?.and_then(|head| head.seals);
    let seen = seals.map_or(meta::get(connection)?.created_at, |seals| seals.seen_at);
    if !is_doubtful(now, seen) {
        findings.ok("clock", time::readable(now));
        return Ok(());
    }
    let error = doubtful(now, seen);
    findings.wrong(
        "clock",
        format!("{error}; nothing is purged, pruned or done by schedules"),
        error.advice().unwrap_or_default(),
    );
    Ok(())
}

fn look_at_chain(
    findings: &mut Findings,
    connection: &Connection,
    ring: &Keyring,
    (reads_all, reach): (bool, &mut Reach<'_, '_>),
) -> Result<bool> {
    let most = if reads_all { i64::MAX } else { NEWEST as i64 };
    let mut seen = |entries: i64| reach.tell(entries.unsigned_abs());
    let verdict = verify_newest(connection, ring, most, &mut seen)?;
    if let Verdict::Holds { entries, .. } = &verdict {
        reach.done += entries.unsigned_abs();
    }
    let holds = matches!(verdict, Verdict::Holds { .. });
    match verdict {
        Verdict::Holds { entries, .. } => findings.ok(
            "audit",
            format!(
                "{}, the chain holds{}",
                count(u64::try_from(entries).unwrap_or(0), "entry"),
                if entries == most { " from there on" } else { "" }
            ),
        ),
        Verdict::Broken {
            why,
            missing_key: true,
            ..
        } => findings.wrong(
            "audit",
            why,
            "put the key file back that holds it; until then nobody can tell whether the entries are what they were",
        ),
        Verdict::Broken { why, .. } => findings.wrong(
            "audit",
            why,
            "somebody edited the store; compare it with a backup to see what was done",
        ),
    }
    Ok(holds)
}
