//! What a person's past in the Django application is here. What that system gets wrong is not taken as
//! truth: rows decide and not counts, and expired is expired.

use std::collections::HashSet;

use crate::actions::moving::django::ended::{End, end, is_over, over};
use crate::error::{Error, Kind, Result};
use crate::model::django::{self, Batch, Past};
use crate::model::id::BatchName;
use crate::model::state::{BatchState, CodeState, Elsewhere};
use crate::model::time::Timestamp;
use crate::secret::code::Code;
use crate::secret::django::from_look_up_hash;
use crate::store::past_batches::PastBatch;

/// A batch as it will stand here.
pub(in crate::actions) struct Coming {
    pub past: PastBatch,
    /// Codes that are hashed, for they work or can be reactivated; first on the list of the batch.
    pub hashed: (Vec<Code>, Vec<End>),
    /// Codes that never work again. They are only told apart.
    pub marked: Vec<(Code, End)>,
}

impl Coming {
    /// Codes that work.
    pub fn live(&self) -> u64 {
        let ends = self.hashed.1.iter();
        ends.filter(|end| end.state == CodeState::Active).count() as u64
    }

    /// Codes of which a row comes, but which do not work.
    pub fn dead(&self) -> u64 {
        (self.hashed.1.len() + self.marked.len()) as u64 - self.live()
    }

    /// When the last of its codes was used.
    pub fn last_used(&self) -> Option<Timestamp> {
        let used = self
            .marked
            .iter()
            .filter(|(_, end)| end.state == CodeState::Used);
        used.filter_map(|(_, end)| end.at).max()
    }
}

/// All batches of a past, the oldest first. Hints that are `taken` are no code's any more.
///
/// # Errors
/// [`Kind::Usage`] for rows that are not as the application writes them.
pub(in crate::actions) fn of(
    past: &Past,
    mut taken: HashSet<String>,
    now: Timestamp,
) -> Result<Vec<Coming>> {
    let mut batches: Vec<&Batch> = past.batches.iter().collect();
    batches.sort_by_key(|batch| (batch.created_at, &batch.id));
    let mut names = HashSet::new();
    for batch in &batches {
        if !names.insert(name_of(&batch.id)?) {
            return Err(malformed("two batches of the application have one id"));
        }
    }
    let open = open(&batches, now);
    let over = over(&batches);
    let confirmed = past.confirmed_at.and_then(|at| {
        batches
            .iter()
            .rposition(|batch| batch.created_at <= at)
            .map(|place| (place, at.min(now)))
    });
    let mut coming: Vec<Option<Coming>> = batches.iter().map(|_| None).collect();
    // Of two codes that look alike, the one that works has the hint.
    let order = open
        .map(|(place, _)| place)
        .into_iter()
        .chain((0..batches.len()).filter(|place| Some(*place) != open.map(|(place, _)| place)));
    for place in order {
        let role = match open {
            Some((open, works)) if open == place => Role::Open { works },
            _ => Role::Ended {
                next: batches.get(place + 1).map(|next| next.created_at),
            },
        };
        let mut one = batch(batches[place], role, (&mut taken, &over), now)?;
        one.past.confirmed_at = confirmed
            .filter(|(confirmed, _)| *confirmed == place)
            .map(|(_, at)| at);
        coming[place] = Some(one);
    }
    Ok(coming.into_iter().flatten().collect())
}

/// What a batch is among the others of its user.
#[derive(Clone, Copy)]
enum Role {
    /// The one that is active, and whether its codes work.
    Open { works: bool },
    /// Whose place another took at this moment, if another did.
    Ended { next: Option<Timestamp> },
}

/// Which batch is the active one, and whether its codes work: the newest of those that are said to be
/// active, but one whose codes work goes before one whose do not.
fn open(batches: &[&Batch], now: Timestamp) -> Option<(usize, bool)> {
    let works = |batch: &&Batch| {
        let is_live = |code: &django::Code| code.state == CodeState::Active;
        batch.expires_at.is_none_or(|at| at > now) && batch.codes.iter().any(is_live)
    };
    let is_active = |batch: &&Batch| batch.is_active && !batch.codes.is_empty();
    let newest = |is_it: &dyn Fn(&&Batch) -> bool| batches.iter().rposition(is_it);
    newest(&|batch| is_active(batch) && works(batch))
        .map(|place| (place, true))
        .or_else(|| newest(&is_active).map(|place| (place, false)))
}

