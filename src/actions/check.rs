//! Looks at everything that could be wrong, and says what to do about each.

use std::path::Path;

use crate::actions::key_standing::{Standing, standing};
use crate::actions::letter;
use crate::actions::list_keys::list_keys;
use crate::actions::verify_audit::{Verdict, verify_audit};
use crate::actions::workspace::{
    KeySource, key_source, missing_django_key, missing_key, read_ring,
};
use crate::actions::{check_deep, check_work};
use crate::config::Loaded;
use crate::error::{Error, Kind, Result};
use crate::model::environment::Environment;
use crate::model::mail::{Backend, Security};
use crate::model::state::{Elsewhere, words};
use crate::model::time::{self, Timestamp};
use crate::platform::files;
use crate::platform::mailer::Mailer;
use crate::render::letter::rehearse;
use crate::render::words::count;
use crate::secret::keyring::{Holding, Keyring};
use crate::store::{Store, batch_counts, batches, meta, users};

words! {
    /// How much a finding matters.
    pub enum Level {
        /// All is well.
        Ok = "ok",
        /// Worth knowing.
        Note = "note",
        /// Wrong.
        Wrong = "wrong",
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at, in one word.
    pub about: &'static str,
    pub level: Level,
    /// What was found.
    pub message: String,
    /// What to do, where there is something to do.
    pub remedy: Option<String>,
}

/// Everything that was looked at.
#[derive(Debug, Default)]
pub struct Findings {
    pub items: Vec<Finding>,
    /// Whether there was no store to look at.
    pub no_store: bool,
}

impl Findings {
    /// Whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        self.items
            .iter()
            .any(|finding| finding.level == Level::Wrong)
    }

    pub(super) fn ok(&mut self, about: &'static str, message: impl Into<String>) {
        self.push(about, Level::Ok, message.into(), None);
    }

    pub(super) fn note(
        &mut self,
        about: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(about, Level::Note, message.into(), Some(remedy.into()));
    }

    pub(super) fn wrong(
        &mut self,
        about: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(about, Level::Wrong, message.into(), Some(remedy.into()));
    }

    fn error(&mut self, about: &'static str, error: &Error) {
        let remedy = error.advice().map(str::to_owned);
        self.push(about, Level::Wrong, error.to_string(), remedy);
    }

    fn push(&mut self, about: &'static str, level: Level, message: String, remedy: Option<String>) {
        self.items.push(Finding {
            about,
            level,
            message,
            remedy,
        });
    }
}

/// The least memory in KiB for these passes (OWASP ASVS 5.0, appendix C).
fn least_memory(iterations: u32) -> u32 {
    match iterations {
        1 => 47_104,
        2 => 19_456,
        _ => 12_288,
    }
}

/// Work that is overdue by more than these seconds has nobody to do it.
pub(super) const LATE: u64 = 3600;

/// Less free space than this on the store's disk is worth a note: a login needs to write.
const LITTLE_SPACE: u64 = 64 << 20;

/// Looks at everything. Never stops at the first thing that is wrong. With a mailer it looks
/// deeper: reads the whole store, and asks the mail server.
pub fn check(
    loaded: &Loaded,
    environment: &Environment,
    now: Timestamp,
    deep: Option<&mut dyn Mailer>,
) -> Findings {
    let mut findings = Findings::default();
    look_at_settings(&mut findings, loaded);
    look_at_mail(&mut findings, loaded);
    let ring = look_at_key(&mut findings, loaded, environment);
    let is_variable = matches!(
        key_source(&loaded.paths, environment),
        KeySource::Variable(_)
    );
    let ring = ring.as_ref().map(|ring| (ring, is_variable));
    look_at_store(&mut findings, loaded, ring, now, deep.is_some());
    if let Some(mailer) = deep {
        let (settings, store) = (loaded.settings_so_far(), &loaded.paths.store);
        check_deep::look_at_mail_server(&mut findings, &settings, store, mailer);
    }
    findings
}

