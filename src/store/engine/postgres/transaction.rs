//! Transactions on a server: how one's turn is taken, and what a commit must be before it is a yes.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use tokio_postgres::SimpleQueryMessage;

use super::super::moved::{Even, require_here};
use super::super::tentative::Durable;
use super::link::Link;
use super::said::{alone, in_doubt, standby, unreachable};
use crate::error::Result;

impl Link {
    /// Begins to read one unchanging state.
    pub(super) fn begin_reading(&self) -> Result<Open<'_>> {
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        self.is_patient.set(true);
        Ok(Open::new(self))
    }

    /// Waits for one's turn and begins to write. Whoever writes takes the turn first, so everything that
    /// is read from there on is what the last one left; and it stays so: what somebody changes meanwhile who
    /// takes no turn is not seen, and whoever writes to it is refused. What is needed for the promise is said to the
    /// server in each transaction: whoever stands between may give each to another connection of theirs.
    pub(super) fn begin_writing(&self, even: Even, durable: Durable) -> Result<Open<'_>> {
        // Who moves a store waits between two statements for what the other engine does.
        let silence = match even {
            Even::Here => self.patience(),
            Even::Moved => Duration::ZERO,
        };
        let (mut open, moved_to) = self.begin(
            ("REPEATABLE READ", silence),
            "LOCK TABLE turn IN EXCLUSIVE MODE;",
            "(SELECT moved_to FROM store WHERE id = 1)",
        )?;
        if even == Even::Here {
            require_here(moved_to)?;
        }
        open.durable = durable;
        Ok(open)
    }

    /// The same where there may be nothing yet in which to wait for one's turn.
    pub(super) fn begin_making(&self) -> Result<Open<'_>> {
        self.is_patient.set(true);
        Ok(self
            .begin(("READ COMMITTED", Duration::ZERO), "", "NULL")?
            .0)
    }

    fn begin(
        &self,
        (isolation, silence): (&str, Duration),
        turn: &str,
        moved_to: &str,
    ) -> Result<(Open<'_>, Option<String>)> {
        let (patience, silence) = (self.patience().as_millis(), silence.as_millis());
        let begin = format!(
            "BEGIN ISOLATION LEVEL {isolation} READ WRITE;
             SET LOCAL synchronous_commit = remote_apply;
             SET LOCAL client_min_messages = warning;
             SET LOCAL lock_timeout = {patience};
             SET LOCAL idle_in_transaction_session_timeout = {silence};
             {turn}
             SELECT current_setting('synchronous_standby_names'), pg_is_in_recovery(), {moved_to}"
        );
        self.ahead.borrow_mut().forget();
        let answers = self.with_noted(
            self.timeout + self.patience(),
            self.client.simple_query(&begin),
            true,
        );
        // Also an error leaves a transaction behind.
        let open = Open::new(self);
        let answers = answers?;
        let answer = answers.iter().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => {
                Some((row.get(0)?, row.get(1)?, row.get(2).map(str::to_owned)))
            }
            _ => None,
        });
        match answer {
            Some((_, "t", _)) => Err(standby()),
            Some(("", _, _)) if !self.is_alone => Err(alone()),
            Some((_, _, moved_to)) => Ok((open, moved_to)),
            None => Err(unreachable(
                "the server of the store does not say what it is",
            )),
        }
    }

    /// How long a writer waits for its turn before it says that the store is locked: whoever has it may wait
    /// for a standby that is gone, and who logs in is told so rather than kept. As long the server keeps
    /// the turn for somebody who says nothing any more, such as a host whose network was cut; nothing
    /// takes its time between two statements.
    fn patience(&self) -> Duration {
        self.timeout * 2
    }

    fn commit(&self, durable: Durable) -> Result<()> {
        self.was_warned.store(false, Ordering::SeqCst);
        let client = &self.client;
        // Nobody is told of it, so it is all the same whom it waited for.
        let (level, is_told) = match durable {
            Durable::AtOnce => ("remote_apply", true),
            Durable::WithTheNext => ("off", false),
        };
        // Whoever empties the list of standbys meanwhile lets go those who wait, without a word.
        let done = async {
            let standbys =
                client.query_typed("SELECT current_setting('synchronous_standby_names')", &[]);
            // A transaction that was given up is refused here, where a commit alone would end it as if
            // nothing were wrong.
            let commit = format!("SET LOCAL synchronous_commit = {level}; COMMIT");
            let (mut committed, mut standbys) =
                (pin!(client.batch_execute(&commit)), pin!(standbys));
            let at_once = poll_fn(|context| {
                let committed = committed.as_mut().poll(context);
                Poll::Ready((committed, standbys.as_mut().poll(context)))
            });
            let (committed_at_once, standbys_at_once) = at_once.await;
            match committed_at_once {
                Poll::Ready(done) => done?,
                Poll::Pending => committed.await?,
            }
            let rows = match standbys_at_once {
                Poll::Ready(rows) => rows,
                Poll::Pending => standbys.await,
            };
            let names: Option<String> = rows.ok().and_then(|rows| rows.first()?.try_get(0).ok());
            Ok(match names {
                Some(names) if names.is_empty() => Waited::ForNobody,
                Some(_) => Waited::ForStandbys,
                // It is done, and what it waited for is not known.
                None => Waited::Unknown,
            })
        };
        match self.wait(self.timeout, done) {
            Ok(_) if !is_told => Ok(()),
            Ok(Waited::Unknown) => Err(in_doubt(None)),
            Ok(Waited::ForNobody) if !self.is_alone => Err(in_doubt(None)),
            // Whoever cancels the wait for a standby is told of a commit, and of this beside it.
            Ok(_) if self.was_warned.load(Ordering::SeqCst) => Err(in_doubt(None)),
            Ok(_) => Ok(()),
            Err(failure) if failure.is_in_doubt() => {
                self.is_over.set(true);
                Err(in_doubt(Some(failure)))
            }
            Err(failure) => Err(failure.into()),
        }
    }
}

/// For whom a commit waited.
enum Waited {
    ForStandbys,
    ForNobody,
    Unknown,
}

/// A transaction that has begun; it is rolled back unless it is committed.
#[derive(Debug)]
pub struct Open<'l> {
    link: &'l Link,
    durable: Durable,
    /// Whether it was committed.
    is_committed: bool,
}

impl<'l> Open<'l> {
    fn new(link: &'l Link) -> Self {
        link.is_within.set(true);
        Self {
            link,
            durable: Durable::AtOnce,
            is_committed: false,
        }
    }

    /// Ends it; what it did is durable from here on.
    pub(in crate::store::engine) fn commit(mut self) -> Result<()> {
        // What was refused is still to be rolled back.
        self.link.commit(self.durable)?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.link.ahead.borrow_mut().forget();
        self.link.is_within.set(false);
        self.link.is_patient.set(false);
        if !self.is_committed && !self.link.is_over.get() {
            let _ = self.link.wait(
                self.link.timeout,
                self.link.client.batch_execute("ROLLBACK"),
            );
        }
    }
}
