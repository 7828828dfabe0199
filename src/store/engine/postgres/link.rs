//! A connection to a server, asked step by step. The program waits for each answer, and for none
//! without an end.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::hash::{BuildHasher, RandomState};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Statement};

use super::super::row::Row as AnyRow;
use super::super::value::{Params, Value};
use super::ahead::{Ahead, Rows};
use super::said::Failure;
use super::text::numbered;
use super::value::{Given, both, type_of, typed};
use crate::error::Result;

/// How long anything may take that is asked; what reads the whole store takes a while.
const LONGEST: Duration = Duration::from_secs(900);

/// Rows that are fetched together.
const TOGETHER: u32 = 1000;

/// A change on its way.
type Pending =
    Pin<Box<dyn Future<Output = std::result::Result<u64, tokio_postgres::Error>> + Send>>;

/// Changes that may be on their way together.
const MOST_PENDING: usize = 200;

/// One connection.
pub struct Link {
    pub(super) client: Arc<Client>,
    runtime: Runtime,
    /// What was asked and is not waited for yet.
    pending: RefCell<Vec<Pending>>,
    /// Whether the server warned of something since that was last asked.
    pub(super) was_warned: Arc<AtomicBool>,
    /// How long a commit may take.
    pub(super) timeout: Duration,
    /// Whether it is meant that nobody else has what the server has.
    pub(super) is_alone: bool,
    pub(super) is_within: Cell<bool>,
    /// Whether what is asked may take its time: nobody waits to be let in.
    pub(super) is_patient: Cell<bool>,
    pub(super) is_over: Cell<bool>,
    cursors: Cell<u64>,
    pub(super) ahead: RefCell<Ahead>,
    /// How often each statement was asked.
    seen: RefCell<HashMap<u64, u32>>,
    kept: RefCell<HashMap<u64, Statement>>,
    hasher: RandomState,
}

/// Statements that are remembered: more than there are, but for those that hold what was asked.
const MOST_SEEN: usize = 4096;

/// Statements that are kept: more than any loop repeats.
const KEPT: usize = 64;

/// What is asked so often is asked again: to prepare a statement is one more question.
const OFTEN: u32 = 4;

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}

impl Link {
    /// A connection whose other end is driven by `runtime`.
    pub(super) fn new(
        (client, runtime): (Client, Runtime),
        was_warned: Arc<AtomicBool>,
        timeout: Duration,
        is_alone: bool,
    ) -> Self {
        Self {
            client: Arc::new(client),
            runtime,
            pending: RefCell::default(),
            was_warned,
            timeout,
            is_alone,
            is_within: Cell::new(false),
            is_patient: Cell::new(false),
            is_over: Cell::new(false),
            cursors: Cell::new(0),
            ahead: RefCell::default(),
            seen: RefCell::default(),
            kept: RefCell::default(),
            hasher: RandomState::new(),
        }
    }