fn batch(
    batch: &Batch,
    role: Role,
    (taken, over): (&mut HashSet<String>, &HashSet<&str>),
    now: Timestamp,
) -> Result<Coming> {
    let state = match role {
        _ if batch.codes.is_empty() => BatchState::Purged,
        Role::Open { .. } => BatchState::Active,
        Role::Ended { .. } if batch.deleted_at.is_some() => BatchState::Deleted,
        Role::Ended { .. } => BatchState::Superseded,
    };
    let created_at = batch.created_at.min(now);
    let within = |at: Timestamp| at.clamp(created_at, now);
    let ended_at = match role {
        Role::Open { .. } => None,
        Role::Ended { .. } if batch.deleted_at.is_some() => batch.deleted_at,
        Role::Ended { next: Some(next) } => Some(next),
        Role::Ended { next: None } => (!batch.is_active).then_some(batch.modified_at),
    }
    .map(within);
    let works = matches!(role, Role::Open { works: true });
    let mut coming = Coming {
        past: PastBatch {
            name: name_of(&batch.id)?,
            state,
            created_at,
            changed_at: within(batch.modified_at),
            expires_at: batch.expires_at,
            confirmed_at: None,
            ended_at,
            ended_by: ended_at.map(|_| {
                let by = batch.deleted_by.clone();
                by.unwrap_or_else(|| Elsewhere::Django.word().to_owned())
            }),
            issued: 0,
            used: 0,
            invalidated: 0,
            deleted: 0,
            purged: 0,
            dead_from: None,
            shown_at: batch.is_viewed.then_some(created_at),
            exported_at: batch.is_downloaded.then_some(created_at),
            emailed_at: batch.is_emailed.then_some(created_at),
        },
        hashed: (Vec::new(), Vec::new()),
        marked: Vec::new(),
    };
    let mut codes: Vec<&django::Code> = batch.codes.iter().collect();
    codes.sort_by_key(|code| code.order());
    for row in codes {
        let code = from_look_up_hash(&row.look_up_hash).ok_or_else(|| {
            malformed(match row.record {
                Some(record) => format!("record {record} holds no look_up_hash"),
                None => "a code in the database holds no look_up_hash".to_owned(),
            })
        })?;
        let is_told_twice = !is_over(row) && over.contains(row.look_up_hash.as_str());
        if is_told_twice || !taken.insert(code.hint().to_owned()) {
            continue;
        }
        let end = end(row, (state, ended_at), within);
        let can_work = matches!(end.state, CodeState::Active | CodeState::Invalidated);
        if works && can_work {
            coming.hashed.0.push(code);
            coming.hashed.1.push(end);
        } else {
            coming.marked.push((code, end));
        }
    }
    count(&mut coming, batch);
    Ok(coming)
}

/// Counts what became of its codes: where there is a row, by the row; of those that were purged, by
/// what is said there, as far as it can be true.
fn count(coming: &mut Coming, batch: &Batch) {
    let ends: Vec<End> = coming
        .hashed
        .1
        .iter()
        .chain(coming.marked.iter().map(|(_, end)| end))
        .copied()
        .collect();
    let rows = |state| ends.iter().filter(|end| end.state == state).count() as u64;
    let past = &mut coming.past;
    let there = ends.len() as u64;
    past.issued = batch.issued.max(there).max(1);
    past.purged = past.issued - there;
    let mut gone = past.purged;
    let mut take = |said: u64, there: u64| {
        let more = said.saturating_sub(there).min(gone);
        gone -= more;
        there + more
    };
    past.used = take(batch.used, rows(CodeState::Used));
    past.invalidated = take(batch.invalidated, rows(CodeState::Invalidated));
    past.deleted = take(batch.removed, rows(CodeState::Deleted));
    // Only what was dead was purged.
    match past.state == BatchState::Superseded {
        true => past.invalidated += gone,
        false => past.deleted += gone,
    }
    let first = ends.iter().filter_map(|end| end.at).min();
    past.dead_from = (there > 0)
        .then(|| first.into_iter().chain(past.expires_at).min())
        .flatten();
}

/// The name of a batch here comes from its id there: what was taken over once is recognised, so
/// that codes that were used since do not come back with the same dump.
pub(in crate::actions) fn name_of(id: &str) -> Result<BatchName> {
    let digits: String = id.chars().filter(|c| *c != '-').collect();
    let is_uuid = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = digits.get(..16).filter(|_| is_uuid);
    number
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .map(|number| BatchName::from_bytes(number.to_be_bytes()))
        .ok_or_else(|| malformed("a batch of the application has no UUID"))
}