fn look_at_settings(findings: &mut Findings, loaded: &Loaded) {
    for finding in &loaded.findings {
        findings.wrong("settings", &finding.problem, &finding.remedy);
    }
    if loaded.findings.is_empty() {
        let set = loaded
            .effective
            .iter()
            .filter(|setting| setting.origin != "default")
            .count();
        findings.ok(
            "settings",
            format!("{} settings, {set} of them changed", loaded.effective.len()),
        );
    }
    for note in &loaded.notes {
        findings.note("settings", note, "take it out of the environment");
    }
    let settings = loaded.settings_so_far();
    let hash = settings.hash;
    let least = least_memory(hash.iterations);
    if hash.memory_kib < least {
        findings.note(
            "hash",
            format!(
                "a hash costs less than recommended for passwords ({} KiB, {}; OWASP: {least} KiB)",
                hash.memory_kib,
                count(hash.iterations.into(), "pass"),
            ),
            "that is safe for codes as long as their 177 or 150 secret bits stay random; guesses at them are hopeless at any cost",
        );
    } else {
        findings.ok(
            "hash",
            format!(
                "Argon2id with {} KiB and {}",
                hash.memory_kib,
                count(hash.iterations.into(), "pass"),
            ),
        );
    }
    look_at_exposure(findings, "permissions", &loaded.paths.config, false);
}

fn look_at_mail(findings: &mut Findings, loaded: &Loaded) {
    let settings = loaded.settings_so_far();
    let mail = &settings.mail;
    match mail.backend {
        Backend::None => return findings.ok("mail", "mail is switched off"),
        Backend::Console => findings.note(
            "mail",
            "mail is shown on standard error, codes and all",
            "that is for trying out; set mail.backend to smtp",
        ),
        Backend::File => findings.note(
            "mail",
            "mail is written to files beside the store, codes and all",
            "that is for trying out; set mail.backend to smtp",
        ),
        Backend::Smtp => findings.ok(
            "mail",
            format!(
                "by {}:{}, {}",
                mail.host.as_deref().unwrap_or("-"),
                mail.port,
                mail.security.word()
            ),
        ),
    }
    if mail.backend == Backend::Smtp && mail.security == Security::None {
        findings.note(
            "mail",
            "mail leaves unencrypted, and with it codes",
            "set mail.security to starttls or tls, unless the server is on this machine",
        );
    }
    if let Some(path) = &mail.password_file {
        match files::read_private(path) {
            Ok(Some(_)) => {}
            Ok(None) => findings.wrong(
                "mail",
                format!("there is no file {}", path.display()),
                "mail.password_file names a file that holds the password and nothing else",
            ),
            Err(error) => findings.error("mail", &error),
        }
    }
    let templates = letter::overrides(&settings).and_then(|overrides| rehearse(&overrides));
    if let Err(error) = templates {
        findings.error("mail", &error);
    }
}

fn look_at_key(
    findings: &mut Findings,
    loaded: &Loaded,
    environment: &Environment,
) -> Option<Keyring> {
    let place = match key_source(&loaded.paths, environment) {
        KeySource::Variable(name) => {
            findings.note(
                "key",
                format!("the key comes from the variable {name}"),
                "who may see this process's environment sees the key; a key file or a systemd credential is safer",
            );
            format!("variable {name}")
        }
        KeySource::Credential(path) | KeySource::File(path) => path.display().to_string(),
    };
    match read_ring(&loaded.paths, environment) {
        Ok(Some(ring)) => {
            findings.ok("key", format!("{} from {place}", ring.current().id()));
            Some(ring)
        }
        Ok(None) => {
            findings.error("key", &missing_key(&loaded.paths));
            None
        }
        Err(error) => {
            findings.error("key", &error);
            None
        }
    }
}

/// `ring` says beside the key ring whether its current key stands in a variable.
fn look_at_store(
    findings: &mut Findings,
    loaded: &Loaded,
    ring: Option<(&Keyring, bool)>,
    now: Timestamp,
    is_deep: bool,
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
        look_at_exposure(findings, "permissions", Path::new(&name), true);
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
                if is_deep && let Ok(size) = store.snapshot(meta::file_size) {
                    check_deep::look_at_space(findings, free, size);
                }
            }
            None => {}
        }
    }
    let looked = store.snapshot(|connection| {
        if is_deep {
            look_deep(findings, connection, now);
        }
        look_inside(findings, connection, ring, now, is_deep)
    });
    if let Err(error) = looked {
        findings.error("store", &error);
    }
}

fn look_deep(findings: &mut Findings, connection: &crate::store::Connection, now: Timestamp) {
    if let Err(error) = check_deep::look_deep_inside(findings, connection, now) {
        findings.error("store", &error);
    }
}

