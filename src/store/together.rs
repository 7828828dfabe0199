//! Statements over many batches at once, by their numbers.

use std::sync::LazyLock;

use super::engine::Value;

/// Batches that one statement takes at a time.
pub(super) const TOGETHER: usize = 100;

/// SQL: the numbers that [`and_ids`] binds behind one other value.
pub(super) static IDS: LazyLock<String> = LazyLock::new(|| {
    let numbers: Vec<String> = (2..TOGETHER + 2).map(|place| format!("?{place}")).collect();
    numbers.join(", ")
});

/// One value and the numbers of up to [`TOGETHER`] batches. The last is repeated until all
/// places are filled, so that there is one text for all chunks.
pub(super) fn and_ids(first: i64, ids: &[i64]) -> Vec<Value<'static>> {
    let last = ids.last().copied();
    let filling = std::iter::repeat_n(last.unwrap_or(0), TOGETHER - ids.len());
    std::iter::once(first)
        .chain(ids.iter().copied())
        .chain(filling)
        .map(Value::Integer)
        .collect()
}
