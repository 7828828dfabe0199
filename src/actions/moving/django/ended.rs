//! What became of codes in the Django application.

use std::collections::HashSet;

use crate::model::django::{self, Batch};
use crate::model::state::{BatchState, CodeState};
use crate::model::time::Timestamp;

/// What became of a code, and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::actions) struct End {
    pub state: CodeState,
    pub at: Option<Timestamp>,
}

/// What became of a code. Those that were left when a batch was superseded are invalidated, as they are
/// when that happens here.
pub(super) fn end(
    row: &django::Code,
    (batch, ended_at): (BatchState, Option<Timestamp>),
    within: impl Fn(Timestamp) -> Timestamp,
) -> End {
    let with_its_batch = match row.state {
        CodeState::Active => true,
        CodeState::Deleted => !row.is_by_hand && batch == BatchState::Superseded,
        CodeState::Used | CodeState::Invalidated => false,
    };
    let state = match batch {
        BatchState::Superseded if with_its_batch => CodeState::Invalidated,
        BatchState::Deleted if with_its_batch => CodeState::Deleted,
        _ => row.state,
    };
    let at = match with_its_batch {
        true => ended_at.unwrap_or(row.changed_at),
        false => row.changed_at,
    };
    End {
        state,
        at: (state != CodeState::Active).then(|| within(at)),
    }
}

/// Codes that never work again, wherever they stand: a dump may tell of one twice, and then that counts.
pub(super) fn over<'a>(batches: &[&'a Batch]) -> HashSet<&'a str> {
    let codes = batches.iter().flat_map(|batch| &batch.codes);
    let over = codes.filter(|code| is_over(code));
    over.map(|code| code.look_up_hash.as_str()).collect()
}

/// Whether it never works again.
pub(super) fn is_over(code: &django::Code) -> bool {
    !matches!(code.state, CodeState::Active | CodeState::Invalidated)
}
