//! Looks for what somebody without the key wrote into the store.

use super::findings::{Findings, Reach};
use crate::actions::desk::head::Ground;
use crate::actions::desk::seal_user::{Known, Open};
use crate::actions::desk::sealing::unsealed;
use crate::actions::desk::seals::remedy;
use crate::error::Result;
use crate::model::id::{BatchId, UserId};
use crate::model::state::BatchState;
use crate::model::user::quote;
use crate::platform::pace::Pace;
use crate::render::quoting::name_in_shell;
use crate::render::words::count;
use crate::secret::keyring::Keyring;
use crate::store::{Connection, batches, seals, users};

/// The most that is told one by one.
const MOST: usize = 20;

/// Users who are looked at together.
const TOGETHER: u64 = 500;

/// Entries of the audit log whose users the short check looks at.
const LATELY: u64 = 200;

const RESTORE: &str = "somebody edited the store; put a backup in its place";

/// Looks at the seals of everybody, or of those who were seen lately. `is_sound` says whether tables
/// and chain are what they were; if not, that was told already.
pub(super) fn look_at_seals(
    findings: &mut Findings,
    connection: &Connection,
    ring: &Keyring,
    (is_sound, is_variable): (bool, bool),
    reach: &Reach<'_, '_>,
) -> Result<()> {
    let ground = match Ground::look(connection, ring) {
        Ok(ground) => ground,
        Err(error) => {
            if is_sound {
                findings.error("seals", &error);
            }
            return Ok(());
        }
    };
    // Of a store that is not sealed somebody must say so who can tell, and here nobody can.
    if is_variable && ground.sealed_to != i64::MAX {
        findings.error("seals", &unsealed());
        return Ok(());
    }
    let mut looked = Looked::default();
    if !ground.world_holds {
        looked.tell(
            findings,
            "the epoch of the store or its list of keys was changed",
            RESTORE,
        );
    }
    if reach.is_deep {
        let mut last = UserId(i64::MIN);
        loop {
            let ids = seals::users_after(connection, last, TOGETHER)?;
            let Some(end) = ids.last() else {
                break;
            };
            last = *end;
            for id in ids {
                look_at_user(findings, connection, &ground, id, &mut looked)?;
            }
            reach.tell(looked.users);
        }
        look_at_tree(findings, connection, &ground, &mut looked)?;
    } else {
        for id in seals::users_seen_lately(connection, LATELY)? {
            look_at_user(findings, connection, &ground, id, &mut looked)?;
        }
    }
    looked.end(findings);
    Ok(())
}

/// Looks at the seals of everybody, and notes only what is wrong.
pub(in crate::actions) fn look_at_all_seals(
    findings: &mut Findings,
    connection: &Connection,
    ring: &Keyring,
    pace: &mut Pace<'_>,
) -> Result<()> {
    let reach = Reach {
        is_deep: true,
        pace,
        done: 0,
    };
    look_at_seals(findings, connection, ring, (true, false), &reach)
}

/// What was seen so far.
#[derive(Default)]
struct Looked {
    users: u64,
    /// From before the store was sealed, and not sealed yet.
    older: u64,
    forged: usize,
}

impl Looked {
    fn tell(&mut self, findings: &mut Findings, what: impl Into<String>, remedy: &str) {
        self.forged += 1;
        if self.forged <= MOST {
            let message = format!("{} by somebody without the key", what.into());
            findings.wrong("seals", message, remedy);
        }
    }

    fn end(self, findings: &mut Findings) {
        if self.forged > MOST {
            let more = (self.forged - MOST) as u64;
            findings.wrong("seals", format!("{} more", count(more, "row")), RESTORE);
        } else if self.forged == 0 && (self.older == 0 || self.users > 0) {
            findings.ok(
                "seals",
                format!("{}, each as it was sealed", count(self.users, "user")),
            );
        }
        if self.older > 0 {
            findings.note(
                "seals",
                format!(
                    "{} of an earlier version are not sealed yet",
                    count(self.older, "user")
                ),
                "each command goes on with it; run `recovery-codes init` to have it done now",
            );
        }
    }
}

fn look_at_user(
    findings: &mut Findings,
    connection: &Connection,
    ground: &Ground,
    id: UserId,
    looked: &mut Looked,
) -> Result<()> {
    let known = Known::look(connection, &ground.tree, ground.sealed_to, id)?;
    let Some(user) = users::by_id(connection, id)? else {
        return Ok(());
    };
    if known.is_older {
        looked.older += 1;
        return Ok(());
    }
    looked.users += 1;
    let name = quote(user.name.as_str());
    if !known.holds {
        let remedy = remedy(user.name.as_str());
        looked.tell(
            findings,
            format!("the row of the user {name} was written"),
            &remedy,
        );
        return Ok(());
    }
    let remedy = format!(
        "put a backup in the store's place, or issue new codes with `recovery-codes generate {}`",
        name_in_shell(user.name.as_str())
    );
    let mut open = seals::open_of(connection, id)?;
    for listed in known.open.values().filter_map(Open::listed) {
        if !open.contains(&listed) && !was_purged(connection, listed)? {
            open.push(listed);
        }
    }
    for batch in open {
        let (number, open) = (batch, known.open.get(&batch));
        let batch = batches::by_id(connection, batch)?;
        let batch = match &batch {
            Some(batch) => batch.name.short().to_owned(),
            None => format!("number {}", number.0),
        };
        match open {
            Some(open) if open.holds() => {
                for position in &open.forged {
                    looked.tell(
                        findings,
                        format!("code {position} of the batch {batch} of {name} was written"),
                        &remedy,
                    );
                }
            }
            _ => looked.tell(
                findings,
                format!("the batch {batch} of {name} was written"),
                &remedy,
            ),
        }
    }
    Ok(())
}

/// Whether a purge took the batch away, or what was left in it. Nothing else does that to one that
/// was open, and nothing of its user is sealed anew then.
fn was_purged(connection: &Connection, batch: BatchId) -> Result<bool> {
    let batch = batches::by_id(connection, batch)?;
    Ok(batch.is_none_or(|batch| batch.state == BatchState::Purged))
}

/// Whether the tree is whole, and everybody who is in it is there.
fn look_at_tree(
    findings: &mut Findings,
    connection: &Connection,
    ground: &Ground,
    looked: &mut Looked,
) -> Result<()> {
    ground.tree.walk(connection, &mut |user| {
        let Some((user, _)) = user else {
            looked.tell(findings, "rows of the table seals were written", RESTORE);
            return Ok(());
        };
        let id = UserId(i64::try_from(user).unwrap_or(0));
        if users::by_id(connection, id)?.is_none() {
            let what = format!("the user with the number {user} was removed");
            looked.tell(findings, what, RESTORE);
        }
        Ok(())
    })
}
