//! Puts a backup in the place of the store. Codes that were used since the backup would work
//! again, so a new epoch begins, in which no code from before it works (DESIGN section 4.11).

use std::path::{Path, PathBuf};

use crate::actions::desk::find::vanished;
use crate::actions::desk::head::{self, edited};
use crate::actions::desk::key_source::{missing_key, read_ring};
use crate::actions::desk::opening::Opening;
use crate::actions::desk::record::record;
use crate::actions::desk::sealing;
use crate::actions::desk::seals::Seals;
use crate::actions::trust::verify_audit::{Verdict, verify_old_audit};
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed, Origin};
use crate::model::id::{KeyId, UserId};
use crate::model::limiter::LimitedAction;
use crate::model::time::{self, Timestamp};
use crate::platform::files::{self, Draft};
use crate::secret::keyring::{Holding, Keyring};
use crate::store::engine::place::Place;
use crate::store::engine::sqlite::duplicate::Duplicate;
use crate::store::engine::sqlite::identity::Identity;
use crate::store::engine::sqlite::replace::free_name;
use crate::store::engine::tentative::Tentative;
use crate::store::{
    self, Connection, Store, Transaction, audit, batches, codes, keys, letters, limiters, meta,
    sessions, users,
};

/// Users who are sealed together.
const TOGETHER: u64 = 200;

/// A backup that was looked at and could take the store's place.
#[derive(Debug)]
pub struct Candidate {
    copy: Duplicate,
    draft: Draft,
    place: Place,
    /// Where what is set aside of a server's store lies, with a mark behind the name.
    beside: PathBuf,
    ring: Keyring,
    /// The file it comes from, from the root.
    pub file: PathBuf,
    /// The backup's epoch, and the one that would begin.
    epochs: (i64, i64),
    /// The latest moment that the store in whose place it would come has seen.
    seen_at: Option<Timestamp>,
    /// Until when it knows what was done.
    pub until: Timestamp,
    pub users: u64,
    /// Users who hold codes that worked at that time, and how many codes.
    pub holders: u64,
    pub codes: u64,
    /// Whether there is a store whose place it would take.
    pub replaces: bool,
}

/// What was done.
#[derive(Debug)]
pub struct Answer {
    pub file: PathBuf,
    pub epoch: i64,
    /// Where the store lies that was there before.
    pub set_aside: Option<PathBuf>,
    pub until: Timestamp,
    pub users: u64,
    pub holders: u64,
    pub codes: u64,
}

/// Copies a backup beside the store and looks at it closely; nothing else is touched.
///
/// # Errors
/// [`Kind::DamagedStore`], [`Kind::NewerStore`], [`Kind::WrongKey`], [`Kind::MissingKey`];
/// [`Kind::Usage`] for the store itself.
pub fn inspect(opening: &Opening<'_>, file: &Path) -> Result<Candidate> {
    let ring =
        read_ring(opening.paths, opening.environment)?.ok_or_else(|| missing_key(opening.paths))?;
    let place = Place::look(&opening.paths.store)?;
    require_backup_file(file, &place)?;
    let epoch_here = place.epoch()?;
    let seen_at =
        place.read(|connection| head::closed(connection, &ring)?.seals.ok_or_else(edited))?;
    let seen_at = seen_at.map(|seals| seals.seen_at);
    let beside = match &place {
        Place::File(place) => place.path().to_owned(),
        Place::Server { .. } => opening.paths.beside_store("restored"),
    };
    files::fitting_directory_of(&beside)?;
    let draft = Draft::beside(&beside)?;
    draft.copy(file)?;
    let mut copy =
        Duplicate::open(draft.path(), draft.account()).map_err(|error| unusable(file, error))?;
    copy.check().map_err(|error| unusable(file, error))?;
    copy.upgrade().map_err(|error| unusable(file, error))?;
    require_keys(&copy, &ring, file, opening.origin.at)?;
    require_chain(copy.read(), &ring, file)?;
    let epoch = meta::get(copy.read())?.epoch;
    let next = epoch.max(epoch_here.unwrap_or(epoch)).checked_add(1);
    let next = next.ok_or_else(|| {
        let why = "it holds no epoch that another can follow";
        unusable(file, Error::new(Kind::DamagedStore, why))
    })?;
    let (holders, codes) = users::holders(copy.read(), opening.origin.at)?;
    Ok(Candidate {
        until: audit::LOG
            .last_at(copy.read())?
            .unwrap_or(meta::get(copy.read())?.created_at),
        users: users::count(copy.read())?,
        holders,
        codes,
        replaces: place.is_taken(),
        epochs: (epoch, next),
        seen_at,
        file: std::path::absolute(file).unwrap_or_else(|_| file.to_owned()),
        copy,
        draft,
        place,
        beside,
        ring,
    })
}

