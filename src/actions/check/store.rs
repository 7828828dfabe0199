//! Looks at the store's file and the files beside it.

use std::path::Path;

use super::deep;
use super::findings::{Findings, Reach, look_at_exposure, look_at_owner};
use super::inside::look_inside;
use super::status::measure;
use crate::account::Account;
use crate::config::Loaded;
use crate::error::{Kind, Result};
use crate::model::time::Timestamp;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::secret::keyring::Keyring;
use crate::store::engine::sqlite::{neighbours, pragmas};
use crate::store::{Connection, Store, audit, glance, users};

/// Less free space than this on the store's disk is worth a note: a login needs to write.
const LITTLE_SPACE: u64 = 64 << 20;

/// Names what commands that were killed left where nobody would look for it.
pub(super) fn look_at_drafts(findings: &mut Findings, loaded: &Loaded) {
    let (store, keys) = (&loaded.paths.store, &loaded.paths.keys);
    let mut places = vec![files::directory_of(store), files::directory_of(keys)];
    places.dedup();
    let drafts = places.into_iter().flat_map(files::abandoned_drafts);
    for draft in drafts.chain(neighbours::abandoned_draft(store)) {
        findings.note(
            "drafts",
            format!("a command that was killed left {} behind", draft.display()),
            format!("take it away: rm -r -- {}", for_a_shell(&draft)),
        );
    }
}

/// A path as a shell reads it back.
fn for_a_shell(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// `ring` says beside the key ring whether its current key stands in a variable.
pub(super) fn look_at_store(
    findings: &mut Findings,
    loaded: &Loaded,
    ring: Option<(&Keyring, bool)>,
    now: Timestamp,
    (is_deep, pace): (bool, &mut Pace<'_>),
) {
    let path = &loaded.paths.store;
    let mut store = match Store::open(path) {
        Ok(store) => store,
        Err(error) => {
            findings.no_store = error.kind() == Kind::NoStore;
            findings.error("store", &error);
            return;
        }
    };
    for ending in ["", "-wal", "-shm", ".lock", ".queue"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let name = Path::new(&name);
        look_at_exposure(findings, "permissions", name, true);
        // On the store of a service root works as the service.
        if !Account::is_root() {
            look_at_owner(findings, "permissions", name);
        }
    }
    if let Some(directory) = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty())
    {
        match files::free_space(directory) {
            Some(free) if free < LITTLE_SPACE => findings.wrong(
                "disk",
                format!("only {} MiB are free where the store lies", free >> 20),
                "free some space: on a full disk no code can be accepted",
            ),
            Some(free) => {
                findings.ok("disk", format!("{} MiB free", free >> 20));
                if is_deep && let Ok(size) = store.snapshot(pragmas::file_size) {
                    deep::look_at_space(findings, free, size);
                }
            }
            None => {}
        }
    }
    let looked = store.snapshot(|connection| {
        let mut reach = Reach {
            is_deep,
            pace,
            done: 0,
        };
        if is_deep {
            if reach.pace.is_seen() {
                reach.pace.begin(rows(connection, now)?);
            }
            look_deep(findings, connection, now, &mut reach);
        }
        look_inside(findings, connection, ring, now, &mut reach)
    });
    pace.end();
    if let Err(error) = looked {
        findings.error("store", &error);
    }
}

/// How many rows a deep look reads one by one: codes, entries of the audit log, and users.
fn rows(connection: &Connection, now: Timestamp) -> Result<u64> {
    let (_, codes) = glance::counts(connection, &measure(now, 0))?;
    let head = audit::head(connection)?;
    let entries = head.map_or(0, |head| head.count.saturating_sub(head.pruned));
    Ok(codes.issued - codes.purged.min(codes.issued)
        + u64::try_from(entries).unwrap_or(0)
        + users::count(connection)?)
}

fn look_deep(
    findings: &mut Findings,
    connection: &Connection,
    now: Timestamp,
    reach: &mut Reach<'_, '_>,
) {
    if let Err(error) = deep::look_deep_inside(findings, connection, now, reach) {
        findings.error("store", &error);
    }
}
