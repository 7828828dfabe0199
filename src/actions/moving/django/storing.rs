//! Stores what comes of some persons, in one transaction.

use crate::actions::desk::key_standing;
use crate::actions::desk::workspace::{Workspace, Writing};
use crate::actions::issuing::draft::Draft;
use crate::actions::issuing::supersede::supersede;
use crate::actions::moving::django::candidates::Candidate;
use crate::actions::moving::django::coming::Coming;
use crate::actions::moving::django::ended::End;
use crate::actions::moving::django::select::{Selected, open, was_taken_over};
use crate::actions::moving::django_key;
use crate::actions::users::add_user::{add, is_as_wanted};
use crate::actions::users::switch_user::switch;
use crate::error::Result;
use crate::model::audit::{Action, Deed};
use crate::model::id::{KeyId, UserId};
use crate::model::state::{BatchState, Elsewhere, UserState};
use crate::render::words::count;
use crate::secret::code::Code;
use crate::secret::place::{Place, used_mark};
use crate::store::batches::Batch;
use crate::store::codes::CodeRow;
use crate::store::users::{self, User};
use crate::store::{imported, past_batches};

/// What was stored.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::actions) struct Stored {
    pub added: u64,
    pub disabled: u64,
    pub imported: u64,
    pub codes: u64,
    pub dead: u64,
    pub batches: u64,
    pub skipped: u64,
}

/// One person with what comes, and the hashes of what works.
pub(in crate::actions) type Ready<'a> = (&'a Candidate, Selected, Option<Draft>);

/// One transaction.
pub(in crate::actions) fn store(
    workspace: &mut Workspace,
    key: &KeyId,
    people: &[Ready<'_>],
) -> Result<Stored> {
    workspace.write(|tx| {
        key_standing::require_unretired(tx, tx.ring.current().id())?;
        django_key::note(tx, key)?;
        let mut done = Stored::default();
        for (candidate, selected, draft) in people {
            match holder(tx, candidate, selected)? {
                Some(user) => put(tx, &user, selected, draft.as_ref(), &mut done)?,
                None => done.skipped += 1,
            }
        }
        Ok(done)
    })
}

/// The user who gets them, who is added if need be; none where another program was first.
fn holder(tx: &Writing<'_>, candidate: &Candidate, selected: &Selected) -> Result<Option<User>> {
    for coming in &selected.coming {
        if was_taken_over(tx, &coming.past.name)? {
            return Ok(None);
        }
    }
    let entry = &candidate.entry;
    let Some(user) = users::by_name(tx, entry.name.as_str())? else {
        let mut user = add(tx, &entry.name, entry.email.as_ref(), None)?;
        if selected.is_disabled {
            switch(tx, &user, UserState::Disabled)?;
            user.state = UserState::Disabled;
        }
        return Ok(Some(user));
    };
    let has_active = |coming: &Coming| coming.past.state == BatchState::Active;
    let open = match selected.coming.iter().any(has_active) {
        true => open(tx, &user)?,
        false => None,
    };
    let is_another = |open: &Batch| Some(open.id) != selected.replaced;
    if user.state == UserState::Disabled || open.as_ref().is_some_and(is_another) {
        return Ok(None);
    }
    is_as_wanted(&user, entry.email.as_ref())?;
    tx.touch(&user)?;
    if let Some(batch) = open {
        supersede(tx, &batch)?;
    }
    Ok(Some(user))
}

fn put(
    tx: &Writing<'_>,
    user: &User,
    selected: &Selected,
    draft: Option<&Draft>,
    done: &mut Stored,
) -> Result<()> {
    let mut deed = Deed::new(Action::BatchImported).user(user.id, user.name.as_str());
    for coming in &selected.coming {
        put_batch(tx, user.id, coming, draft)?;
        if coming.past.state == BatchState::Active {
            deed = deed.batch(&coming.past.name);
        }
    }
    let last_used = selected.coming.iter().filter_map(Coming::last_used).max();
    if let Some(at) = last_used.filter(|at| user.last_used_at.is_none_or(|known| known < *at)) {
        users::set_last_used(tx, user.id, at)?;
    }
    let (live, dead) = (selected.live(), selected.dead());
    let all = selected.coming.len() as u64;
    let mut details = format!("{}, from {}", count(live, "code"), Elsewhere::Django.word());
    if dead > 0 || all > 1 {
        let dead = count(dead, "dead code");
        details.push_str(&format!("; with {dead}, in {}", count(all, "batch")));
    }
    tx.record(deed.details(details))?;
    done.added += u64::from(selected.is_new);
    done.disabled += u64::from(selected.is_disabled);
    done.imported += u64::from(live > 0);
    done.codes += live;
    done.dead += dead;
    done.batches += all;
    Ok(())
}

fn put_batch(tx: &Writing<'_>, user: UserId, coming: &Coming, draft: Option<&Draft>) -> Result<()> {
    let past = &coming.past;
    let batch = past_batches::insert(tx, user, past, Elsewhere::Django)?;
    imported::insert(tx, &past.name, past.used)?;
    if past.state == BatchState::Active {
        tx.issued(batch.clone());
    }
    let hashed = draft.filter(|draft| draft.name == past.name);
    let hashed = hashed
        .into_iter()
        .flat_map(|draft| draft.codes.iter().zip(&draft.hashes))
        .zip(&coming.hashed.1)
        .map(|((code, hash), end)| (code, *end, Some((hash.phc.clone(), hash.key.clone()))));
    let marked = coming.marked.iter().map(|(code, end)| (code, *end, None));
    for (position, (code, end, hash)) in (1..).zip(hashed.chain(marked)) {
        let (hash, key_id) = match hash {
            Some(hash) => hash,
            None => mark(tx, &batch, code, position),
        };
        put_code(tx, &batch, (position, code, end), (hash, key_id))?;
    }
    Ok(())
}

fn put_code(
    tx: &Writing<'_>,
    batch: &Batch,
    (position, code, end): (u32, &Code, End),
    (hash, key_id): (String, KeyId),
) -> Result<()> {
    let row = CodeRow {
        batch_id: batch.id,
        position: position.into(),
        hint: code.hint().to_owned(),
        state: end.state,
        ended_at: end.at,
        hash,
        key_id,
        salt: None,
    };
    past_batches::insert_code(tx, &row)?;
    if batch.state == BatchState::Active {
        tx.code_becomes(batch, &row);
    }
    Ok(())
}

/// What stands in the place of a hash: it tells the code from others, and opens nothing.
fn mark(tx: &Writing<'_>, batch: &Batch, code: &Code, position: u32) -> (String, KeyId) {
    let place = Place {
        batch: &batch.name,
        position: position.into(),
        reading: Elsewhere::Django.word(),
        expires_at: batch.expires_at,
    };
    let key = tx.ring.current();
    (used_mark(code, Some(&place), key), key.id().clone())
}