/// A row that is not as the application writes it.
pub(in crate::actions) fn malformed(message: impl Into<String>) -> Error {
    Error::new(Kind::Usage, message).hint(
        "nothing was changed; dump users and codes together, with `manage.py dumpdata auth.user django_auth_recovery_codes`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_named_by_a_uuid_only() {
        let id = "0a0b0c0d-0b1c-4d2e-8f3a-000000000000";
        assert_eq!(name_of(id).unwrap().as_str(), "0A0B0C0D0B1C4D2E");
        assert!(name_of(&id.replace('-', "")).is_ok());
        for wrong in [
            &id.replace("0a", "+a"),
            &id[1..],
            &id[..19],
            &id.replace("8f", "8g"),
        ] {
            assert!(name_of(wrong).is_err(), "{wrong}");
        }
    }

    fn code(number: u8, state: CodeState) -> django::Code {
        django::Code {
            record: None,
            created_at: Timestamp::UNIX_EPOCH,
            look_up_hash: format!("{number:02x}").repeat(64),
            state,
            is_by_hand: false,
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn issued(number: u64, codes: Vec<django::Code>) -> Batch {
        Batch {
            id: format!("{number:032x}").chars().rev().collect(),
            created_at: crate::model::time::from_millis(i64::try_from(number).unwrap()),
            modified_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
            is_active: true,
            deleted_at: None,
            deleted_by: None,
            issued: 10,
            used: 0,
            invalidated: 0,
            removed: 0,
            is_viewed: false,
            is_downloaded: false,
            is_emailed: false,
            codes,
        }
    }

    fn coming(batches: Vec<Batch>) -> Vec<Coming> {
        let past = Past {
            confirmed_at: None,
            batches,
        };
        of(&past, HashSet::new(), crate::model::time::from_millis(1000)).unwrap()
    }

    #[test]
    fn of_several_active_batches_the_newest_that_works_is_the_active_one() {
        let all = coming(vec![
            issued(3, vec![code(3, CodeState::Used)]),
            issued(1, vec![code(1, CodeState::Active)]),
            issued(2, vec![code(2, CodeState::Active)]),
        ]);
        let states: Vec<_> = all.iter().map(|one| one.past.state).collect();
        assert_eq!(
            states,
            [
                BatchState::Superseded,
                BatchState::Active,
                BatchState::Superseded
            ]
        );
        assert_eq!(all.iter().map(Coming::live).sum::<u64>(), 1);
        // None works: the newest is the active one, and nothing of it is hashed.
        let all = coming(vec![
            issued(1, vec![code(1, CodeState::Used)]),
            issued(2, vec![code(2, CodeState::Used)]),
        ]);
        assert_eq!(all[1].past.state, BatchState::Active);
        assert!(all.iter().all(|one| one.hashed.0.is_empty()));
    }

    #[test]
    fn of_two_codes_that_look_alike_the_one_that_works_is_kept() {
        let mut other = code(7, CodeState::Active);
        other.look_up_hash.replace_range(126.., "00");
        let all = coming(vec![
            issued(1, vec![code(7, CodeState::Used)]),
            issued(2, vec![other]),
        ]);
        assert_eq!((all[0].dead(), all[1].live()), (0, 1));
        assert_eq!(
            (all[0].past.state, all[0].past.purged),
            (BatchState::Superseded, 10)
        );
    }

    #[test]
    fn a_code_that_is_over_anywhere_works_nowhere() {
        let later = django::Code {
            created_at: crate::model::time::from_millis(1),
            ..code(7, CodeState::Used)
        };
        for ended in [later, code(7, CodeState::Deleted)] {
            let all = coming(vec![
                issued(1, vec![ended.clone()]),
                issued(
                    2,
                    vec![code(7, CodeState::Active), code(8, CodeState::Active)],
                ),
            ]);
            assert_eq!((all[0].dead(), all[1].live()), (1, 1));
            let all = coming(vec![issued(1, vec![code(7, CodeState::Active), ended])]);
            assert_eq!((all[0].dead(), all[0].live()), (1, 0));
        }
    }

    #[test]
    fn counts_always_add_up() {
        use CodeState::{Active, Deleted, Invalidated, Used};
        for said in [0, 3, u64::MAX] {
            for is_active in [true, false] {
                let states = [Active, Deleted, Invalidated, Used];
                let codes = (1..).zip(states).map(|(number, state)| code(number, state));
                let mut one = issued(1, codes.collect());
                (one.used, one.invalidated, one.removed) = (said, said, said);
                one.is_active = is_active;
                let all = coming(vec![one]);
                let past = &all[0].past;
                let dead = past.used + past.invalidated + past.deleted;
                assert_eq!(
                    dead + u64::from(is_active),
                    past.issued,
                    "{said} {is_active}"
                );
                assert_eq!((past.issued, past.purged), (10, 6));
            }
        }
    }

    #[test]
    fn two_batches_of_one_id_are_refused() {
        let past = Past {
            confirmed_at: None,
            batches: vec![issued(1, Vec::new()), issued(1, Vec::new())],
        };
        assert!(of(&past, HashSet::new(), Timestamp::UNIX_EPOCH).is_err());
    }
}
