//! Prunes the logs: what is older than the retention goes, and the audit chain stays provable.

use crate::actions::desk::head;
use crate::actions::desk::tree::forged;
use crate::actions::desk::workspace::Workspace;
use crate::actions::trust::verify_audit::{Verdict, verify_audit};
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::time::{self, Timestamp};
use crate::platform::pace::Pace;
use crate::secret::chain;
use crate::secret::keyring::Keyring;
use crate::store::{Connection, Transaction, attempts, audit, imported_history, mail_log, purges};

/// Entries that went, or would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub audit: u64,
    pub attempts: u64,
    pub mail: u64,
    pub purges: u64,
    /// Lines of logs that were kept elsewhere.
    pub imported: u64,
    /// Whether a signal ended it early.
    pub is_interrupted: bool,
}

impl Answer {
    /// All together.
    pub fn total(&self) -> u64 {
        self.audit + self.attempts + self.mail + self.purges + self.imported
    }
}

/// Rows in one transaction.
const CHUNK: u64 = 1000;

/// Deletes entries older than `days` days. Of the audit chain only a beginning goes, and what
/// stands before the new beginning is kept in the head; a chain that does not hold is not
/// touched, for its fault would be buried.
///
/// # Errors
/// [`Kind::WrongState`] for a broken chain, [`Kind::DoubtfulClock`].
pub fn prune(
    workspace: &mut Workspace,
    days: u64,
    dry_run: bool,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    workspace.require_sure_clock()?;
    let now = workspace.origin.at;
    let cutoff = time::before_days(now, days);
    let ring = &workspace.ring;
    let (last, planned) = workspace.store.snapshot(|connection| {
        if let Verdict::Broken { why, .. } = verify_audit(connection, ring)? {
            return Err(Error::new(Kind::WrongState, format!("the audit chain does not hold: {why}"))
                .hint("nothing was pruned; find out what happened first, with `recovery-codes log verify`"));
        }
        plan(connection, cutoff, now)
    })?;
    if dry_run || planned.total() == 0 {
        return Ok(planned);
    }
    let mut answer = Answer::default();
    pace.begin(planned.total());
    loop {
        // A deadline lets every try come at least one step further.
        if pace.is_signalled() || (answer.total() > 0 && pace.must_stop()) {
            answer.is_interrupted = true;
            break;
        }
        let held = pace.measure();
        let chunk = prune_chunk(workspace, last, days)?;
        answer.audit += chunk.audit;
        answer.attempts += chunk.attempts;
        answer.mail += chunk.mail;
        answer.purges += chunk.purges;
        answer.imported += chunk.imported;
        pace.advance(answer.total());
        if answer.total() >= planned.total() || chunk.total() == 0 {
            break;
        }
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    pace.end();
    Ok(answer)
}

/// One transaction, with the audit entry of what went in it: wherever a pruning ends, nothing went
/// unrecorded.
fn prune_chunk(workspace: &mut Workspace, last: Last, days: u64) -> Result<Answer> {
    workspace.write(|tx| {
        let chunk = Answer {
            audit: prune_chain(tx, tx.ring, last.audit)?,
            attempts: attempts::LOG.delete_through(tx, last.attempts, CHUNK)?,
            mail: mail_log::LOG.delete_through(tx, last.mail, CHUNK)?,
            purges: purges::LOG.delete_through(tx, last.purges, CHUNK)?,
            imported: imported_history::delete_before(tx, last.imported, CHUNK)?,
            is_interrupted: false,
        };
        if chunk.total() > 0 {
            let mut details = format!(
                "{} audit entries, {} attempts, {} lines of mail, {} purges, older than {days} days",
                chunk.audit, chunk.attempts, chunk.mail, chunk.purges
            );
            if chunk.imported > 0 {
                details.push_str(&format!("; {} imported lines", chunk.imported));
            }
            let deed = Deed::new(Action::LogPruned).details(details);
            tx.record(deed)?;
        }
        Ok(chunk)
    })
}

/// The last entry of each log that goes.
#[derive(Clone, Copy)]
struct Last {
    audit: i64,
    attempts: i64,
    mail: i64,
    purges: i64,
    /// Imported lines from before this moment.
    imported: Timestamp,
}

/// How far each log is pruned, and how many entries that are. What is added meanwhile stands
/// behind that.
fn plan(connection: &Connection, cutoff: Timestamp, now: Timestamp) -> Result<(Last, Answer)> {
    let last = Last {
        audit: audit::LOG.last_before(connection, cutoff, now)?,
        attempts: attempts::LOG.last_before(connection, cutoff, now)?,
        mail: mail_log::LOG.last_before(connection, cutoff, now)?,
        purges: purges::LOG.last_before(connection, cutoff, now)?,
        imported: cutoff,
    };
    let pruned = audit::head(connection)?.map_or(0, |head| head.pruned);
    let planned = Answer {
        audit: u64::try_from(last.audit - pruned).unwrap_or(0),
        attempts: attempts::LOG.count_through(connection, last.attempts)?,
        mail: mail_log::LOG.count_through(connection, last.mail)?,
        purges: purges::LOG.count_through(connection, last.purges)?,
        imported: imported_history::count_before(connection, cutoff)?,
        is_interrupted: false,
    };
    Ok((last, planned))
}

/// Moves the beginning of the chain up to [`CHUNK`] entries on, but not beyond `last`.
fn prune_chain(tx: &Transaction<'_>, ring: &Keyring, last: i64) -> Result<u64> {
    // The chain was proven in another transaction, and what stands here now is to be closed.
    let mut head = head::proven(tx, ring)?;
    let chunk = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    let to = last.min(head.pruned.saturating_add(chunk));
    let Some(entry) = audit::by_number(tx, to)?.filter(|_| to > head.pruned) else {
        return Ok(0);
    };
    let mut previous = head.pruned_mac;
    for number in head.pruned + 1..=to {
        let entry = audit::by_number(tx, number)?;
        match entry.filter(|entry| chain::entry_holds(ring, entry, &previous) == Some(true)) {
            Some(entry) => previous = entry.mac,
            None => return Err(forged(&format!("entry {number} of the audit log"))),
        }
    }
    head.pruned = to;
    head.pruned_mac = entry.mac;
    head::close(tx, ring, head)?;
    audit::delete_pruned(tx)
}
