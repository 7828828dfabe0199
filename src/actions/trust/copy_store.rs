//! Moves a whole store to another place, from one engine to the other: nothing is lost, and nobody goes
//! on with the old one.

use crate::actions::check::Findings;
use crate::actions::check::seals::look_at_all_seals;
use crate::actions::desk::head::require_schema;
use crate::actions::desk::key_source::{missing_key, read_ring};
use crate::actions::desk::opening::Opening;
use crate::actions::desk::record::record;
use crate::actions::desk::seals::Seals;
use crate::actions::trust::verify_audit::{Verdict, verify_audit};
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::location::Location;
use crate::platform::files;
use crate::platform::pace::Pace;
use crate::secret::keyring::Keyring;
use crate::store::engine::copy::{copy, count};
use crate::store::{Connection, Store, Transaction, audit, meta, users};

/// What was moved.
#[derive(Debug)]
pub struct Answer {
    pub users: u64,
    /// All rows of all tables.
    pub rows: u64,
}

/// Copies everything that `from` has into `to`, where there must be no store, and marks `from` as moved.
/// Nobody writes meanwhile. Killed at any moment it has happened or not; killed between the two commits,
/// neither store works, and doing it again ends it.
///
/// # Errors
/// [`Kind::Usage`] for the same place twice; [`Kind::FileExists`] where a store is at `to`;
/// [`Kind::ReplacedStore`] where `from` was moved to another place before; [`Kind::Forged`] and
/// [`Kind::DamagedStore`] for a store that is not what it was; and what either engine says.
pub fn copy_store(
    opening: &Opening<'_>,
    from: &Location,
    to: &Location,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    let ring =
        read_ring(opening.paths, opening.environment)?.ok_or_else(|| missing_key(opening.paths))?;
    if from.to_string() == to.to_string() {
        return Err(Error::new(Kind::Usage, "both are the same store")
            .hint("name the store that is there first, and then where it is to be"));
    }
    let mut source = Store::open_even_moved(from)?;
    require_nothing_at(to)?;
    if let Some(file) = to.file() {
        files::fitting_directory_of(file)?;
    }
    let mut answer = None;
    let moved = Store::open_or_create(to, |there| {
        answer = Some(source.write_even_moved(|here| {
            require_unmoved(here, (from, to))?;
            let answer = fill(here, there, &ring, pace)?;
            record_both(opening, (&ring, here, there), (from, to))?;
            Ok((answer, entries(here)?))
        })?);
        Ok(())
    });
    match (moved, answer) {
        (Ok((_, true)), Some((answer, entries))) => {
            let done = mark(&mut source, &ring, (Some(&to.to_string()), entries));
            done.map_err(|error| error.also(format!("everything is at {to} all the same")))?;
            Ok(answer)
        }
        (Ok(_), _) => Err(is_there(to)),
        // The old store was marked, and the new one never was: it goes on.
        (Err(error), Some((_, entries)))
            if error.kind() != Kind::InDoubt && matches!(Store::is_there(to), Ok(false)) =>
        {
            mark(&mut source, &ring, (None, entries))?;
            Err(error)
        }
        (Err(error), Some(_)) => Err(error.also(format!(
            "{from} is marked as moved; look whether the store at {to} is whole, and else move it once more"
        ))),
        (Err(error), _) => Err(error),
    }
}

/// How a store is marked whose copy is not there yet, or only just: what was used in that is not known
/// here, so the mark of one that was moved lets nobody move it again.
fn begun(to: &Location) -> String {
    format!("{to} (begun)")
}

/// Refuses a store that was moved, or is being moved to another place. Others may have done that while
/// this one waited for its turn.
fn require_unmoved(here: &Connection, (from, to): (&Location, &Location)) -> Result<()> {
    match meta::moved_to(here)? {
        Some(moved) if moved != begun(to) => Err(Error::new(
            Kind::ReplacedStore,
            format!("{from} was moved to {moved} before"),
        )
        .hint("go on with that one; what is here is old")),
        _ => Ok(()),
    }
}

/// How many entries the audit log ever had.
fn entries(connection: &Connection) -> Result<i64> {
    Ok(audit::head(connection)?.map_or(0, |head| head.count))
}

/// Changes the mark, if nobody has moved the store once more since it had so many entries.
fn mark(source: &mut Store, ring: &Keyring, (moved_to, then): (Option<&str>, i64)) -> Result<()> {
    source.write_even_moved(|here| match entries(here)? == then {
        true => Seals::changing_world(here, ring, || meta::set_moved_to(here, moved_to)),
        false => Ok(()),
    })
}

fn require_nothing_at(to: &Location) -> Result<()> {
    match Store::is_there(to)? {
        true => Err(is_there(to)),
        false => Ok(()),
    }
}

fn is_there(to: &Location) -> Error {
    Error::new(Kind::FileExists, format!("there is a store at {to} already"))
        .hint("name another place; a store never takes the place of one here, only `recovery-codes restore` does that")
}

/// Copies everything that holds.
fn fill(
    here: &Transaction<'_>,
    there: &Transaction<'_>,
    ring: &Keyring,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    prove(here, ring, pace)?;
    let rows = count(here)?;
    pace.begin(rows);
    let mut done = 0;
    copy(here, there, |more| {
        done += more;
        pace.advance(done);
        match pace.must_stop() {
            true => Err(Error::new(Kind::Interrupted, "the store was not moved")
                .hint("nothing was changed; run it again")),
            false => Ok(()),
        }
    })?;
    pace.end();
    let arrived = count(there)?;
    if arrived != rows {
        return Err(Error::new(
            Kind::DamagedStore,
            format!("of {rows} rows only {arrived} arrived"),
        )
        .hint("nothing was changed; run `recovery-codes check --deep` on the old store"));
    }
    prove(there, ring, pace)?;
    Ok(Answer {
        users: users::count(there)?,
        rows,
    })
}

/// Everything is what it was.
fn prove(connection: &Connection, ring: &Keyring, pace: &mut Pace<'_>) -> Result<()> {
    require_schema(connection)?;
    if let Verdict::Broken { why, .. } = verify_audit(connection, ring)? {
        return Err(Error::new(
            Kind::DamagedStore,
            format!("the audit chain does not hold: {why}"),
        )
        .hint("nothing was changed; `recovery-codes check --deep` says what is wrong"));
    }
    let mut findings = Findings::default();
    look_at_all_seals(&mut findings, connection, ring, pace)?;
    match findings
        .items
        .into_iter()
        .find(|found| found.remedy.is_some())
    {
        None => Ok(()),
        Some(found) => Err(Error::new(Kind::Forged, found.message)
            .hint("nothing was changed; `recovery-codes check --deep` says what is wrong")),
    }
}

/// The old store tells where it went, and the new one from where it came.
fn record_both(
    opening: &Opening<'_>,
    (ring, here, there): (&Keyring, &Transaction<'_>, &Transaction<'_>),
    (from, to): (&Location, &Location),
) -> Result<()> {
    let came = Deed::new(Action::StoreMoved).details(format!("from {from}"));
    // An earlier try that was killed had marked it: what comes now is the store itself.
    if meta::moved_to(there)?.is_some() {
        Seals::changing_world(there, ring, || meta::set_moved_to(there, None))?;
    }
    record(there, ring, &opening.origin, came)?;
    Seals::changing_world(here, ring, || meta::set_moved_to(here, Some(&begun(to))))?;
    let went = Deed::new(Action::StoreMoved).details(format!("to {to}"));
    record(here, ring, &opening.origin, went)
}
