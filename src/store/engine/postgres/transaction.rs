//! Transactions on a server: how one's turn is taken, and what a commit must be before it is a yes.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use tokio_postgres::SimpleQueryMessage;

use super::super::moved::{Even, require_here};
use super::super::tentative::Durable;
use super::link::Link;
use super::said::{alone, in_doubt, standby, unreachable, unsettled};
use crate::error::{Error, Result};

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
             SET LOCAL synchronous_commit = off;
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

    /// Waits until everything that could be read so far is durable.
    ///
    /// # Errors
    /// [`crate::error::Kind::InDoubt`].
    pub(in crate::store::engine) fn settle(&self) -> Result<()> {
        self.was_warned.store(false, Ordering::SeqCst);
        let settled = self.wait(self.timeout, self.client.batch_execute(CONFIRM));
        match settled {
            Ok(()) if !self.was_warned.load(Ordering::SeqCst) => Ok(()),
            Ok(()) => Err(unsettled()),
            Err(failure) => Err(unsettled().because(Error::from(failure))),
        }
    }

    /// How long a writer waits for its turn before it says that the store is locked: whoever has it may wait
    /// for a standby that is gone, and who logs in is told so rather than kept. As long the server keeps
    /// the turn for somebody who says nothing any more, such as a host whose network was cut; nothing
    /// takes its time between two statements.
    fn patience(&self) -> Duration {
        self.timeout * 2
    }

    /// Commits, which gives the next one the turn, and waits until that is durable: whoever writes does not wait
    /// for the standby of everybody before.
    fn commit(&self, durable: Durable) -> Result<()> {
        self.was_warned.store(false, Ordering::SeqCst);
        let client = &self.client;
        let done = async {
            let mut committed = pin!(client.batch_execute(COMMIT));
            let mut confirmed = pin!(client.batch_execute(CONFIRM));
            // Whoever empties the list of standbys meanwhile lets go those who wait, without a word.
            let mut standbys = pin!(client.query_typed(STANDBYS, &[]));
            if durable == Durable::WithTheNext {
                committed.await?;
                return Ok(Waited::AsItWas);
            }
            // All three are asked before the first is waited for.
            let at_once = poll_fn(|context| {
                let committed = committed.as_mut().poll(context);
                let confirmed = confirmed.as_mut().poll(context);
                Poll::Ready((committed, confirmed, standbys.as_mut().poll(context)))
            });
            let at_once = at_once.await;
            rest(at_once.0, committed).await?;
            // From here on it is done, and what matters is what it waited for.
            let confirmed = rest(at_once.1, confirmed).await;
            let rows = rest(at_once.2, standbys).await;
            let names: Option<String> = rows.ok().and_then(|rows| rows.first()?.try_get(0).ok());
            Ok(match (confirmed, names) {
                (Ok(()), Some(names)) if names.is_empty() => Waited::ForNobody,
                (Ok(()), Some(_)) => Waited::ForStandbys,
                _ => Waited::Unknown,
            })
        };
        match self.wait(self.timeout, done) {
            Ok(Waited::AsItWas) => Ok(()),
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

/// Ends a transaction that was not given up: such a one refuses the first of these, where the second alone
/// would end it as if nothing were wrong.
const COMMIT: &str = "SET LOCAL synchronous_commit = off; COMMIT";

/// Waits until everything before is on the disks of this server and of those that it waits for: logs are
/// written and sent in order, and this writes what says nothing into it.
const CONFIRM: &str = "BEGIN; SET LOCAL synchronous_commit = remote_apply;
     SELECT pg_logical_emit_message(true, 'recovery-codes', ''); COMMIT";

const STANDBYS: &str = "SELECT current_setting('synchronous_standby_names')";

/// What is left of an answer that was not there at once.
async fn rest<T>(at_once: Poll<T>, answer: Pin<&mut impl Future<Output = T>>) -> T {
    match at_once {
        Poll::Ready(answer) => answer,
        Poll::Pending => answer.await,
    }
}

/// For whom a commit waited.
enum Waited {
    /// For nobody, which was wanted.
    AsItWas,
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