/// Puts it in the store's place, in a new epoch. With `trust` the codes that worked when the
/// backup was made work on.
///
/// # Errors
/// [`Kind::ReplacedStore`] when somebody else was quicker, [`Kind::LockedStore`], and what the
/// disk says; then the store is what it was.
pub fn restore(candidate: Candidate, trust: bool, origin: &Origin) -> Result<Answer> {
    let Candidate {
        mut copy,
        draft,
        place,
        beside,
        ring,
        file,
        epochs: (old, new),
        seen_at,
        until,
        users,
        holders,
        codes,
        ..
    } = candidate;
    let tentative = Tentative::begin();
    copy.write(|tx| {
        sessions::delete_all(tx)?;
        letters::delete_all_unsent(tx)
    })?;
    copy.write(|tx| {
        // Since it was looked at somebody was asked, and may have taken their time. Proven as a whole,
        // for the key that closed it may be retired by now.
        require_chain(tx, &ring, &file)?;
        sealing::close_anew(tx, &ring, origin.at, seen_at)?;
        Seals::changing_world(tx, &ring, || {
            meta::set_epoch(tx, new)?;
            match keys::get(tx, ring.current().id())? {
                Some(_) => Ok(()),
                None => keys::insert(tx, ring.current().id(), origin.at),
            }
        })?;
        let details = format!(
            "from {}, which ends {}; epoch {new} begins",
            file.display(),
            time::readable(until)
        );
        let deed = Deed::new(Action::StoreRestored).details(details);
        record(tx, &ring, origin, deed)?;
        if trust {
            move_epochs(tx, &ring, old, new).map_err(|error| {
                unusable(&file, error)
                    .hint("nothing was changed; take another backup, or leave out --trust-codes")
            })?;
            let details = format!("{codes} codes of {holders} users, from epoch {old}");
            let deed = Deed::new(Action::CodesTrusted).details(details);
            return record(tx, &ring, origin, deed);
        }
        // Everybody needs new codes now, however lately they got the old ones.
        limiters::delete_all_of(tx, LimitedAction::Generate)
    })?;
    copy.close_as_store()?;
    let mark = format!(".before-restore-{}", time::for_a_name(origin.at));
    let set_aside = place.take(draft.path(), &mark, |store| {
        set_aside(store, &beside, &mark)
    })?;
    tentative.is_durable();
    Ok(Answer {
        file,
        epoch: new,
        set_aside,
        until,
        users,
        holders,
        codes,
    })
}

/// Keeps what a server has, for what takes its place leaves nothing of it.
fn set_aside(store: &mut Store, beside: &Path, mark: &str) -> Result<PathBuf> {
    let path = free_name(&beside.with_file_name("recovery-codes.db"), mark);
    let draft = Draft::beside(&path)?;
    Duplicate::make(store, draft.path(), draft.account())?.close()?;
    match draft.put()? {
        Some(_) => Ok(path),
        None => Err(Error::new(
            Kind::FileExists,
            format!("{} is there already", path.display()),
        )
        .hint("nothing was changed; restore again")),
    }
}

