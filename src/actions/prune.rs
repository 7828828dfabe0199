//! Prunes the logs: what is older than the retention goes, and the audit chain stays provable.

use crate::actions::record::record;
use crate::actions::verify_audit::{Verdict, verify_audit};
use crate::actions::workspace::Workspace;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Action, Deed};
use crate::model::time;
use crate::platform::pace::Pace;
use crate::secret::chain;
use crate::store::{attempts, audit, mail_log, purges};

/// Entries that went, or would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub audit: u64,
    pub attempts: u64,
    pub mail: u64,
    pub purges: u64,
    /// Whether a signal ended it early.
    pub is_interrupted: bool,
}

impl Answer {
    /// All together.
    pub fn total(&self) -> u64 {
        self.audit + self.attempts + self.mail + self.purges
    }
}

/// Rows in one transaction.
const CHUNK: u64 = 1000;

/// Deletes entries older than `days` days. Of the audit chain only a beginning goes, and what
/// stands before the new beginning is kept in the head; a chain that does not hold is not
/// touched, for its fault would be buried.
///
/// # Errors
/// [`Kind::WrongState`] for a broken chain.
pub fn prune(
    workspace: &mut Workspace,
    days: u64,
    dry_run: bool,
    pace: &mut Pace<'_>,
) -> Result<Answer> {
    let cutoff = time::before_days(workspace.origin.at, days);
    let ring = &workspace.ring;
    let last = workspace.store.snapshot(|connection| {
        if let Verdict::Broken { why, .. } = verify_audit(connection, ring)? {
            return Err(Error::new(Kind::WrongState, format!("the audit chain does not hold: {why}"))
                .hint("nothing was pruned; find out what happened first, with `recovery-codes log verify`"));
        }
        audit::last_before(connection, cutoff)
    })?;
    let first = audit::head(workspace.store.read())?.map_or(0, |head| head.pruned);
    let connection = workspace.store.read();
    let mut answer = Answer {
        audit: u64::try_from(last - first).unwrap_or(0),
        attempts: attempts::count_before(connection, cutoff)?,
        mail: mail_log::count_before(connection, cutoff)?,
        purges: purges::count_before(connection, cutoff)?,
        is_interrupted: false,
    };
    if dry_run || answer.total() == 0 {
        return Ok(answer);
    }
    let planned = answer;
    answer = Answer::default();
    pace.begin(planned.total());
    while !pace.must_stop() {
        let held = pace.measure();
        let ring = &workspace.ring;
        let chunk = workspace.store.write(|tx| {
            Ok([
                prune_chain(tx, ring, last)?,
                attempts::delete_before(tx, cutoff, CHUNK)?,
                mail_log::delete_before(tx, cutoff, CHUNK)?,
                purges::delete_before(tx, cutoff, CHUNK)?,
            ])
        })?;
        let [chain, tried, mailed, purged] = chunk;
        answer.audit += chain;
        answer.attempts += tried;
        answer.mail += mailed;
        answer.purges += purged;
        pace.advance(answer.total());
        if chunk == [0; 4] {
            break;
        }
        if workspace.store.is_awaited() {
            held.pause_as_long();
        }
    }
    answer.is_interrupted = pace.must_stop();
    pace.end();
    let crate::actions::workspace::Workspace {
        store,
        ring,
        origin,
        ..
    } = workspace;
    store.write(|tx| {
        let details = format!(
            "{} audit entries, {} attempts, {} lines of mail, {} purges, older than {days} days",
            answer.audit, answer.attempts, answer.mail, answer.purges
        );
        record(
            tx,
            ring,
            origin,
            Deed::new(Action::LogPruned).details(details),
        )
    })?;
    Ok(answer)
}

/// Moves the beginning of the chain up to [`CHUNK`] entries on, but not beyond `last`.
fn prune_chain(
    tx: &crate::store::Transaction<'_>,
    ring: &crate::secret::keyring::Keyring,
    last: i64,
) -> Result<u64> {
    let Some(mut head) = audit::head(tx)? else {
        return Ok(0);
    };
    let chunk = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    let to = last.min(head.pruned.saturating_add(chunk));
    let Some(entry) = audit::by_number(tx, to)?.filter(|_| to > head.pruned) else {
        return Ok(0);
    };
    head.pruned = to;
    head.pruned_mac = entry.mac;
    chain::seal_head(ring, &mut head);
    audit::put_head(tx, &head)?;
    audit::delete_pruned(tx)
}
