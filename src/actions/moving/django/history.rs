//! The logs of the Django application, as they stand there.

use crate::actions::desk::workspace::Workspace;
use crate::actions::mail::deliver::mask;
use crate::actions::moving::django::coming::name_of;
use crate::actions::moving::django::source::Source;
use crate::error::Result;
use crate::model::django::{ImportedEntry, ImportedLog};
use crate::model::state::Elsewhere;
use crate::model::time::Timestamp;
use crate::secret::code::looks_like_a_code;
use crate::store::imported_history;

/// Lines in one transaction.
const CHUNK: u64 = 500;

/// How many lines each log has that did not come before.
pub type Logs = Vec<(ImportedLog, u64)>;

/// Counts them.
pub(in crate::actions) fn new_lines(workspace: &mut Workspace, source: &Source) -> Result<Logs> {
    let mut logs = Logs::new();
    for log in ImportedLog::ALL {
        let mut new = 0;
        each_chunk(source, *log, |entries| {
            let store = workspace.store.read();
            for entry in entries {
                let line = (entry.log, entry.number);
                let is_known = imported_history::contains(store, Elsewhere::Django, line)?;
                new += u64::from(!is_known);
            }
            Ok(())
        })?;
        logs.push((*log, new));
    }
    Ok(logs)
}

/// Takes them over; counts in `taken` how many are new.
pub(in crate::actions) fn take_over(
    workspace: &mut Workspace,
    source: &Source,
    taken: &mut u64,
) -> Result<()> {
    for log in ImportedLog::ALL {
        each_chunk(source, *log, |entries| {
            let store = workspace.store.read();
            let mut new = Vec::new();
            for entry in entries {
                let line = (entry.log, entry.number);
                if !imported_history::contains(store, Elsewhere::Django, line)? {
                    new.push(as_kept(entry, workspace.origin.at));
                }
            }
            if new.is_empty() {
                return Ok(());
            }
            *taken += workspace.write(|tx| {
                let mut added = 0;
                for entry in &new {
                    added += u64::from(imported_history::insert(tx, Elsewhere::Django, entry)?);
                }
                Ok(added)
            })?;
            Ok(())
        })?;
    }
    Ok(())
}

fn each_chunk(
    source: &Source,
    log: ImportedLog,
    mut visit: impl FnMut(Vec<ImportedEntry>) -> Result<()>,
) -> Result<()> {
    let mut after = i64::MIN;
    loop {
        let entries = source.entries(log, (after, CHUNK))?;
        let Some(last) = entries.last() else {
            return Ok(());
        };
        after = last.number;
        visit(entries)?;
    }
}

/// A line as it is kept: batches by their names here, addresses masked as in the log of mail, and
/// nothing that somebody typed in the place of a name and that looks like a code.
fn as_kept(entry: ImportedEntry, now: Timestamp) -> ImportedEntry {
    let name = |text: String| (!looks_like_a_code(&text)).then_some(text);
    let user = entry.user.and_then(name);
    ImportedEntry {
        at: entry.at.min(now),
        actor: entry.actor.and_then(name),
        user: match entry.log {
            ImportedLog::Email => user.map(|address| mask(&address)),
            ImportedLog::Audit | ImportedLog::Purges => user,
        },
        batch: entry
            .batch
            .and_then(|id| name_of(&id).ok())
            .map(|name| name.as_str().to_owned()),
        ..entry
    }
}