    /// Waits for an answer, but not for ever: who does not answer in time is not asked again.
    pub(super) fn wait<T>(
        &self,
        limit: Duration,
        answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> std::result::Result<T, Failure> {
        if self.is_over.get() {
            return Err(Failure::Late);
        }
        let pending = self.pending.take();
        tracing::debug!("the server is asked");
        let answered = self.runtime.block_on(async {
            let mut answer = pin!(answer);
            // Asked first, and waited for last: answers come in the order of the questions.
            let at_once = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
            tokio::time::timeout(limit, async {
                for change in pending {
                    change.await?;
                }
                match at_once {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => answer.await,
                }
            })
            .await
        });
        let failure = match answered {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => Failure::Said(error),
            Err(_) => Failure::Late,
        };
        if failure.is_end() {
            self.is_over.set(true);
        }
        Err(failure)
    }

    /// How long a statement may take.
    pub(super) fn limit(&self) -> Duration {
        match self.is_patient.get() {
            true => LONGEST,
            false => self.timeout * 3,
        }
    }

    /// Statements without parameters, one after the other.
    pub(in crate::store::engine) fn batch(&self, sql: &str) -> Result<()> {
        self.ahead.borrow_mut().forget();
        Ok(self.wait(self.limit(), self.client.batch_execute(sql))?)
    }

    /// A statement that is asked often is prepared.
    fn prepared(&self, sql: &str, types: &[Type]) -> Result<Option<Statement>> {
        let key = self.hasher.hash_one((sql, types));
        if let Some(statement) = self.kept.borrow().get(&key) {
            return Ok(Some(statement.clone()));
        }
        if self.seen.borrow().len() > MOST_SEEN {
            self.seen.borrow_mut().clear();
        }
        let mut seen = self.seen.borrow_mut();
        let times = seen.entry(key).or_default();
        *times += 1;
        if *times < OFTEN || self.kept.borrow().len() >= KEPT {
            return Ok(None);
        }
        drop(seen);
        let statement = self.wait(self.limit(), self.client.prepare_typed(sql, types))?;
        self.kept.borrow_mut().insert(key, statement.clone());
        Ok(Some(statement))
    }

    fn ask(&self, sql: &str, params: Params<'_>) -> Result<Rows> {
        let (sql, values) = numbered(sql, params);
        if let Some(rows) = self.known(&sql, &values)? {
            return Ok(rows);
        }
        let (given, types) = typed(&values);
        let answer = match self.prepared(&sql, &types)? {
            Some(statement) => {
                let given = given.iter().map(|given| given as &(dyn ToSql + Sync));
                let given: Vec<_> = given.collect();
                self.wait(self.limit(), self.client.query(&statement, &given))
            }
            None => self.wait(
                self.limit(),
                self.client.query_typed(&sql, &both(&given, &types)),
            ),
        };
        Ok(Rows::new(answer?))
    }

    /// See [`super::super::Connection::maybe`].
    pub(in crate::store::engine) fn maybe<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnOnce(AnyRow<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let rows = self.ask(sql, params)?;
        rows.first()
            .map(|row| read(AnyRow::of_postgres(row)))
            .transpose()
    }

    /// All rows at once.
    pub(in crate::store::engine) fn all(
        &self,
        sql: &str,
        params: Params<'_>,
        mut visit: impl FnMut(AnyRow<'_>) -> Result<bool>,
    ) -> Result<()> {
        for row in self.ask(sql, params)?.iter() {
            visit(AnyRow::of_postgres(row))?;
        }
        Ok(())
    }

    /// See [`super::super::Connection::walk`]. A cursor, which lives in a transaction, holds the place.
    pub(in crate::store::engine) fn walk(
        &self,
        sql: &str,
        params: Params<'_>,
        mut visit: impl FnMut(AnyRow<'_>) -> Result<bool>,
    ) -> Result<()> {
        if self.ahead.borrow().is_noting() {
            return Ok(());
        }
        let own = match self.is_within.get() {
            true => None,
            false => Some(self.begin_reading()?),
        };
        let cursor = format!("walk_{}", self.cursors.get());
        self.cursors.set(self.cursors.get() + 1);
        let (sql, values) = numbered(sql, params);
        let (given, types) = typed(&values);
        let declare = format!("DECLARE {cursor} NO SCROLL CURSOR FOR {sql}");
        self.wait(
            LONGEST,
            self.client.execute_typed(&declare, &both(&given, &types)),
        )?;
        let fetch = format!("FETCH FORWARD {TOGETHER} FROM {cursor}");
        'walk: loop {
            let rows = self.wait(LONGEST, self.client.query_typed(&fetch, &[]))?;
            for row in &rows {
                if !visit(AnyRow::of_postgres(row))? {
                    break 'walk;
                }
            }
            if rows.len() < TOGETHER as usize {
                break;
            }
        }
        match own {
            Some(open) => drop(open),
            None => self.batch(&format!("CLOSE {cursor}"))?,
        }
        Ok(())
    }

    /// See [`super::super::Transaction::execute`].
    pub(in crate::store::engine) fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        let (sql, values) = numbered(sql, params);
        self.forget_changed(&sql);
        let (given, types) = typed(&values);
        let changed = match self.prepared(&sql, &types)? {
            Some(statement) => {
                let given = given.iter().map(|given| given as &(dyn ToSql + Sync));
                let given: Vec<_> = given.collect();
                self.wait(self.limit(), self.client.execute(&statement, &given))
            }
            None => self.wait(
                self.limit(),
                self.client.execute_typed(&sql, &both(&given, &types)),
            ),
        };
        Ok(changed?)
    }

    /// See [`super::super::Transaction::change`]. It is sent and not waited for: that it went wrong is
    /// said by what is asked next, at the latest by the commit.
    pub(in crate::store::engine) fn change(&self, sql: &str, params: Params<'_>) -> Result<()> {
        if self.pending.borrow().len() >= MOST_PENDING || self.is_over.get() {
            return self.execute(sql, params).map(drop);
        }
        let (sql, values) = numbered(sql, params);
        self.forget_changed(&sql);
        let values: Vec<Value<'static>> = values.into_iter().map(Value::to_owned).collect();
        let types: Vec<Type> = values.iter().map(type_of).collect();
        let statement = self.prepared(&sql, &types)?;
        let client = Arc::clone(&self.client);
        let mut change: Pending = Box::pin(async move {
            let given: Vec<Given<'_>> = values.iter().map(Given).collect();
            match statement {
                Some(statement) => {
                    let given = given.iter().map(|given| given as &(dyn ToSql + Sync));
                    let given: Vec<_> = given.collect();
                    client.execute(&statement, &given).await
                }
                None => client.execute_typed(&sql, &both(&given, &types)).await,
            }
        });
        let sent = self.runtime.block_on(poll_fn(|context| {
            Poll::Ready(change.as_mut().poll(context))
        }));
        match sent {
            Poll::Pending => self.pending.borrow_mut().push(change),
            Poll::Ready(done) => drop(done.map_err(Failure::Said)?),
        }
        Ok(())
    }
}
