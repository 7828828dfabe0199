//! Lines of a list that cannot be imported: the first of them, and how many more there are, so that memory
//! does not grow with a list of which nothing is right.

use crate::actions::users::columns::Refused;
use crate::error::Error;

/// So many are kept.
pub const KEPT: usize = 1000;

/// Such lines, or records of a dump.
#[derive(Debug, Default)]
pub struct Refusals {
    /// While lines are added up to twice as many as are kept, in any order.
    first: Vec<Refused>,
    more: u64,
}

impl Refusals {
    /// Adds a line.
    pub fn add(&mut self, line: u64, error: Error) {
        self.extend([Refused { line, error }]);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// The first of them, once all were added, in their order.
    pub fn sorted(mut self) -> Self {
        self.cut();
        self
    }

    fn cut(&mut self) {
        self.first.sort_by_key(|refused| refused.line);
        self.more += self.first.len().saturating_sub(KEPT) as u64;
        self.first.truncate(KEPT);
    }

    /// Those that are kept.
    pub fn first(&self) -> &[Refused] {
        &self.first
    }

    /// How many others there are.
    pub fn more(&self) -> u64 {
        self.more
    }
}

impl Extend<Refused> for Refusals {
    fn extend<T: IntoIterator<Item = Refused>>(&mut self, refused: T) {
        for refused in refused {
            self.first.push(refused);
            if self.first.len() >= 2 * KEPT {
                self.cut();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_first_are_kept_in_whatever_order_they_come_and_all_are_counted() {
        let mut refusals = Refusals::default();
        assert!(refusals.is_empty());
        // Odd lines in a first pass, even ones in a second.
        for line in (1..10_000).step_by(2).chain((2..=10_000).step_by(2)) {
            refusals.add(line, Error::new(Kind::Usage, "wrong"));
            assert!(refusals.first.len() < 2 * KEPT);
        }
        let refusals = refusals.sorted();
        let lines: Vec<u64> = refusals
            .first()
            .iter()
            .map(|refused| refused.line)
            .collect();
        assert_eq!(lines, (1..=KEPT as u64).collect::<Vec<_>>());
        assert_eq!(refusals.more(), 10_000 - KEPT as u64);
    }
}