fn look_inside(
    findings: &mut Findings,
    connection: &crate::store::Connection,
    ring: Option<(&Keyring, bool)>,
    now: Timestamp,
    is_deep: bool,
) -> Result<()> {
    let faults = match is_deep {
        true => meta::integrity_check(connection)?,
        false => meta::quick_check(connection)?,
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
    let miscounted = batch_counts::miscounted(connection, if is_deep { 100 } else { 5 })?;
    if miscounted.is_empty() {
        findings.ok("counts", "the counts of all batches agree with their codes");
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
    look_at_outdated(findings, connection)?;
    check_work::look_at_work(findings, connection, now)?;
    let created_at = meta::get(connection)?.created_at;
    if created_at > now {
        findings.wrong(
            "clock",
            format!(
                "the clock stands before the store was made ({})",
                time::readable(created_at)
            ),
            "set the clock: waits and expiry depend on it",
        );
    } else {
        findings.ok("clock", time::readable(now));
    }
    if let Some((ring, _)) = ring
        && ring.django().is_none()
        && batches::any_open_from(connection, Elsewhere::Django)?
    {
        findings.error("key", &missing_django_key("some codes"));
    }
    let Some((ring, is_variable)) = ring else {
        return Ok(());
    };
    if !look_at_keys(findings, connection, (ring, is_variable), now)? {
        return Ok(());
    }
    match verify_audit(connection, ring)? {
        Verdict::Holds { entries, .. } => findings.ok(
            "audit",
            format!(
                "{}, the chain holds",
                count(u64::try_from(entries).unwrap_or(0), "entry")
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
    Ok(())
}

/// Users who cannot log in with their codes since a restore: nobody else would tell.
fn look_at_outdated(findings: &mut Findings, connection: &crate::store::Connection) -> Result<()> {
    let outdated = users::outdated(connection)?.len() as u64;
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

/// Compares the ring with what the store knows; says whether they belong together.
fn look_at_keys(
    findings: &mut Findings,
    connection: &crate::store::Connection,
    (ring, is_variable): (&Keyring, bool),
    now: Timestamp,
) -> Result<bool> {
    let current = ring.current().id();
    match standing(connection, ring)? {
        Standing::Known => {}
        Standing::New if is_variable => findings.wrong(
            "key",
            format!("the key {current} in the variable is new to this store, and not used"),
            "if it is to take the place of the old one, say so with `recovery-codes key rotate`; if not, put the old one back",
        ),
        Standing::New => findings.note(
            "key",
            format!("the current key {current} is new to this store"),
            "the next command takes it up",
        ),
        Standing::Retired(at) => findings.wrong(
            "key",
            format!("the current key {current} was retired on {}", time::readable(at)),
            "the key file is an old copy; put the newest back",
        ),
        Standing::Foreign => {
            findings.wrong(
                "key",
                format!("the key {current} is not one this store was used with"),
                "put the key file back that belongs to this store",
            );
            return Ok(false);
        }
    }
    for key in list_keys(connection, Some(ring), now)? {
        let (id, is_needed) = (&key.key, key.codes + key.sealed > 0);
        match (key.holding, key.known_at.is_some()) {
            (Holding::AuditOnly | Holding::Missing, _) if key.codes > 0 => findings.wrong(
                "key",
                format!("{} need the key {id}, which is missing", count(key.codes, "live code")),
                "put the key file back that holds it, or issue new codes",
            ),
            (Holding::AuditOnly | Holding::Missing, _) if is_needed => findings.wrong(
                "key",
                format!("sessions or unsent letters need the key {id}, which is missing"),
                "put the key file back that holds it; see `recovery-codes task list`",
            ),
            (Holding::Missing, true) if key.retired_at.is_none() => findings.note(
                "key",
                format!("the key {id} is missing, though nothing live needs it"),
                format!("put the key file back that holds it; if it is lost for good, `recovery-codes key retire {id}`"),
            ),
            (Holding::Whole, true) if key.retired_at.is_some() && !key.is_current => findings.wrong(
                "key",
                format!("the key {id} is retired, but its secret is still there"),
                format!("take it away with `recovery-codes key retire {id}`"),
            ),
            (Holding::Whole, false) if !key.is_current => findings.note(
                "key",
                format!("the key {id} is in the ring, but this store was never used with it"),
                "leave it where it is if another store uses it",
            ),
            _ => {}
        }
    }
    Ok(true)
}

fn look_at_exposure(findings: &mut Findings, about: &'static str, path: &Path, is_secret: bool) {
    match files::exposure(path) {
        Ok(Some(who)) if is_secret => findings.wrong(
            about,
            format!("{} can be read by {who}", path.display()),
            format!("chmod 600 {}", path.display()),
        ),
        Ok(_) => {}
        Err(error) => findings.error(about, &error),
    }
    if files::is_foreign(path) {
        findings.wrong(
            about,
            format!("{} belongs to another user", path.display()),
            format!(
                "have it given to the user who runs this program: chown {}",
                path.display()
            ),
        );
    }
}
