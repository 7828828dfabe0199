//! Looks at the store's file and the files beside it.

use std::path::Path;

use super::deep;
use super::findings::{Findings, Reach, look_at_exposure, look_at_owner};
use super::inside::look_inside;
use super::status::measure;
use crate::account::Account;
use crate::config::Loaded;
use crate::error::{Kind, Result};
use crate::model::location::{Location, Server};
use crate::model::time::Timestamp;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::secret::keyring::Keyring;
use crate::store::engine::health;
use crate::store::engine::postgres::health::promises;
use crate::store::engine::sqlite::neighbours;
use crate::store::{Connection, Store, audit, glance, users};

/// Less free space than this on the store's disk is worth a note: a login needs to write.
const LITTLE_SPACE: u64 = 64 << 20;

/// Names what commands that were killed left where nobody would look for it.
pub(super) fn look_at_drafts(findings: &mut Findings, loaded: &Loaded) {
    let beside = loaded.paths.beside_store("restored");
    let store = loaded.paths.store.file();
    let mut places = vec![
        files::directory_of(store.unwrap_or(&beside)),
        files::directory_of(&loaded.paths.keys),
    ];
    places.dedup();
    let drafts = places.into_iter().flat_map(files::abandoned_drafts);
    for draft in drafts.chain(store.and_then(neighbours::abandoned_draft)) {
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
    let mut store = match Store::open(&loaded.paths.store) {
        Ok(store) => store,
        Err(error) => {
            findings.no_store = error.kind() == Kind::NoStore;
            findings.error("store", &error);
            return;
        }
    };
    match &loaded.paths.store {
        Location::File(path) => look_at_file(findings, path, &mut store, is_deep),
        Location::Server(server) => {
            if let Err(error) = look_at_server(findings, server, store.read(), now) {
                findings.error("server", &error);
            }
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

fn look_at_file(findings: &mut Findings, path: &Path, store: &mut Store, is_deep: bool) {
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
    let directory = path.parent();
    if let Some(directory) = directory.filter(|directory| !directory.as_os_str().is_empty()) {
        match files::free_space(directory) {
            Some(free) if free < LITTLE_SPACE => findings.wrong(
                "disk",
                format!("only {} MiB are free where the store lies", free >> 20),
                "free some space: on a full disk no code can be accepted",
            ),
            Some(free) => {
                findings.ok("disk", format!("{} MiB free", free >> 20));
                if is_deep && let Ok(size) = store.snapshot(health::size) {
                    deep::look_at_space(findings, free, size.0 + size.1);
                }
            }
            None => {}
        }
    }
}

/// Versions of PostgreSQL that this program was tried with begin here.
const OLDEST_SERVER: i64 = 130_000;

/// A server whose clock is so many seconds away belongs to another time.
const CLOCKS_APART: i64 = 30;

fn look_at_server(
    findings: &mut Findings,
    server: &Server,
    connection: &Connection,
    now: Timestamp,
) -> Result<()> {
    let said = promises(connection)?;
    let version = format!(
        "PostgreSQL {}.{}",
        said.version / 10_000,
        said.version % 10_000
    );
    match said.version < OLDEST_SERVER {
        true => findings.wrong(
            "server",
            format!("{version} is older than this program knows"),
            "upgrade the server to PostgreSQL 13 or later",
        ),
        false => findings.ok("server", version),
    }
    match (&*said.standbys, server.is_alone) {
        ("", false) => findings.wrong(
            "standby",
            "the server has no synchronous standby, so no code is accepted: what it confirms could be lost with it",
            "set synchronous_standby_names on the server (see `recovery-codes help hosts`), or say with server.alone = true that it is meant",
        ),
        ("", true) => findings.note(
            "standby",
            "the server has no synchronous standby: if it is lost, so is what it confirmed, and used codes may work again",
            "set synchronous_standby_names on the server (see `recovery-codes help hosts`)",
        ),
        (names, _) => findings.ok("standby", format!("each commit waits for {names}")),
    }
    if !said.survives_power_failure {
        findings.wrong(
            "durable",
            "the server forgets what it confirmed when the power fails (fsync or full_page_writes is off)",
            "set both to on in the server's postgresql.conf",
        );
    }
    if !said.is_local && !said.is_encrypted {
        findings.wrong(
            "encryption",
            "what goes to the server and comes back is not encrypted, and whoever answers is believed",
            "write sslmode=verify-full into the store's URL",
        );
    }
    if said.may_change_tables {
        findings.note(
            "role",
            "the role may change tables, which daily use does not need",
            "let `recovery-codes init` make the tables as their owner, and use another role for the rest: `recovery-codes init --print-roles` prints both",
        );
    }
    let apart = (said.clock.as_millisecond() - now.as_millisecond()) / 1000;
    if apart.abs() > CLOCKS_APART {
        findings.wrong(
            "clock",
            format!(
                "the server's clock is {} seconds from this machine's",
                apart.abs()
            ),
            "set both clocks by the same time server",
        );
    }
    Ok(())
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