/// Moves the live batches of everybody into another epoch, if they are what they were.
fn move_epochs(tx: &Transaction<'_>, ring: &Keyring, old: i64, new: i64) -> Result<()> {
    let mut last = UserId(0);
    loop {
        let ids = store::seals::users_after(tx, last, TOGETHER)?;
        let Some(end) = ids.last().copied() else {
            return Ok(());
        };
        let seals = Seals::default();
        for id in ids {
            let user = users::by_id(tx, id)?.ok_or_else(vanished)?;
            seals.touch(tx, ring, &user)?;
            batches::move_epoch(tx, id, old, new)?;
            seals.change(id, |known| known.move_epoch(old, new));
        }
        seals.close(tx, ring)?;
        last = end;
    }
}

fn require_backup_file(file: &Path, place: &Place) -> Result<()> {
    let doing = format!("cannot read {}", file.display());
    let metadata = std::fs::metadata(file).map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        let error = Error::file(&doing, error);
        if is_missing {
            error.hint("name a file that `recovery-codes backup` wrote")
        } else {
            error
        }
    })?;
    let refuse = |kind, what: &str, hint: &str| {
        Err(Error::new(kind, format!("{} {what}", file.display())).hint(hint))
    };
    if !metadata.is_file() {
        return refuse(
            Kind::DamagedStore,
            "is not a file",
            "name a file that `recovery-codes backup` wrote",
        );
    }
    if place.is(Identity::of(&metadata)) {
        return refuse(
            Kind::Usage,
            "is the store itself",
            "name a file that `recovery-codes backup` wrote",
        );
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return refuse(
            Kind::DamagedStore,
            "is a store that is in use, part of which lies in a log beside it",
            "make a backup of it with `recovery-codes --store PATH backup FILE`, and restore that",
        );
    }
    Ok(())
}

/// Says which file it is about, and what to do instead.
fn unusable(file: &Path, error: Error) -> Error {
    let hint = match error.kind() {
        Kind::DamagedStore => "nothing was changed; take another backup".to_owned(),
        _ => format!(
            "nothing was changed; {}",
            error.advice().unwrap_or("try it again")
        ),
    };
    Error::new(error.kind(), format!("cannot restore {}", file.display()))
        .because(error)
        .hint(hint)
}

/// The key ring must hold what the backup's codes need; a ring that has a newer key besides is
/// fine.
fn require_keys(copy: &Duplicate, ring: &Keyring, file: &Path, now: Timestamp) -> Result<()> {
    let known = known_keys(copy.read())?;
    let live = codes::live_by_key(copy.read(), now)?;
    let mut missing: Vec<KeyId> = live.into_iter().map(|(id, _)| id).collect();
    missing.retain(|id| ring.get(id).is_none());
    if missing.is_empty() && !known.iter().any(|id| ring.get(id).is_some()) {
        missing = known;
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(wrong_key(&missing, file))
}

fn known_keys(connection: &Connection) -> Result<Vec<KeyId>> {
    Ok(keys::all(connection)?
        .into_iter()
        .map(|key| key.id)
        .collect())
}

fn wrong_key(missing: &[KeyId], file: &Path) -> Error {
    let missing: Vec<&str> = missing.iter().map(KeyId::as_str).collect();
    Error::new(
        Kind::WrongKey,
        format!(
            "{} needs the key {}, which is missing",
            file.display(),
            missing.join(" and ")
        ),
    )
    .hint("nothing was changed; put the key file back that belongs to this backup")
}

fn require_chain(connection: &Connection, ring: &Keyring, file: &Path) -> Result<()> {
    let Verdict::Broken { why, .. } = verify_old_audit(connection, ring)? else {
        return Ok(());
    };
    let mut missing = known_keys(connection)?;
    missing.retain(|id| ring.holding(id) == Holding::Missing);
    if missing.iter().any(|id| why.contains(id.as_str())) {
        return Err(wrong_key(&missing, file));
    }
    let why = format!("it was changed without the key: {why}");
    Err(unusable(file, Error::new(Kind::DamagedStore, why)))
}
