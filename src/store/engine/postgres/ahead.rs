//! What will be asked soon, and what was answered to it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::Row;

use super::super::value::Value;

/// The rows of an answer.
pub(super) type Rows = Arc<Vec<Row>>;

/// A statement as the server reads it, and what it is given.
#[derive(Clone)]
pub(super) struct Question {
    pub sql: String,
    pub values: Vec<Value<'static>>,
}

impl Question {
    fn is(&self, sql: &str, values: &[&Value<'_>]) -> bool {
        self.sql == sql
            && self.values.len() == values.len()
            && self
                .values
                .iter()
                .zip(values)
                .all(|(own, value)| own == *value)
    }
}

/// A question, and how often it was noted.
pub(super) type Noted = (Question, u32);

/// What is to be asked with the next question, and what the server answered.
///
/// An answer is never older than what it is given for: in a transaction it belongs to the one state that is
/// read there, until a change of a table that the question names; outside, it is given as often as the
/// question was noted, to nobody once something else was asked, and not for long: people think while they type.
#[derive(Default)]
pub(super) struct Ahead {
    /// Whether questions are noted and not asked.
    is_noting: bool,
    noted: Vec<Noted>,
    answers: Vec<(Question, u32, Rows)>,
    answered_at: Option<Instant>,
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}

/// So long an answer is given outside a transaction.
const FRESH: Duration = Duration::from_secs(1);

/// Tables of which a deleted row takes rows of others along.
const PARENTS: [&str; 4] = ["users", "batches", "tasks", "purges"];

impl Ahead {
    /// Whether questions are noted from now on and not asked.
    pub(super) fn is_noting(&self) -> bool {
        self.is_noting
    }

    pub(super) fn set_noting(&mut self, is_noting: bool) {
        self.is_noting = is_noting;
    }

    /// Notes a question.
    pub(super) fn note(&mut self, sql: &str, values: &[&Value<'_>]) {
        let known = self
            .noted
            .iter_mut()
            .find(|(known, _)| known.is(sql, values));
        if let Some((_, times)) = known {
            *times += 1;
            return;
        }
        let question = Question {
            sql: sql.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        self.noted.push((question, 1));
    }

    /// Whether a question is noted.
    pub(super) fn is_noted(&self, sql: &str, values: &[&Value<'_>]) -> bool {
        self.noted.iter().any(|(known, _)| known.is(sql, values))
    }

    /// What is noted; it is to be asked now.
    pub(super) fn noted(&mut self) -> Vec<Noted> {
        std::mem::take(&mut self.noted)
    }

    /// Keeps an answer.
    pub(super) fn put(&mut self, (question, times): Noted, rows: Rows) {
        self.answers.push((question, times, rows));
        self.answered_at = Some(Instant::now());
    }

    /// What is known of the answer to a question, in a transaction or outside.
    pub(super) fn take(
        &mut self,
        sql: &str,
        values: &[&Value<'_>],
        is_within: bool,
    ) -> Option<Rows> {
        let is_fresh = self.answered_at.is_some_and(|at| at.elapsed() < FRESH);
        if !is_within && !is_fresh {
            self.forget();
        }
        let place = self
            .answers
            .iter()
            .position(|(known, _, _)| known.is(sql, values))?;
        let (_, times, rows) = self.answers.get_mut(place)?;
        let rows = Arc::clone(rows);
        if !is_within {
            *times -= 1;
            if *times == 0 {
                self.answers.swap_remove(place);
            }
        }
        Some(rows)
    }

    /// Forgets what was answered.
    pub(super) fn forget(&mut self) {
        self.answers.clear();
    }

    /// Forgets what this statement may change.
    pub(super) fn forget_changed(&mut self, sql: &str) {
        match changed(sql) {
            Some(("DELETE FROM", table)) if PARENTS.contains(&table) => self.forget(),
            Some((_, table)) => self
                .answers
                .retain(|(question, _, _)| !names(&question.sql, table)),
            None => self.forget(),
        }
    }
}

/// What a statement does, and to which table; none for one that does neither.
pub(super) fn changed(sql: &str) -> Option<(&'static str, &str)> {
    let sql = sql.trim_start();
    ["INSERT INTO", "UPDATE", "DELETE FROM"]
        .into_iter()
        .find_map(|verb| {
            let rest = sql.strip_prefix(verb)?.trim_start();
            Some((verb, words(rest).next()?))
        })
}

fn names(sql: &str, table: &str) -> bool {
    words(sql).any(|word| word == table)
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    sql.split(move |c| !is_part(c))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_changes_is_told_by_its_text() {
        for (sql, told) in [
            (
                "INSERT INTO audit_head (id) VALUES (1)",
                Some(("INSERT INTO", "audit_head")),
            ),
            (" UPDATE codes SET x = 1", Some(("UPDATE", "codes"))),
            ("DELETE FROM limiters", Some(("DELETE FROM", "limiters"))),
            ("SELECT 1 FROM codes", None),
        ] {
            assert_eq!(changed(sql), told, "{sql}");
        }
        assert!(names("SELECT b.id FROM batches b", "batches"));
        assert!(!names("SELECT 1 FROM audit_head", "audit"));
    }

    #[test]
    fn an_answer_is_given_until_what_it_tells_of_changes() {
        let mut ahead = Ahead::default();
        let one = Value::Integer(1);
        let of = |table: &str| format!("SELECT * FROM {table} WHERE id = $1");
        let fill = |ahead: &mut Ahead| {
            ahead.forget();
            for table in ["codes", "audit_head", "users"] {
                let values = vec![one.to_owned()];
                let sql = of(table);
                ahead.put((Question { sql, values }, 1), Arc::default());
            }
        };
        let has = |ahead: &mut Ahead, table| ahead.take(&of(table), &[&one], true).is_some();
        fill(&mut ahead);
        assert!(
            ahead
                .take(&of("codes"), &[&Value::Integer(2)], true)
                .is_none()
        );
        ahead.forget_changed("UPDATE codes SET state = 'used'");
        assert!(!has(&mut ahead, "codes") && has(&mut ahead, "users"));
        ahead.forget_changed("INSERT INTO audit (number) VALUES (1)");
        assert!(has(&mut ahead, "audit_head"));
        ahead.forget_changed("DELETE FROM limiters");
        assert!(has(&mut ahead, "users"));
        ahead.forget_changed("DELETE FROM purges WHERE id = 1");
        assert!(!has(&mut ahead, "users") && !has(&mut ahead, "audit_head"));
        // Outside a transaction each is given as often as it was noted.
        fill(&mut ahead);
        assert!(ahead.take(&of("users"), &[&one], false).is_some());
        assert!(ahead.take(&of("users"), &[&one], false).is_none());
        fill(&mut ahead);
        ahead.answered_at = Instant::now().checked_sub(FRESH);
        assert!(ahead.take(&of("codes"), &[&one], false).is_none());
        fill(&mut ahead);
        ahead.forget_changed("TRUNCATE codes");
        assert!(ahead.answers.is_empty());
    }

    #[test]
    fn every_table_whose_rows_take_others_along_is_known() {
        let made = include_str!("../../../../migrations/postgres/schema.txt");
        let mut parents: Vec<&str> = made
            .lines()
            .filter(|line| line.contains("ON DELETE CASCADE"))
            .filter_map(|line| words(line.split_once("REFERENCES ")?.1).next())
            .collect();
        parents.sort_unstable();
        parents.dedup();
        let mut known = PARENTS;
        known.sort_unstable();
        assert_eq!(parents, known);
    }
}
